"""What Review shows is what is issued: read by the rules, letter for letter."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from iies_tui.domain.request import parse
from iies_tui.session import protocol
from iies_tui.tui.form.card_form import as_it_prints
from iies_tui.tui.screens.review import ReviewScreen
from iies_tui.tui.signed_on import SignedOnContext
from tests.support.fake_session import LICENSE, TERMINAL, TODAY, FakeSession
from tests.support.one_card import REQUEST


def test_review_shows_suffix_vin_and_names_as_they_print() -> None:
    typed = {
        **REQUEST,
        "policy": " pa-1 ",
        "registrants": [
            {"last": " van  dyke ", "first": "John", "middle": "q.", "suffix": "Junior"}
        ],
        "vehicles": [{"year": 2003, "make": "honda", "vin": "1hgcm 82633-a004352"}],
    }
    shown = as_it_prints(typed)
    assert shown["registrants"] == [
        {"last": "VAN DYKE", "first": "JOHN", "middle": "Q", "suffix": "JR", "driver_license": ""}
    ]
    assert shown["vehicles"] == [{"year": 2003, "make": "HONDA", "vin": "1HGCM82633A004352"}]
    assert shown["policy"] == "PA-1"


@given(last=st.text(max_size=12), vin=st.text(max_size=20), suffix=st.text(max_size=4))
def test_it_is_issued_as_it_is_shown(last: str, vin: str, suffix: str) -> None:
    typed = {
        **REQUEST,
        "registrants": [{"last": last, "first": "ANN", "suffix": suffix}],
        "vehicles": [{"year": 1970, "make": "FORD", "vin": vin}],
    }
    shown = as_it_prints(typed)
    if shown is not typed:
        assert parse(shown) == parse(typed)
        assert as_it_prints(shown) == shown


def test_what_may_be_wrong_is_noted_before_what_was_written_otherwise() -> None:
    codes = ("signs_removed", "suffix_written", "blanks_removed", "vin_make")
    params: dict[str, str | int] = {"value": "Q", "typed": "JR.", "known": "HONDA", "make": "FORD"}
    notes = [protocol.ProblemInfo("", code, params) for code in codes]
    signed = FakeSession().signed(protocol.SignOn(LICENSE))
    desk = SignedOnContext(FakeSession(), TERMINAL, signed, lambda: TODAY)
    review = ReviewScreen(desk, REQUEST, "NORTH COUNTRY MUTUAL INS CO", notes, "")
    assert review._told()[0].startswith("By its VIN this is a HONDA")
