"""Signed notes: one form, one key, one text; and never another signature's bytes."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from iies_tui.adapters.barcode import envelope
from iies_tui.adapters.barcode.profile_open import OpenProfile
from iies_tui.adapters.encoding import ed25519
from iies_tui.domain import note
from iies_tui.domain.note import TreeHead
from iies_tui.domain.trail import Checkpoint, Event, TrailRow
from tests.support import trust_samples

KEYS = trust_samples.issuer_keys()
ORIGIN = note.origin(bytes(range(32)), (0xE2FE3EE721).to_bytes(5, "big"))
HEAD = TreeHead(ORIGIN, 13, bytes(range(32)))
NOTE = note.sign(HEAD, KEYS)
heads = st.builds(
    TreeHead,
    st.builds(note.origin, st.binary(min_size=32, max_size=32), st.binary(min_size=5, max_size=5)),
    st.integers(1, 2**63 - 1),
    st.binary(min_size=32, max_size=32),
)


def test_its_bytes() -> None:
    name = "iies-trail/AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8/WBZ3XSS1"
    text = f"{name}\n13\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
    assert HEAD.text == text.encode()
    before, line = NOTE.signed.decode().split("\n\n")
    assert before + "\n" == text
    assert line.startswith(f"— {name} ") and line.endswith("\n")
    signed = base64.b64decode(line.split(" ")[2])
    assert len(signed) == 68 and ed25519.verify(KEYS.public, signed[4:], text.encode())
    assert (NOTE.seq, NOTE.kid) == (13, KEYS.kid)


def test_key_id_and_signature_of_the_specification_s_reference() -> None:
    """The key and note that Go's ``note`` package, which the specification follows, tests with."""
    key = base64.b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    assert key[:1] == note.ED25519
    assert note.key_id("PeterNeumann", key[1:]).hex() == "c74f20a3"
    text = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
    )
    signed = base64.b64decode(
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    )
    assert signed[:4].hex() == "c74f20a3"
    assert ed25519.verify(key[1:], signed[4:], text.encode())


@given(heads)
def test_there_and_back(head: TreeHead) -> None:
    made = note.sign(head, KEYS)
    found = note.parse(made.signed)
    assert (found.head, found.encoded) == (head, made.signed)
    assert found.is_of(KEYS.public, ed25519.verify)
    assert not found.is_of(trust_samples.issuer_keys("other").public, ed25519.verify)
    assert len(made.signed) <= note.MAX_NOTE


def test_every_flipped_bit_is_found() -> None:
    for place in range(len(NOTE.signed)):
        for bit in range(8):
            bent = bytearray(NOTE.signed)
            bent[place] ^= 1 << bit
            try:
                found = note.parse(bytes(bent))
            except ValueError:
                continue
            assert not found.is_of(KEYS.public, ed25519.verify), (place, bit)


TEXT = NOTE.signed.decode()
LINE = TEXT.split("\n\n")[1]


@pytest.mark.parametrize("text", [
    "", HEAD.text.decode(), TEXT + "\n", TEXT + LINE, TEXT.rstrip("\n"), "\n" + TEXT, TEXT * 2,
    TEXT.replace("\n13\n", "\n013\n"), TEXT.replace("\n13\n", "\n0\n"),
    TEXT.replace("\n13\n", "\n+13\n"), TEXT.replace("\n13\n", "\n13 \n"),
    TEXT.replace("\n13\n", f"\n{10**19}\n"), TEXT.replace("\n13\n", "\n１３\n"),
    TEXT.replace("\n\n", "\nextension\n\n"), TEXT.replace("\n\n", "\n\n\n"),
    TEXT.replace("\n", "\r\n"), TEXT.replace("— ", "- "), TEXT.replace("— ", "—"),
    TEXT.replace("Hh8=\n", "Hh9=\n"), TEXT.replace("Hh8=\n", "Hh8\n"),
    TEXT.replace("Hh8/", "Hh9/"), TEXT.replace("WBZ3XSS1", "WBZ3XSSL"),
    TEXT.replace("iies-trail/", "iies-trial/"), LINE.join(["", "\n\n"]) + TEXT,
    TEXT.replace("— iies-trail/A", "— iies-trail/B"),
])  # fmt: skip
def test_any_other_form_is_none(text: str) -> None:
    assert text != TEXT
    with pytest.raises(ValueError, match="note"):
        note.parse(text.encode())


def test_of_another_key_of_the_same_id_it_is_not() -> None:
    """The four bytes choose among keys; the signature proves."""
    other = trust_samples.issuer_keys("other")
    forged = replace(note.parse(NOTE.signed), key_id=note.key_id(ORIGIN, other.public))
    assert not forged.is_of(other.public, ed25519.verify)
    assert not forged.is_of(KEYS.public, ed25519.verify)


# -- one key, two kinds of signed bytes ---------------------------------------------------------

PROFILE = OpenProfile()


@given(heads, st.binary(max_size=64), st.binary(max_size=64))
def test_no_text_of_a_note_is_a_cose_structure_nor_the_other_way(
    head: TreeHead, protected: bytes, payload: bytes
) -> None:
    structure = envelope.to_be_signed(protected, payload)
    assert structure[:1] == b"\x84" and head.text[:1] == b"i"
    with pytest.raises(UnicodeDecodeError):
        structure.decode()  # 0x84 begins no UTF-8 text, and a note is UTF-8
    with pytest.raises(ValueError, match="note"):
        note.parse(structure)


@given(heads)
def test_no_signature_of_the_one_holds_for_the_other(head: TreeHead) -> None:
    row = TrailRow(head.size, bytes(32), trust_samples.ISSUED, Event.SEALED, "PC-1", "", {},
                   head.root)  # fmt: skip
    checkpoint = PROFILE.sign_checkpoint(row, KEYS)
    protected, payload, signature = envelope.parse_sign1(checkpoint.signed, 1024)
    found = note.parse(note.sign(head, KEYS).signed)

    moved = replace(found, signature=signature)  # a COSE signature in a note
    assert not moved.is_of(KEYS.public, ed25519.verify)

    for body in (payload, head.text, found.encoded):  # a note's signature in a COSE_Sign1
        forged = envelope.assemble(protected, body, found.signature)
        assert not PROFILE.checkpoint_authentic(
            Checkpoint(row.seq, KEYS.kid, forged), row.hash, KEYS.public
        )
        structure = envelope.to_be_signed(protected, body)
        assert not ed25519.verify(KEYS.public, found.signature, structure)
    assert not PROFILE.checkpoint_authentic(
        Checkpoint(row.seq, KEYS.kid, found.encoded), row.hash, KEYS.public
    )
