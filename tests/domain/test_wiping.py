"""Wiping happens in place: whoever else holds the buffer sees zeros."""

from __future__ import annotations

from iies_tui.domain.wiping import wipe


def test_every_byte_is_overwritten_in_place() -> None:
    secret = bytearray(b"48151623")
    view = memoryview(secret)
    wipe(secret)
    assert bytes(view) == bytes(8)


def test_nothing_is_wiped_as_well() -> None:
    secret = bytearray()
    wipe(secret)
    assert secret == b""
