"""An issuer's Options: each with what is wrong with it (15 NYCRR 32.9 for the parts; design 4)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, strategies as st

from iies_tui.domain import options
from iies_tui.domain.insurer import Insurer
from iies_tui.domain.pages import FaxFile
from iies_tui.text import has

TODAY = date(2026, 11, 22)
LIST = {one.icc: one for one in (Insurer("901", "A MUTUAL"), Insurer("230", "B CO", active=False))}


def wrong(**values: str) -> dict[str, str]:
    _, found = options.parse(values, insurer=LIST.get, today=TODAY)
    assert all(has(f"problem.{one.code}") for one in found.problems)
    return {one.field: one.code for one in found.problems}


def test_a_whole_agency_is_right() -> None:
    assert not wrong(
        agency_name="Empire Street Agency, Inc.",
        agency_address1="1 Main St",
        agency_address2="Albany NY 12207",
        agency_telephone="(518) 555-0100",
        agency_message="Claims: call your company, day & night.",
        default_icc="901",
        default_form="FS-21",
        default_term="+1y",
        queue="FRONT",
        folder="/srv/cards",
        parts="4",
        sign_off_minutes="15",
    )
    assert not wrong()
    assert not wrong(**dict.fromkeys(options.NAMES, ""))


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("agency_name", "A" * 37, "text_long"),
        ("agency_name", "Café", "text_signs"),
        ("agency_address2", "A\tB", "text_signs"),
        ("agency_telephone", "call us", "option_telephone"),
        ("agency_message", "x" * 61, "text_long"),
        ("default_icc", "90", "icc_form"),
        ("default_icc", "999", "icc_unknown"),
        ("default_icc", "230", "icc_inactive"),
        ("default_form", "FS-22", "form_unknown"),
        ("default_form", "FS-75", "form_fs75"),
        ("default_term", "1y", "option_term"),
        ("default_term", "+0d", "option_term"),
        ("default_term", "-1y", "option_term"),
        ("default_term", "+9999y", "option_term"),
        ("queue", "FRONT DESK", "option_queue"),
        ("queue", "a/b", "option_queue"),
        ("folder", "cards", "option_folder"),
        ("folder", "/" + "x" * 200, "option_folder"),
        ("parts", "1", "option_parts"),
        ("parts", "0", "option_parts"),
        ("parts", "3", "option_parts"),
        ("parts", "10", "option_parts"),
        ("parts", "two", "option_parts"),
        ("sign_off_minutes", "0", "option_minutes"),
        ("sign_off_minutes", "16", "option_minutes"),
        ("sign_off_minutes", "5.5", "option_minutes"),
        ("sign_off_minutes", "٥", "option_minutes"),
        ("zz", "", "option_name"),
        ("page_layout", "wide", "option_unknown"),
        ("fax_cover", "maybe", "option_unknown"),
    ],
)
def test_each_slip_has_its_message_at_its_option(name: str, value: str, code: str) -> None:
    assert wrong(**{name: value}) == {name: code}


@given(parts=st.text(max_size=4))
def test_never_fewer_than_two_parts(parts: str) -> None:
    """15 NYCRR 32.9: at least two identical parts. A page of ours carries two."""
    made = options.read({"parts": parts})
    assert made.parts == 2 * made.sheets >= 2


@pytest.mark.parametrize(
    ("minutes", "seconds"), [("", None), ("1", 60), ("15", 900), ("16", None), ("x", None)]
)
def test_sign_off_is_within_one_and_fifteen_minutes(minutes: str, seconds: int | None) -> None:
    assert options.read({"sign_off_minutes": minutes}).sign_off_seconds == seconds


def test_what_was_chosen_is_typed_and_reads_back_as_it_is() -> None:
    texts = {
        **dict.fromkeys(options.AGENCY, "1 Main St"),
        "default_icc": "901",
        "default_form": "FS-21",
        "default_term": "+6m",
        "queue": "",
        "folder": "/srv/cards",
        "parts": "6",
        "sign_off_minutes": "3",
        "page_layout": "window",
        "page_information": "yes",
        "fax_cover": "no",
        "fax_file": "g4-fine",
    }
    assert set(texts) == set(options.NAMES)
    made = options.read(texts)
    assert (made.sheets, made.queue, made.fax_file) == (3, "", FaxFile.G4_FINE)
    assert made.agency.address == ("1 Main St", "1 Main St")
    assert made.texts() == texts
    assert options.read(made.texts()) == made


def test_nobody_chose_a_queue_is_another_thing_than_no_queue() -> None:
    assert options.read({}).queue is None
    assert "queue" not in options.read({}).texts()


@pytest.mark.parametrize(("idle", "warn"), [(3, 1), (60, 20), (300, 30), (900, 30)])
def test_the_warning_comes_before_the_end(idle: int, warn: int) -> None:
    assert options.warn_before(idle) == warn
