"""The signed head of a trail's Merkle tree: a C2SP checkpoint in a C2SP signed note.

By c2sp.org/tlog-checkpoint the text is three lines: origin, number of rows, root in base64; by
c2sp.org/signed-note a blank line follows, and a line ``— name base64(key id ‖ signature)``. Ours
have exactly one signature line, whose name is the origin. Byte by byte: ``docs/trail.md``.

The key also signs COSE structures (cards, checkpoints). None of them can be a note's text, nor the
other way round: a Sig_structure begins with byte 0x84 (an array of four), a text with ``i``, 0x69.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from iies_tui.domain.serial import crockford
from iies_tui.domain.trail import Note

PREFIX = "iies-trail/"
ED25519 = b"\x01"
"""The signature type of c2sp.org/signed-note."""

MAX_NOTE = 300
"""Bytes; a note of a trail with 2**63 rows has 291."""

_NOTE = re.compile(
    rb"(?P<origin>iies-trail/[A-Za-z0-9_-]{43}/[0-9A-HJKMNP-TV-Z]{8})\n"
    rb"(?P<size>[1-9][0-9]{0,18})\n"
    rb"(?P<root>[A-Za-z0-9+/]{43}=)\n"
    rb"\n\xe2\x80\x94 (?P=origin) (?P<signed>[A-Za-z0-9+/]{91}=)\n"
)


class NoteSigner(Protocol):
    """An issuer's keys, as far as a note needs them."""

    @property
    def kid(self) -> bytes: ...

    @property
    def public(self) -> bytes: ...

    def sign(self, message: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class TreeHead:
    """What a note states. ``size`` in rows, ``root`` 32 bytes."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> bytes:
        """The exact bytes that are signed, the last newline included."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n".encode()


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A note whose form is right; nothing in it is proven. ``key_id`` 4 bytes, ``signature`` 64."""

    head: TreeHead
    key_id: bytes
    signature: bytes

    @property
    def encoded(self) -> bytes:
        line = f"— {self.head.origin} {_base64(self.key_id + self.signature)}\n"
        return self.head.text + b"\n" + line.encode()

    def is_of(self, public: bytes, verify: Callable[[bytes, bytes, bytes], bool]) -> bool:
        """True where that key signed it. ``verify(public, signature, message)``."""
        named = self.key_id == key_id(self.head.origin, public)
        return named and verify(public, self.signature, self.head.text)


def origin(first: bytes, epoch: bytes) -> str:
    """The log's name: ``first`` is row 1's hash, ``epoch`` the 5 bytes of the newest epoch row."""
    chain = base64.urlsafe_b64encode(first).rstrip(b"=").decode()
    return f"{PREFIX}{chain}/{crockford(int.from_bytes(epoch, 'big'), 8)}"


def key_id(name: str, public: bytes) -> bytes:
    """The four bytes by which a signature line names an Ed25519 key (c2sp.org/signed-note)."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def sign(head: TreeHead, keys: NoteSigner) -> Note:
    """The issuer's note over this head."""
    name = key_id(head.origin, keys.public)
    return Note(head.size, keys.kid, SignedHead(head, name, keys.sign(head.text)).encoded)


def parse(data: bytes) -> SignedHead:
    """The note that these bytes are, in its one form. Raise ValueError."""
    match = _NOTE.fullmatch(data) if len(data) <= MAX_NOTE else None
    if match is None:
        raise ValueError("not a note of a trail")
    signed = base64.b64decode(match["signed"], validate=True)
    root = base64.b64decode(match["root"], validate=True)
    head = TreeHead(match["origin"].decode(), int(match["size"]), root)
    found = SignedHead(head, signed[:4], signed[4:])
    chain = match["origin"].split(b"/")[1]
    again = base64.urlsafe_b64encode(base64.urlsafe_b64decode(chain + b"=")).rstrip(b"=")
    if found.encoded != data or again != chain:  # base64 whose last bits say nothing
        raise ValueError("not the one encoding of a note")
    return found


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
