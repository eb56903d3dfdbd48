"""What Review shows is what is issued: read by the rules, letter for letter."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, strategies as st

from iies_tui.domain.dates import Limits
from iies_tui.domain.request import examine, facts, read
from iies_tui.session import protocol, to_protocol
from iies_tui.tui.screens.review import ReviewScreen
from iies_tui.tui.signed_on import SignedOnContext
from tests.support.fake_session import INSURERS, LICENSE, NOW, TERMINAL, TODAY, FakeSession
from tests.support.one_card import REQUEST


def checked(request: protocol.Json) -> protocol.Checked:
    """What the session answers, by the rules alone."""
    insurer = {one.icc: one for one in INSURERS}.get
    examined = examine(request, insurer=insurer, license=LICENSE, today=TODAY, limits=Limits())
    if examined.request is None or examined.insurer is None:
        return to_protocol.checked(examined, ())
    cards = facts(examined.request, LICENSE, examined.insurer, TODAY)
    return to_protocol.checked(examined, cards)


def test_review_shows_suffix_vin_and_names_as_they_print() -> None:
    typed: protocol.Json = {
        **REQUEST,
        "policy": " pa-1 ",
        "registrants": [
            {"last": " van  dyke ", "first": "John", "middle": "q.", "suffix": "Junior"}
        ],
        "vehicles": [{"year": 2003, "make": "honda", "vin": "1hgcm 82633-a004352"}],
    }
    (face,) = checked(typed).faces
    assert face.names == ["VAN DYKE JOHN Q JR"]
    assert face.vehicle == ["2003", "HONDA", "1HGCM82633A004352"]
    assert face.policy == "PA-1"


@given(last=st.text(max_size=12), vin=st.text(max_size=20), suffix=st.text(max_size=4))
def test_what_is_shown_is_what_is_issued(last: str, vin: str, suffix: str) -> None:
    typed: protocol.Json = {
        **REQUEST,
        "registrants": [{"last": last, "first": "ANN", "suffix": suffix}],
        "vehicles": [{"year": 1970, "make": "FORD", "vin": vin}],
    }
    found = checked(typed)
    assert bool(found.faces) != bool(found.problems)
    for face in found.faces:
        request = read(typed).request
        assert request is not None
        assert face.names == [request.registrants[0].printed]
        assert face.vehicle == ["1970", "FORD", request.vehicles[0].vin]


def test_what_may_be_wrong_is_noted_before_what_was_written_otherwise() -> None:
    codes = ("signs_removed", "suffix_written", "blanks_removed", "vin_make")
    params: dict[str, str | int] = {"value": "Q", "typed": "JR.", "known": "HONDA", "make": "FORD"}
    notes = [protocol.ProblemInfo(field="", code=code, params=params) for code in codes]
    signed = FakeSession().signed(protocol.SignOn(LICENSE))
    signed_on = SignedOnContext(FakeSession(), TERMINAL, signed, lambda: NOW)
    review = ReviewScreen(signed_on, replace(checked(REQUEST), notes=notes))
    assert review._told()[0].startswith("This VIN is a HONDA's")
