"""Write the trail vectors: ``python -m tests.vectors.make_trail_vectors`` (format: README.md here).

Fixed keys, times and salts, so that every run writes the same bytes; a test compares them. What a
vector expects is written here by hand, never taken from what the program answers.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from iies_tui.adapters.barcode import envelope
from iies_tui.adapters.barcode.profile_open import OpenProfile
from iies_tui.adapters.encoding import cbor as canonical
from iies_tui.adapters.keys.derivation import DerivedKeys
from iies_tui.adapters.records.trail_row import decode, encode
from iies_tui.domain import note, trail_details
from iies_tui.domain.merkle import Tree
from iies_tui.domain.serial import Serial
from iies_tui.domain.trail import GENESIS, Detail, Event, TrailRow
from tests.support.trust_samples import bundle, facts, issuer_keys, signed

HERE = Path(__file__).resolve().parent
BEGAN = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
KEYS, OTHER, STRANGER = issuer_keys(), issuer_keys("other"), issuer_keys("stranger")
EPOCH = Serial.parse("WBHY7ST1-000001-V").epoch
BUNDLE = signed(bundle()).hex()
Vector = dict[str, Any]
Fault = tuple[int, str]


def serial(number: int, epoch: int = EPOCH) -> str:
    return str(Serial(epoch, number))


def sha(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


class Chain:
    """A trail in the making; its members may be bent before ``vector`` takes them."""

    def __init__(self, version: int = 2) -> None:
        self.version = version
        self.rows: list[bytes] = []
        self.last: TrailRow | None = None
        self.first = self.epoch = b""
        self.tree = Tree()
        self.checkpoints: dict[int, tuple[bytes, bytes]] = {}
        self.notes: dict[int, tuple[bytes, str]] = {}

    def add(self, event: Event, /, actor: str = "PC-123456", **details: Detail) -> TrailRow:
        return self.write(event, actor, details)

    def write(self, event: Event, actor: str, details: Mapping[str, Detail]) -> TrailRow:
        seq = len(self.rows) + 1
        salt = sha(f"salt {seq}")[:16] if self.version == 2 else b""
        previous = self.last.hash if self.last else GENESIS
        time = BEGAN + timedelta(seconds=seq)
        data, row = encode(seq, previous, time, event, actor, "JQD", details, salt)
        return self.put(data, row)

    def put(self, data: bytes, row: TrailRow) -> TrailRow:
        """Any bytes as the next row."""
        self.rows.append(data)
        self.tree.add(data)
        self.last, self.first = row, self.first or row.hash
        return row

    def begin(self, epoch: int = EPOCH, reason: str = "first") -> None:
        self.epoch = epoch.to_bytes(5, "big")
        self.add(
            Event.EPOCH, "terminal", epoch=self.epoch, machine=b"machine1", reason=reason,
            old_head=self.last.hash if self.last else GENESIS,
        )  # fmt: skip

    def card(
        self, number: int, keys: DerivedKeys = KEYS, mode: int = 1, epoch: int = EPOCH,
        changes: Mapping[str, Detail] = MappingProxyType({}),
    ) -> TrailRow:  # fmt: skip
        text = serial(number, epoch)
        self.add(Event.INTENT, serial=text, kid=keys.kid, mode=mode)
        return self.seal(text, keys, changes)

    def seal(
        self, text: str, keys: DerivedKeys = KEYS,
        changes: Mapping[str, Detail] = MappingProxyType({}),
    ) -> TrailRow:  # fmt: skip
        details = trail_details.sealed(
            facts(), serial=text, vehicles=1, layout=1, envelope=sha(f"envelope {text}"),
            pdf=sha(f"pdf {text}"), fax=sha(f"fax {text}"),
        )  # fmt: skip
        if self.version == 1:
            details = {name: details[name] for name in ("serial", "envelope", "pdf", "fax")}
        row = self.write(Event.SEALED, "PC-123456", {**details, **changes})
        self.sign(row, keys)
        return row

    def sign(self, row: TrailRow, keys: DerivedKeys = KEYS) -> None:
        made = OpenProfile().sign_checkpoint(row, keys)
        self.checkpoints[row.seq] = (made.kid, made.signed)
        if self.version == 2:
            signed_note = note.sign(self.head(), keys)
            self.notes[row.seq] = (signed_note.kid, signed_note.signed.decode())

    def head(self) -> note.TreeHead:
        name = note.origin(self.first, self.epoch)
        return note.TreeHead(name, self.tree.size, self.tree.root())

    def vector(
        self, about: str, *faults: Fault, kept: str | None = None, version: int = 2
    ) -> Vector:
        export: Vector = {
            "format": "iies-trail-export",
            "version": version,
            "rows": [row.hex() for row in self.rows],
            "checkpoints": [
                [seq, kid.hex(), data.hex()] for seq, (kid, data) in self.checkpoints.items()
            ],
        }
        if version == 2:
            export["notes"] = [[seq, kid.hex(), text] for seq, (kid, text) in self.notes.items()]
        expect = sorted([seq, code] for seq, code in faults)
        return {
            "about": about, "bundle": BUNDLE, "export": export, "kept": kept, "expect": expect,
        }  # fmt: skip


def usual(version: int = 2) -> Chain:
    """Rows: 1 epoch, 2 sign-on, 3 intent, 4 sealed, 5 delivery, 6 intent, 7 sealed, 8 void."""
    made = Chain(version)
    made.begin()
    made.add(Event.SIGNED_ON, license="PC-123456", kid=KEYS.kid)
    made.card(1)
    made.add(Event.DELIVERY, serial=serial(1), state="SAVED")
    made.card(2)
    made.add(Event.VOID, serial=serial(2), reason="clerk")
    return made


def good() -> dict[str, Vector]:
    old = usual(1)
    both = usual(1)
    both.version = 2
    both.card(3)
    two = usual()
    two.begin(0x1234567890, "restored")
    two.card(1, epoch=0x1234567890)
    shared = usual()
    shared.card(3, OTHER)
    stranger = Chain()
    stranger.begin()
    stranger.card(1, STRANGER, mode=2)
    full = usual()
    full.add(Event.INTENT, serial=serial(3), kid=KEYS.kid, mode=1)
    full.add(Event.VOID, serial=serial(1), reason="corrected", replaced_by=serial(3))
    full.seal(serial(3), changes={
        "form": "FS-21", "vehicles": 7, "layout": 255, "waived": "name_one vin_check",
        "copy": sha("copy"), "replaces": serial(1), "fax": b"",
    })  # fmt: skip
    events = usual()
    events.add(Event.KEY_BLOCKED, "terminal", license="PC-123456", kid=KEYS.kid, key_tail="Z9999")
    events.add(Event.KEY_UNBLOCKED, license="PC-123456", block=9)
    events.add(Event.KEY_BLOCKED, "terminal", license="BR-654321/1", kid=b"", key_tail="")
    digest = hashlib.sha256(f"{serial(1)}\n{serial(2)}\n".encode()).digest()
    events.add(Event.CARDS_DISPOSED, license="PC-123456", before="2031-11-23", cards=2,
               digest=digest)  # fmt: skip
    events.add(Event.SETTINGS_CHANGED, "owner", names="mail.from mail.server printer.queue")
    events.add(Event.CLOCK_AHEAD, "terminal", seconds_ahead=31_536_000)
    events.add(Event.CLOCK_CONFIRMED, alarm=14, year=2027)
    one = Chain()
    one.begin()
    return {
        "good-usual": usual().vector("Two cards, one of them withdrawn"),
        "good-one-row": one.vector("A terminal before its first card"),
        "good-version-1": old.vector("Rows of version 1 in an export of version 1", version=1),
        "good-version-1-export-2": old.vector("Rows of version 1 in an export of version 2"),
        "good-version-1-then-2": both.vector("Version 1, and from row 9 on version 2"),
        "good-two-epochs": two.vector("A restore begins an epoch and with it another origin"),
        "good-two-issuers": shared.vector("Two issuers sign notes of one log"),
        "good-specimen": stranger.vector("A specimen by an issuer that the bundle does not list"),
        "good-sealed-full": full.vector("A sealed row with every detail filled, and a correction"),
        "good-events": events.vector("One row of each kind whose details are fixed"),
        "good-kept-note": usual().vector("A note kept elsewhere", kept=usual().notes[4][1]),
    }


def bad_rows() -> dict[str, Vector]:
    """The last row, 9, is none."""
    found = {}

    def row(name: str, about: str, data: Callable[[dict[int, Any]], bytes]) -> None:
        made = usual()
        assert made.last is not None
        form: dict[int, Any] = {
            1: 2, 2: 9, 3: made.last.hash, 4: 1795360000, 5: "handed_over", 6: "PC-123456",
            7: "", 8: {"serial": serial(1)}, 9: sha("salt")[:16],
        }  # fmt: skip
        made.rows.append(data(form))
        found[f"bad-row-{name}"] = made.vector(about, (9, "damaged"))

    def entry(name: str, about: str, change: dict[int, Any], without: int = 0) -> None:
        def data(form: dict[int, Any]) -> bytes:
            kept = {label: value for label, value in form.items() if label != without}
            return canonical.encode({**kept, **change})

        row(name, about, data)

    entry("version-3", "Another version", {1: 3})
    entry("version-0", "Another version", {1: 0})
    entry("version-text", "The version is text", {1: "2"})
    entry("no-salt", "Version 2 without entry 9", {}, without=9)
    entry("short-salt", "15 random bytes", {9: bytes(15)})
    entry("long-salt", "17 random bytes", {9: bytes(17)})
    entry("empty-salt", "No random bytes", {9: b""})
    entry("text-salt", "16 characters", {9: "x" * 16})
    entry("version-1-with-salt", "Version 1 has eight entries", {1: 1})
    entry("version-1-empty-salt", "Version 1 has eight entries", {1: 1, 9: b""})
    entry("tenth-entry", "Ten entries", {10: 0})
    entry("no-clerk", "Entry 7 is missing, not empty", {}, without=7)
    entry("unknown-event", "A kind that this version does not have", {5: "no_such_event"})
    entry("list-detail", "A detail that is a list", {8: {"waived": ["vin_check"]}})
    entry("null-detail", "A detail that is null", {8: {"serial": None}})
    entry("number-name", "A detail whose name is a number", {8: {1: "x"}})
    entry("time-too-late", "A moment after the year 9999", {4: 253_402_300_800})
    entry("too-long", "4,097 bytes and more", {8: {"x": "y" * 4096}})
    row("trailing", "A byte after the end", lambda form: canonical.encode(form) + b"\x00")
    row("cut", "The last byte is gone", lambda form: canonical.encode(form)[:-1])
    row("empty", "No bytes", lambda _: b"")
    row("true", "The version is true", lambda form: b"\xa9\x01\xf5" + canonical.encode(form)[3:])
    row("order", "Entries 1 and 2 in the other order",
        lambda form: b"\xa9\x02\x09\x01\x02" + canonical.encode(form)[5:])  # fmt: skip
    row("long-form", "The version in two bytes",
        lambda form: b"\xa9\x01\x18\x02" + canonical.encode(form)[3:])  # fmt: skip
    row("tag", "A tag before the map", lambda form: b"\xc1" + canonical.encode(form))
    return found


def bad_chains() -> dict[str, Vector]:
    found = {}

    def bent(name: str, about: str, bend: Callable[[Chain], object], *faults: Fault) -> None:
        made = usual()
        bend(made)
        found[f"bad-{name}"] = made.vector(about, *faults)

    def change(made: Chain, seq: int) -> None:
        made.rows[seq - 1] = made.rows[seq - 1][:-1] + bytes([made.rows[seq - 1][-1] ^ 1])

    notes: tuple[Fault, ...] = ((4, "note"), (7, "note"))
    bent("row-1-changed", "A bit of row 1: also the origin is another", lambda c: change(c, 1),
         (2, "chain"), *notes)  # fmt: skip
    bent("row-2-changed", "A bit of a random byte", lambda c: change(c, 2), (3, "chain"), *notes)
    bent("row-4-changed", "A bit of a sealed row", lambda c: change(c, 4),
         (5, "chain"), (4, "checkpoint"), *notes)  # fmt: skip
    bent("row-5-changed", "A bit between two cards", lambda c: change(c, 5),
         (6, "chain"), (7, "note"))  # fmt: skip
    bent("row-removed", "Row 5 is gone", lambda c: c.rows.pop(4),
         (6, "gap"), (6, "chain"), (7, "note"))  # fmt: skip
    bent("row-twice", "Row 5 stands twice", lambda c: c.rows.insert(5, c.rows[4]),
         (5, "gap"), (5, "chain"), (7, "note"))  # fmt: skip
    bent("tail-removed", "Cut after row 6: the last card's signatures stand alone",
         lambda c: c.rows.__delitem__(slice(6, 8)), (7, "checkpoint"), (7, "note"))  # fmt: skip

    def back(made: Chain) -> None:
        made.version = 1
        made.add(Event.HANDED_OVER, serial=serial(1))

    bent("version-back", "Version 1 after version 2", back, (9, "version_back"))

    def seal_back(made: Chain) -> None:
        made.version = 1
        made.card(3)

    bent("version-back-sealed", "A card of version 1 after version 2, without a note", seal_back,
         (9, "version_back"), (10, "version_back"))  # fmt: skip
    bent("serial-twice", "A serial is announced again",
         lambda c: c.add(Event.INTENT, serial=serial(1), kid=KEYS.kid, mode=1),
         (9, "serial_twice"))  # fmt: skip
    bent("sealed-unannounced", "No intent", lambda c: c.seal(serial(9)),
         (9, "sealed_without_intent"))  # fmt: skip
    bent("sealed-after-void", "The serial was void", lambda c: c.seal(serial(2)),
         (9, "sealed_without_intent"))  # fmt: skip
    bent("void-unannounced", "No intent",
         lambda c: c.add(Event.VOID, serial=serial(9), reason="clerk"),
         (9, "void_without_intent"))  # fmt: skip
    bent("delivered-unsealed", "No sealed row",
         lambda c: c.add(Event.DELIVERY, serial=serial(9), state="SAVED"),
         (9, "delivered_unsealed"))  # fmt: skip
    bent("epoch-of-nowhere", "It names another row before it",
         lambda c: c.add(Event.EPOCH, epoch=bytes(5), machine=bytes(8), reason="restored",
                         old_head=bytes(32)), (9, "epoch"))  # fmt: skip
    return found


def bad_details() -> dict[str, Vector]:
    found = {}

    def sealed(name: str, about: str, **changes: Detail) -> None:
        made = usual()
        made.card(3, changes=changes)
        found[f"bad-sealed-{name}"] = made.vector(about, (10, "details"))

    sealed("icc", "Two digits", icc="90")
    sealed("form", "A form that no terminal issues", form="FS-75")
    sealed("vehicles", "A card for no vehicle", vehicles=0)
    sealed("layout", "Beyond what an envelope can name", layout=256)
    sealed("waived-order", "Codes out of order", waived="vin_check name_one")
    sealed("waived-twice", "A code twice", waived="vin_check vin_check")
    sealed("waived-space", "A space too many", waived="vin_check ")
    sealed("waived-words", "No code", waived="JOHN DOE")
    sealed("copy", "31 bytes", copy=bytes(31))
    sealed("fax-text", "Text in place of bytes", fax="")
    sealed("replaces", "No serial", replaces="the old one")
    sealed("replaces-check", "A serial with a wrong check character", replaces="WBHY7ST1-000001-W")
    sealed("extra", "A twelfth detail", insurer="NORTH COUNTRY MUTUAL INS CO")

    made = usual()
    made.add(Event.INTENT, serial=serial(3), kid=KEYS.kid, mode=1)
    made.sign(made.add(Event.SEALED, serial=serial(3), envelope=bytes(32), pdf=bytes(32), fax=b""))
    found["bad-sealed-old-details"] = made.vector(
        "A row of version 2 with the details of version 1", (10, "details")
    )

    def event(name: str, about: str, kind: Event, /, **details: Detail) -> None:
        made = usual()
        made.write(kind, "PC-123456", details)
        found[f"bad-{name}"] = made.vector(about, (9, "details"))

    event("key-blocked-kid", "A key id of 7 bytes", Event.KEY_BLOCKED,
          license="PC-123456", kid=bytes(7), key_tail="Z9999")  # fmt: skip
    event("key-blocked-tail", "More of the KEY than its last five", Event.KEY_BLOCKED,
          license="PC-123456", kid=bytes(8), key_tail="YZ9999")  # fmt: skip
    event("key-unblocked-which", "No row", Event.KEY_UNBLOCKED, license="PC-123456", block=0)
    event("disposed-day", "No such day", Event.CARDS_DISPOSED,
          license="PC-123456", before="2021-02-30", cards=1, digest=bytes(32))  # fmt: skip
    event("disposed-none", "No card", Event.CARDS_DISPOSED,
          license="PC-123456", before="2021-02-28", cards=0, digest=bytes(32))  # fmt: skip
    event("settings-value", "A value", Event.SETTINGS_CHANGED, names="mail.server=smtp.example.com")
    event("settings-order", "Out of order", Event.SETTINGS_CHANGED, names="mail.server mail.from")
    event("settings-none", "No name", Event.SETTINGS_CHANGED, names="")
    event("clock-ahead-text", "A number as text", Event.CLOCK_AHEAD, seconds_ahead="60")
    event("clock-confirmed-year", "Two digits", Event.CLOCK_CONFIRMED, alarm=1, year=27)
    event("clock-confirmed-less", "Without the row", Event.CLOCK_CONFIRMED, year=2027)
    return found


def bad_signatures() -> dict[str, Vector]:
    """Each bends the checkpoint or the note of the second card, row 7."""
    found = {}

    def checkpoint(name: str, about: str, change: tuple[bytes, bytes] | None, code: str) -> None:
        made = usual()
        if change is None:
            del made.checkpoints[7]
        else:
            made.checkpoints[7] = change
        found[f"bad-checkpoint-{name}"] = made.vector(about, (7, code))

    whole = usual()
    kid, right = whole.checkpoints[7]
    row_7 = decode(whole.rows[6], hashlib.sha256(whole.rows[6]).digest())
    strange = OpenProfile().sign_checkpoint(row_7, STRANGER).signed
    checkpoint("missing", "A card without a checkpoint", None, "checkpoint_missing")
    checkpoint("signature", "A bit of the signature", (kid, _flip(right)), "checkpoint")
    checkpoint("other-row", "The first card's", whole.checkpoints[4], "checkpoint")
    checkpoint("other-key", "Another listed key's id", (OTHER.kid, right), "checkpoint")
    checkpoint("unlisted", "A key that no bundle lists", (STRANGER.kid, strange),
               "checkpoint_unknown_key")  # fmt: skip
    checkpoint("note", "The note in its place", (kid, whole.notes[7][1].encode()), "checkpoint")

    def noted(name: str, about: str, text: str, kid: bytes = KEYS.kid, code: str = "note") -> None:
        made = usual()
        made.notes[7] = (kid, text)
        found[f"bad-note-{name}"] = made.vector(about, (7, code))

    text = whole.notes[7][1]
    head = note.parse(text.encode()).head
    body, line = text.split("\n\n")

    def by(keys: DerivedKeys = KEYS, **changes: Any) -> str:
        return note.sign(replace(head, **changes), keys).signed.decode()

    made = usual()
    del made.notes[7]
    found["bad-note-missing"] = made.vector("A card without a note", (7, "note_missing"))
    del made.rows[6:], made.checkpoints[7]
    made.notes[9] = whole.notes[7]
    found["bad-note-beyond"] = made.vector("A note of a row that is not there", (9, "note"))
    noted("signature", "A bit of the signature", _resigned(text, lambda data: _flip(data)))
    noted("key-id", "A bit of the key id", _resigned(text, lambda data: _flip(data, 0)))
    noted("other-row", "The first card's", whole.notes[4][1])
    noted("size", "One row less is signed", by(size=6))
    noted("size-more", "One row more is signed", by(size=8))
    noted("root", "Another root is signed", by(root=sha("root")))
    noted("origin-chain", "Another chain's name", by(origin=note.origin(sha("x"), whole.epoch)))
    noted("origin-epoch", "Another epoch", by(origin=note.origin(whole.first, bytes(5))))
    noted("other-key", "Another listed key's, under this one's id", by(OTHER))
    noted("other-kid", "This key's, under another listed one's id", text, OTHER.kid)
    noted("unlisted", "A key that no bundle lists", by(STRANGER), STRANGER.kid, "note_unknown_key")
    bare = [hashlib.sha256(row).digest() for row in whole.rows[:7]]
    noted("root-no-prefix", "Leaves without the byte before them", by(root=_root(bare)))
    twice = Tree()
    for one in bare:
        twice.add(one)
    noted("root-of-hashes", "Leaves over the rows' hashes", by(root=twice.root()))
    noted("root-last-twice", "Eight leaves, the last row twice", by(root=_last_twice(whole)))
    cose = envelope.parse_sign1(right, 1024)[2]
    noted("cose-signature", "The checkpoint's signature in the note",
          _resigned(text, lambda data: data[:4] + cose))  # fmt: skip
    noted(
        "cose-structure",
        "The note's text signed as a COSE payload",
        _resigned(text, lambda data: data[:4] + KEYS.sign(envelope.to_be_signed(b"", head.text))),
    )
    noted(
        "without-newline",
        "The text signed without its last newline",
        _resigned(text, lambda data: data[:4] + KEYS.sign(head.text[:-1])),
    )
    noted(
        "with-blank-line",
        "The text signed with the blank line",
        _resigned(text, lambda data: data[:4] + KEYS.sign(head.text + b"\n")),
    )
    noted("extension", "An extension line, signed", _extended(head))
    noted("two-signatures", "Two signature lines", text + line)
    noted("leading-zero", "The size with a zero before it", text.replace("\n7\n", "\n07\n"))
    noted("other-name", "A key name that is not the origin",
          text.replace("— iies-trail/", "— iies-trial/"))  # fmt: skip
    noted("hyphen", "A hyphen for the dash", text.replace("— ", "- "))
    noted("crlf", "Carriage returns", text.replace("\n", "\r\n"))
    noted("cut", "The last newline is gone", text[:-1])
    noted("more", "A newline more", text + "\n")
    noted("unsigned", "No signature line", body + "\n")
    noted("base64", "Other last bits of the root's base64", _other_bits(text))
    noted("empty", "Nothing", "")
    return found


def bad_kept() -> dict[str, Vector]:
    other, short = usual(), usual()
    other.card(3)
    del short.rows[7:]
    rewritten = Chain()
    rewritten.begin()
    rewritten.add(Event.SIGNED_ON, license="BR-654321/1", kid=OTHER.kid)
    rewritten.card(1)
    forged = _resigned(usual().notes[4][1], lambda data: _flip(data))
    return {
        "bad-kept-ahead": usual().vector(
            "The trail ends before the kept note", (10, "kept_note"), kept=other.notes[10][1]),
        "bad-kept-rewritten": rewritten.vector(
            "Signed again by the licensee: only the kept note tells", (4, "kept_note"),
            kept=usual().notes[4][1]),
        "bad-kept-forged": short.vector(
            "A kept note that its key did not sign", (4, "kept_note"), kept=forged),
    }  # fmt: skip


def _flip(data: bytes, place: int = -1) -> bytes:
    bent = bytearray(data)
    bent[place] ^= 1
    return bytes(bent)


def _resigned(text: str, change: Callable[[bytes], bytes]) -> str:
    """The note with another key id and signature."""
    before, _, encoded = text.rstrip("\n").rpartition(" ")
    return f"{before} {base64.b64encode(change(base64.b64decode(encoded))).decode()}\n"


def _extended(head: note.TreeHead) -> str:
    text = head.text + b"extension\n"
    signed_by = note.key_id(head.origin, KEYS.public) + KEYS.sign(text)
    return f"{text.decode()}\n— {head.origin} {base64.b64encode(signed_by).decode()}\n"


def _other_bits(text: str) -> str:
    """A root's last character says two bits that are no part of it."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    origin, size, root, *rest = text.split("\n")
    last = alphabet[alphabet.index(root[-2]) + 1]
    return "\n".join([origin, size, root[:-2] + last + "=", *rest])


def _root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + _root(leaves[:half]) + _root(leaves[half:])).digest()


def _last_twice(chain: Chain) -> bytes:
    tree = Tree()
    for row in [*chain.rows[:7], chain.rows[6]]:
        tree.add(row)
    return tree.root()


def trails() -> dict[str, Vector]:
    """Every vector by its name."""
    return good() | bad_rows() | bad_chains() | bad_details() | bad_signatures() | bad_kept()


def text_of(vector: Vector) -> str:
    """A vector's file."""
    return json.dumps(vector, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write every vector, and remove those that are none any more."""
    folder = HERE / "trail"
    folder.mkdir(exist_ok=True)
    made = trails()
    for stale in folder.glob("*.json"):
        if stale.stem not in made:
            stale.unlink()
    for name, vector in made.items():
        (folder / f"{name}.json").write_text(text_of(vector), "utf-8")


if __name__ == "__main__":
    main()
