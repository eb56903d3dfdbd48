"""What every frame has, and what makes a message a request."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ForwardRef, Generic, TypeVar, get_args, get_origin

VERSION = 1
MAX_FRAME = 16 * 1024 * 1024
"""Bytes; a longer frame ends the session."""

Json = dict[str, object]
"""A JSON object: a request (``docs/commands.md``), or a form's raw strings."""

Body = TypeVar("Body", bound="Request[Any]")
Reply = TypeVar("Reply")


class Request(Generic[Reply]):
    """A message that is answered by one ``Reply``, or by ``Failed``."""

    __slots__ = ()

    @classmethod
    def reply_type(cls) -> type[Reply]:
        """The class of the one reply, as ``class Check(Request["Checked"])`` names it."""
        (base,) = (one for one in getattr(cls, "__orig_bases__", ()) if get_origin(one) is Request)
        (named,) = get_args(base)
        if isinstance(named, ForwardRef):
            named = vars(sys.modules[cls.__module__])[named.__forward_arg__]
        found: type[Reply] = named
        return found

    @classmethod
    def by(cls: type[Body], handler: Callable[[Call[Body]], Reply]) -> tuple[type[Body], Handler]:
        """An entry of a table of handlers: ``handler`` takes this request and gives its reply."""
        return cls, handler


@dataclass(frozen=True, slots=True)
class Call(Generic[Body]):
    """One request with its secrets; ``progress(step, done, total)`` tells on the way."""

    body: Body
    secrets: tuple[bytearray, ...]
    progress: Callable[[str, int, int], None]


Handler = Callable[[Call[Any]], Any]
