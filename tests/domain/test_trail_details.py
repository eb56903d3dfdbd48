"""The fixed details of rows from version 2 on: each has what it must, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iies_tui.domain import trail_details
from iies_tui.domain.trail import GENESIS, Detail, Event, TrailRow
from iies_tui.domain.trail_details import fits
from tests.support import trust_samples

SERIAL, OTHER = "WBHY7ST1-000001-V", "WBHY7ST1-000002-T"
SEALED = trail_details.sealed(
    trust_samples.facts(waived=("name_one", "vin_check")), serial=SERIAL, vehicles=7, layout=1,
    envelope=bytes(32), pdf=bytes(32), fax=b"", copy=bytes(32), replaces=OTHER,
)  # fmt: skip
RIGHT: dict[Event, dict[str, Detail]] = {
    Event.SEALED: SEALED,
    Event.KEY_BLOCKED: {"license": "PC-123456", "kid": bytes(8), "key_tail": "Z9999"},
    Event.KEY_UNBLOCKED: {"license": "BR-123456/1", "block": 9},
    Event.CARDS_DISPOSED: {
        "license": "PC-123456", "before": "2021-11-28", "cards": 812, "digest": bytes(32)},
    Event.SETTINGS_CHANGED: {"names": "mail.from mail.server"},
    Event.CLOCK_AHEAD: {"seconds_ahead": 31 * 86_400},
    Event.CLOCK_CONFIRMED: {"alarm": 9, "year": 2026},
}  # fmt: skip


def row(event: Event, details: dict[str, Detail], salt: bytes = bytes(16)) -> TrailRow:
    return TrailRow(1, GENESIS, trust_samples.ISSUED, event, "terminal", "", details, bytes(32),
                    salt)  # fmt: skip


def test_what_a_sealed_row_says() -> None:
    assert dict(SEALED) == {
        "serial": SERIAL, "envelope": bytes(32), "pdf": bytes(32), "fax": b"", "icc": "901",
        "form": "FS-20", "vehicles": 7, "layout": 1, "waived": "name_one vin_check",
        "copy": bytes(32), "replaces": OTHER,
    }  # fmt: skip


@pytest.mark.parametrize("event", RIGHT)
def test_the_right_ones(event: Event) -> None:
    assert fits(row(event, RIGHT[event]))


@pytest.mark.parametrize("event", RIGHT)
def test_one_more_or_one_less_is_wrong(event: Event) -> None:
    assert not fits(row(event, {**RIGHT[event], "x": 1}))
    for name in RIGHT[event]:
        less = {key: value for key, value in RIGHT[event].items() if key != name}
        assert not fits(row(event, less)), name


@pytest.mark.parametrize("event", RIGHT)
def test_no_value_may_be_of_another_type(event: Event) -> None:
    for name, value in RIGHT[event].items():
        others: list[Detail] = ["\x00", -1, b"\x00"]
        for other in others:
            if type(other) is not type(value) or other != value:
                assert not fits(row(event, {**RIGHT[event], name: other})), (name, other)


@pytest.mark.parametrize(("event", "change"), [
    (Event.SEALED, {"serial": SERIAL.lower()}), (Event.SEALED, {"serial": "WBHY7ST1-000001-W"}),
    (Event.SEALED, {"serial": ""}), (Event.SEALED, {"icc": "90"}), (Event.SEALED, {"icc": "9O1"}),
    (Event.SEALED, {"form": "FS-75"}), (Event.SEALED, {"vehicles": 0}),
    (Event.SEALED, {"layout": 0}), (Event.SEALED, {"layout": 256}),
    (Event.SEALED, {"waived": "vin_check name_one"}), (Event.SEALED, {"waived": "name_one "}),
    (Event.SEALED, {"waived": "JOHN DOE"}), (Event.SEALED, {"copy": bytes(31)}),
    (Event.SEALED, {"pdf": b""}), (Event.SEALED, {"replaces": "x"}),
    (Event.KEY_BLOCKED, {"key_tail": "123456"}), (Event.KEY_BLOCKED, {"kid": bytes(7)}),
    (Event.KEY_BLOCKED, {"license": "john"}), (Event.KEY_UNBLOCKED, {"block": 0}),
    (Event.CARDS_DISPOSED, {"before": "20211128"}),
    (Event.CARDS_DISPOSED, {"before": "2021-02-30"}),
    (Event.CARDS_DISPOSED, {"cards": 0}), (Event.SETTINGS_CHANGED, {"names": ""}),
    (Event.SETTINGS_CHANGED, {"names": "mail.server mail.from"}),
    (Event.SETTINGS_CHANGED, {"names": "mail.from  mail.server"}),
    (Event.SETTINGS_CHANGED, {"names": "mail.from mail.from"}),
    (Event.SETTINGS_CHANGED, {"names": "mail.server=smtp.example.com"}),
    (Event.CLOCK_AHEAD, {"seconds_ahead": 0}), (Event.CLOCK_CONFIRMED, {"year": 26}),
])  # fmt: skip
def test_a_wrong_value_is_wrong(event: Event, change: dict[str, Detail]) -> None:
    assert not fits(row(event, {**RIGHT[event], **change}))


def test_values_that_may_be_empty() -> None:
    bare = trail_details.sealed(trust_samples.facts(), serial=SERIAL, vehicles=1, layout=1,
                                envelope=bytes(32), pdf=bytes(32), fax=bytes(32))  # fmt: skip
    assert (bare["waived"], bare["copy"], bare["replaces"]) == ("", b"", "")
    assert fits(row(Event.SEALED, bare))
    unknown = {**RIGHT[Event.KEY_BLOCKED], "kid": b"", "key_tail": ""}
    assert fits(row(Event.KEY_BLOCKED, unknown))


def test_rows_of_version_1_and_other_events_say_what_they_say() -> None:
    assert fits(replace(row(Event.SEALED, {"serial": SERIAL}), salt=b""))
    assert fits(row(Event.SIGNED_ON, {"anything": 1}))
