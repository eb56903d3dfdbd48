"""``trail verify``: every way in which a chain may lie, each found by its row."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from iies_tui.adapters.encoding import ed25519
from iies_tui.domain.errors import MachineFailed
from iies_tui.domain.trail import GENESIS, Checkpoint, Detail, Event, TrailRow
from iies_tui.issuance.checking.audit import Announced, Audit, Fault, Judges, Pin, Records, audit
from iies_tui.issuance.checking.audit_tree import SignedTree
from tests.support import trust_samples

KEYS = trust_samples.issuer_keys()
BUNDLE = trust_samples.bundle()
ONE, TWO = "WBHY7ST1-000001-V", "WBHY7ST1-000002-T"


class Chain:
    """Rows and checkpoints, to be bent before they are examined."""

    def __init__(self) -> None:
        self.rows: list[TrailRow] = []
        self.checkpoints: list[Checkpoint] = []

    def add(self, event: Event, /, **details: Detail) -> TrailRow:
        previous = self.rows[-1].hash if self.rows else GENESIS
        seq, now = len(self.rows) + 1, datetime(2026, 11, 22, tzinfo=UTC)
        digest = hashlib.sha256(repr((seq, previous, event, details)).encode()).digest()
        row = TrailRow(seq, previous, now, event, "PC-1", "", details, digest)
        self.rows.append(row)
        return row

    def card(self, serial: str = ONE, *, mode: int = 1, kid: bytes = KEYS.kid) -> None:
        self.add(Event.INTENT, serial=serial, mode=mode, kid=kid)
        sealed = self.add(Event.SEALED, serial=serial)
        self.checkpoints.append(Checkpoint(sealed.seq, kid, sealed.hash))

    def audit(self, pins: Iterable[Pin] = ()) -> Audit:
        return audit(self.records(), BUNDLE, JUDGES, pins)

    def records(self, rows: Iterable[TrailRow] | None = None, *, serials: bool = True) -> Records:
        """What the audit reads; ``rows`` in place of the chain's own."""
        columns = [(row.seq, row.event.value, str(row.details.get("serial", "")) if serials else "")
                   for row in self.rows]  # fmt: skip
        read = ((row, row.hash) for row in (self.rows if rows is None else rows))
        return Records(read, iter(columns), self.checkpoints, SignedTree())

    def faults(self, pins: Iterable[Pin] = ()) -> list[tuple[int, str]]:
        return [(fault.seq, fault.code) for fault in self.audit(pins).faults]


def authentic(checkpoint: Checkpoint, digest: bytes, public: bytes) -> bool:
    return checkpoint.signed == digest and public == KEYS.public


JUDGES = Judges(authentic, ed25519.verify)


@pytest.fixture
def chain() -> Chain:
    made = Chain()
    made.add(Event.EPOCH, epoch=bytes(5), old_head=GENESIS)
    made.card(ONE)
    made.add(Event.DELIVERY, serial=ONE, state="SAVED")
    made.card(TWO)
    made.add(Event.VOID, serial=TWO, reason="clerk")
    return made


def test_a_whole_one(chain: Chain) -> None:
    found = chain.audit([Pin("a.pdf", ONE, chain.rows[1].hash[:16])] * 2)
    assert found.faults == ()
    assert found.announced == (Announced("a.pdf", ONE, 2),)
    assert (found.rows, found.cards, found.void, found.checkpoints) == (7, 2, 1, 2)
    assert found.pinned == 6
    assert found.head == chain.rows[-1].hash


def test_an_empty_one() -> None:
    assert Chain().audit() == Audit(0, GENESIS, 0, 0, 0, 0, ())


def bend_chain(chain: Chain) -> None:
    chain.rows[3] = replace(chain.rows[3], previous=bytes(32))


def cut_out(chain: Chain) -> None:
    del chain.rows[3]


def announce_twice(chain: Chain) -> None:
    chain.add(Event.INTENT, serial=ONE, mode=1)


def seal_twice(chain: Chain) -> None:
    sealed = chain.add(Event.SEALED, serial=ONE)
    chain.checkpoints.append(Checkpoint(sealed.seq, KEYS.kid, sealed.hash))


def seal_unannounced(chain: Chain) -> None:
    sealed = chain.add(Event.SEALED, serial="X")
    chain.checkpoints.append(Checkpoint(sealed.seq, KEYS.kid, sealed.hash))


def void_unannounced(chain: Chain) -> None:
    chain.add(Event.VOID, serial="X", reason="")


def deliver_unsealed(chain: Chain) -> None:
    chain.add(Event.DELIVERY, serial="X", state="SAVED")


def drop_checkpoint(chain: Chain) -> None:
    chain.checkpoints.pop(0)


def move_checkpoint(chain: Chain) -> None:
    chain.checkpoints[0] = replace(chain.checkpoints[0], seq=4)


def forge_checkpoint(chain: Chain) -> None:
    chain.checkpoints[0] = replace(chain.checkpoints[0], signed=bytes(32))


def sign_with_another_key(chain: Chain) -> None:
    chain.checkpoints[0] = replace(chain.checkpoints[0], kid=bytes(8))


def epoch_of_nowhere(chain: Chain) -> None:
    chain.add(Event.EPOCH, epoch=bytes(5), old_head=bytes(32))


@pytest.mark.parametrize(("bend", "faults"), [
    (bend_chain, {(4, "chain")}),
    (cut_out, {(5, "gap"), (5, "chain")}),
    (announce_twice, {(8, "serial_twice")}),
    (seal_twice, {(8, "sealed_without_intent"), }),
    (seal_unannounced, {(8, "sealed_without_intent")}),
    (void_unannounced, {(8, "void_without_intent")}),
    (deliver_unsealed, {(8, "delivered_unsealed")}),
    (drop_checkpoint, {(3, "checkpoint_missing")}),
    (move_checkpoint, {(4, "checkpoint"), (3, "checkpoint_missing")}),
    (forge_checkpoint, {(3, "checkpoint")}),
    (sign_with_another_key, {(3, "checkpoint_unknown_key")}),
    (epoch_of_nowhere, {(8, "epoch")}),
])  # fmt: skip
def test_each_lie(
    chain: Chain, bend: Callable[[Chain], None], faults: set[tuple[int, str]]
) -> None:
    bend(chain)
    assert faults <= set(chain.faults())
    assert {code for _, code in faults} == {code for _, code in chain.faults()}


def test_a_test_page_is_of_no_card(chain: Chain) -> None:
    chain.add(Event.DELIVERY, act="test-page", queue="FRONT")
    assert chain.faults() == []


def test_a_card_in_hand_that_is_not_announced(chain: Chain) -> None:
    for serial in ("X", ONE):
        found = chain.audit([Pin("a.pdf", serial, bytes(16))] * 2)
        assert found.faults == (Fault(0, "card_not_in_trail", "a.pdf", serial),)
        assert found.announced == ()


def test_a_file_without_a_symbol_proves_nothing(chain: Chain) -> None:
    found = chain.audit([Pin("a.pdf")])
    assert found.faults == (Fault(0, "card_not_read", "a.pdf"),)


def test_look_up_columns_that_say_something_else(chain: Chain) -> None:
    found = audit(chain.records(serials=False), BUNDLE, JUDGES)
    assert {fault.code for fault in found.faults} == {"columns"}


def test_a_damaged_row_is_told_by_its_number(chain: Chain) -> None:
    def rows() -> Iterable[TrailRow]:
        yield from chain.rows[:2]
        raise MachineFailed("trail_damaged")

    chain.checkpoints.clear()
    found = audit(chain.records(rows()), BUNDLE, JUDGES)
    assert [(fault.seq, fault.code) for fault in found.faults] == [(3, "damaged")]


def test_a_disk_that_fails_is_no_fault_of_the_trail(chain: Chain) -> None:
    def rows() -> Iterable[TrailRow]:
        raise MachineFailed("database_failed", path="", reason="")
        yield

    with pytest.raises(MachineFailed, match="database_failed"):
        audit(chain.records(rows()), BUNDLE, JUDGES)


def test_specimens_of_an_unlisted_issuer_are_no_fault_and_pin_nothing() -> None:
    chain = Chain()
    chain.card(ONE, mode=2, kid=bytes(8))
    assert chain.faults() == []
    assert chain.audit().pinned == 0
    chain.card(TWO, mode=1, kid=bytes(8))
    assert chain.faults() == [(4, "checkpoint_unknown_key")]


def test_a_removed_tail_shows_only_in_a_card(chain: Chain) -> None:
    """What docs/trail.md says of rows that nothing pins."""
    pin = Pin("a.pdf", TWO, chain.rows[4].hash[:16])
    del chain.rows[4:], chain.checkpoints[1:]
    assert chain.faults() == []
    assert chain.faults([pin]) == [(0, "card_not_in_trail")]
