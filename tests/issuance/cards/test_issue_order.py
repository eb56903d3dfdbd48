"""The order of an issue is the point of it: what is committed before what, and what a failure or a
death in between leaves behind (``docs/trail.md``, "The order of an issue")."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from iies_tui.adapters.encoding import ed25519
from iies_tui.adapters.machine.folder import FileFolder
from iies_tui.bootstrap.records import judges, records_of
from iies_tui.domain.delivery import State
from iies_tui.domain.errors import IiesError, MachineFailed, Refused
from iies_tui.domain.merkle import Tree
from iies_tui.domain.note import parse
from iies_tui.domain.trail import Event
from iies_tui.issuance.cards.interrupted import void_open_intents, void_unsealed
from iies_tui.issuance.checking.audit import audit
from iies_tui.issuance.delivery.save import SaveCard
from iies_tui.issuance.keys.sign_on import SignedOnIssuer
from tests.support.fakes import Killed
from tests.support.office import Office, ready
from tests.support.terminal import REQUEST


def nothing(*_: object) -> None:
    """Progress that nobody watches."""


def issue(office: Office, issuer: SignedOnIssuer, request: Any = REQUEST) -> list[Any]:
    return list(office.issue(issuer, request, nothing))


@pytest.fixture
def at_work(tmp_path: Path) -> tuple[Office, SignedOnIssuer]:
    office, issuer = ready(tmp_path)
    office.done.clear()
    return office, issuer


def test_the_exact_order(at_work: tuple[Office, SignedOnIssuer], tmp_path: Path) -> None:
    office, issuer = at_work
    (one,) = issue(office, issuer)
    save = SaveCard(FileFolder(), office.trail)
    save(issuer, one.card.serial, tmp_path / "out", {".pdf": one.page.pdf})
    acts = ("append", "seal", "card_page", "fax_sheet", "read_back", "add", "update")
    done = [step for step in office.done if step.split()[0].partition(".")[2].startswith(acts)]
    assert done == [
        "trail.append intent",
        "profile.seal",
        "paper.card_page",
        "paper.fax_sheet",
        *["reader.read_back"] * 4,
        "register.add",
        "trail.append_checkpointed sealed",
        "trail.append delivery",
        "register.update",
    ]


def test_what_the_rows_say_and_the_symbol_carries(at_work: tuple[Office, SignedOnIssuer]) -> None:
    office, issuer = at_work
    (one,) = issue(office, issuer)
    envelope = office.profile.read(one.card.digits)
    intent = office.trail.find_serial(Event.INTENT, one.card.serial)
    sealed = office.trail.find_serial(Event.SEALED, one.card.serial)
    assert envelope.stamp.intent == intent.hash[:16]
    assert envelope.stamp.issued_at == intent.time
    assert (intent.actor, intent.clerk) == (issuer.license, "JQD")
    assert intent.details["kid"] == issuer.keys.kid
    assert sealed.details["envelope"] == hashlib.sha256(envelope.encoded).digest()
    assert sealed.details["pdf"] == hashlib.sha256(one.page.pdf).digest()
    assert sealed.details["fax"] == hashlib.sha256(one.fax.pdf).digest()
    (checkpoint,) = office.trail.checkpoints()
    assert checkpoint.seq == sealed.seq
    assert office.profile.checkpoint_authentic(checkpoint, sealed.hash, issuer.keys.public)
    assert envelope.stamp.drawn is not None
    assert sealed.details["layout"] == envelope.stamp.drawn.layout
    assert [sealed.details[name] for name in ("icc", "form", "vehicles")] == ["901", "FS-20", 1]
    assert [sealed.details[name] for name in ("waived", "copy", "replaces")] == ["", b"", ""]
    tree, (note,) = Tree(), office.trail.notes()
    for _, data in office.trail.records():
        tree.add(data)
    signed = parse(note.signed)
    assert (note.seq, note.kid) == (sealed.seq, issuer.keys.kid)
    assert (signed.head.size, signed.head.root) == (sealed.seq, tree.root())
    assert signed.is_of(issuer.keys.public, ed25519.verify)


def test_what_is_issued_is_whole_to_the_audit(at_work: tuple[Office, SignedOnIssuer]) -> None:
    """One vehicle, a fleet of seven, and the fixed details of each."""
    office, issuer = at_work
    fleet = {"vehicles": "ALL OWNED VEHICLES", "fleet": {"vehicles": 7, "for_hire": False}}
    issue(office, issuer)
    issue(office, issuer, {**REQUEST, **fleet})
    found = audit(records_of(office.trail), office.trust.bundle, judges())
    assert found.faults == ()
    assert (found.cards, found.checkpoints, found.notes) == (2, 2, 2)
    assert found.pinned == found.rows
    counts = [row.details["vehicles"] for row in office.trail.of_kind(Event.SEALED)]
    assert counts == [1, 7]


def test_what_was_waived_is_in_row_and_bar_code_and_counted(
    at_work: tuple[Office, SignedOnIssuer],
) -> None:
    """A code each, of just the cards that it was waived for; no value anywhere in the trail."""
    office, issuer = at_work
    car = {"year": 2014, "make": "VOLKS", "vin": "WVGZZZ5NZEW069297"}
    odd, right = issue(
        office,
        issuer,
        {**REQUEST, "vehicles": [car, *REQUEST["vehicles"]], "as_registered": ["vin"]},
    )
    assert (odd.card.facts.waived, right.card.facts.waived) == (("vin_check",), ())
    entry = issuer.register.get(odd.card.serial)
    assert entry is not None and entry.card.facts.waived == ("vin_check",)
    rows = office.trail.of_kind(Event.SEALED)
    assert [row.details["waived"] for row in rows] == ["vin_check", ""]
    found = audit(records_of(office.trail), office.trust.bundle, judges())
    assert (found.faults, found.cards, found.waived) == ((), 2, 1)
    assert not any(b"WVGZZZ" in data for _, data in office.trail.records())


def test_a_refused_request_spends_no_serial(at_work: tuple[Office, SignedOnIssuer]) -> None:
    office, issuer = at_work
    with pytest.raises(Refused, match="request_refused"):
        issue(office, issuer, {**REQUEST, "icc": "058"})
    assert Event.INTENT.value not in office.events()


def test_without_a_bundle_nothing(at_work: tuple[Office, SignedOnIssuer]) -> None:
    office, issuer = at_work
    office.trust.bundle = None
    with pytest.raises(Refused, match="no_bundle"):
        issue(office, issuer)
    assert Event.INTENT.value not in office.events()


def test_a_symbol_that_does_not_read_back_makes_the_card_void(
    at_work: tuple[Office, SignedOnIssuer],
) -> None:
    office, issuer = at_work
    read = office.reader._inner.read_back
    office.reader._inner.read_back = lambda document, dpi: (*read(document, dpi)[:-1], "1")
    with pytest.raises(MachineFailed, match="read_back_failed"):
        issue(office, issuer)
    assert office.events()[-2:] == ["intent", "void"]
    assert issuer.register.search("", 10) == ()


@pytest.mark.parametrize(("port", "call", "rows", "kept"), [
    ("profile", "seal", ["intent", "void"], 0),
    ("paper", "card_page", ["intent", "void"], 0),
    ("register", "add", ["intent", "void"], 0),
    ("trail", "append_checkpointed", ["intent"], 1),
])  # fmt: skip
def test_a_failure_at_each_step_leaves_no_card(
    at_work: tuple[Office, SignedOnIssuer], port: str, call: str, rows: list[str], kept: int
) -> None:
    office, issuer = at_work
    target: Any = issuer.register if port == "register" else getattr(office, port)
    target.fails[call] = MachineFailed("disk_full", path="")
    with pytest.raises(IiesError, match="disk_full"):
        issue(office, issuer)
    assert office.events()[-len(rows) :] == rows
    assert len(issuer.register.search("", 10)) == kept
    target.fails.clear()
    (serial,) = {str(row.details["serial"]) for row in office.trail.rows()
                 if row.event is Event.INTENT}  # fmt: skip
    void_open_intents(office.trail)
    void_unsealed(issuer, office.trail)
    assert office.trail.find_serial(Event.VOID, serial) is not None
    assert all(one.state is State.VOID for one in issuer.register.search("", 10))
    (again,) = issue(office, issuer)
    assert again.card.serial != serial


def test_where_not_even_the_void_can_be_recorded_the_reason_is_told(
    at_work: tuple[Office, SignedOnIssuer],
) -> None:
    office, issuer = at_work

    def page(*_: object) -> None:
        office.trail.fails["append"] = MachineFailed("trail_stopped")
        raise MachineFailed("disk_full", path="")

    drawn = staticmethod(office.paper.drawn)
    members = {"card_page": page, "check": nothing, "drawn": drawn}
    office.paper._inner = type("Paper", (), members)()
    with pytest.raises(MachineFailed, match="disk_full"):
        issue(office, issuer)
    office.trail.fails.clear()
    assert void_open_intents(office.trail) == 1


@pytest.mark.parametrize("call", ["seal", "card_page", "read_back", "add", "append_checkpointed"])
def test_a_death_at_each_step_is_settled_at_the_next_start(
    at_work: tuple[Office, SignedOnIssuer], call: str
) -> None:
    office, issuer = at_work
    ports: list[Any] = [office.profile, office.paper, office.reader, issuer.register, office.trail]
    for target in ports:
        target.fails[call] = Killed()
    with pytest.raises(Killed):
        issue(office, issuer)
    issuer.register.close()
    office.trail._inner.close()
    office.open()
    assert void_open_intents(office.trail) == 1
    assert void_open_intents(office.trail) == 0
    again = office.signed_on()
    void_unsealed(again, office.trail)
    assert again.register.in_state([State.SEALED]) == ()
    (one,) = issue(office, again)
    assert one.card.serial.split("-")[1] == "000002"


def test_what_was_sealed_before_a_failure_stands(at_work: tuple[Office, SignedOnIssuer]) -> None:
    office, issuer = at_work
    other = {"year": 1989, "make": "MCIND", "vin": "1M8GDM9AXKP042788"}
    cards = office.issue(issuer, {**REQUEST, "vehicles": [*REQUEST["vehicles"], other]}, nothing)
    first = next(cards)
    office.profile.fails["seal"] = MachineFailed("disk_full", path="")
    with pytest.raises(MachineFailed):
        next(cards)
    assert office.trail.find_serial(Event.SEALED, first.card.serial) is not None
    assert office.events()[-2:] == ["intent", "void"]
