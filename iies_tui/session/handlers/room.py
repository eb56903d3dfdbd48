"""What the handlers share: the services, who is signed on, and the shape of a call."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.issuance.deliver import Delivered
from iies_tui.issuance.issue import OPTIONS, void_open_intents
from iies_tui.issuance.ports import RegisterEntry
from iies_tui.issuance.sign_on import SignedOnIssuer
from iies_tui.session import infos, protocol
from iies_tui.session.services import Services

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Call:
    """One request with its secrets; ``progress(step, done, total)`` tells on the way."""

    body: Any
    secrets: tuple[bytearray, ...]
    progress: Progress


Handler = Callable[[Call], object]


@dataclass(slots=True)
class Room:
    """One session: at most one issuer is signed on. ``interrupted``: cards a crash made VOID."""

    services: Services
    begin: Callable[[float, float], None]
    issuer: SignedOnIssuer | None = None
    interrupted: int = field(init=False)

    def __post_init__(self) -> None:
        self.interrupted = void_open_intents(self.services.trail)

    def signed_on(self) -> SignedOnIssuer:
        """Refused ``not_signed_on``."""
        if self.issuer is None:
            raise Refused("not_signed_on")
        return self.issuer


def secret(call: Call, number: int) -> bytearray:
    """The call's n-th secret; the worker wipes it when the call is over."""
    if len(call.secrets) <= number:
        raise MachineFailed("unexpected", kind="secret", place=type(call.body).__name__)
    return call.secrets[number]


def options_of(issuer: SignedOnIssuer) -> dict[str, str]:
    """The issuer's Options by name."""
    return dict(json.loads(issuer.register.setting(OPTIONS) or "{}"))


def entry_of(issuer: SignedOnIssuer, serial: str) -> RegisterEntry:
    """A card of the register. Refused ``no_such_card``."""
    entry = issuer.register.get(serial)
    if entry is None:
        raise Refused("no_such_card", serial=serial)
    return entry


def told(delivered: Delivered) -> protocol.CardState:
    """A card after a step of its delivery, with what is to be said about it."""
    reasons = [*delivered.reasons, *([delivered.failure] if delivered.failure else [])]
    return protocol.CardState(infos.card(delivered.entry, reasons=reasons))
