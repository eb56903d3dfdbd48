"""The rules together: all at once, nothing twice, and words for everything they say."""

from __future__ import annotations

import ast
import tomllib
from datetime import date
from importlib import resources

from hypothesis import given, strategies as st

from iies_tui.domain.card import CardRequest, Form, Registrant, Vehicle
from iies_tui.domain.dates import Limits
from iies_tui.domain.findings import Collector, Findings
from iies_tui.domain.insurer import Insurer
from iies_tui.domain.request import examine, facts, to_json
from iies_tui.domain.rules import Draft, DraftRegistrant, DraftVehicle, check
from iies_tui.domain.strict_json import Fault
from iies_tui.text import has
from tests.support.places import PACKAGE

TODAY = date(2026, 11, 22)
INSURER = Insurer("901", "NORTH COUNTRY MUTUAL INS CO")
REQUEST = CardRequest(
    form=Form.FS_20,
    icc="901",
    policy="PA-1234567-01",
    effective=date(2026, 12, 1),
    expiration=date(2027, 12, 1),
    registrants=(Registrant("DOE", "JOHN", "Q", "", "123456789"),),
    organization=None,
    address=("1 MAIN ST", "ALBANY NY 12207"),
    vehicles=(Vehicle(2003, "HONDA", "1HGCM82633A004352"),),
    fleet=None,
)


def _check(
    request: CardRequest, insurer: Insurer | None = INSURER, license: str = "BR-123456"
) -> Findings:
    data, look_up = to_json(request), {request.icc: insurer}.get
    examined = examine(data, insurer=look_up, license=license, today=TODAY, limits=Limits())
    return examined.findings


def test_a_right_card_has_no_findings() -> None:
    assert _check(REQUEST) == Findings()


def test_everything_wrong_at_once_in_the_form_s_order() -> None:
    wrong = Draft(
        form=Form.FS_20,
        icc="999",
        policy="",
        effective=date(2026, 12, 1),
        expiration=date(2026, 12, 1),
        registrants=(DraftRegistrant("DO3", "", "QU", "", ""),),
        organization=("ACME", "1"),
        address=("A" * 50,),
        vehicles=(DraftVehicle(2003, "HONDAS", "1HGCM82633A004325"),),
        fleet=(3, False),
    )
    found = check(wrong, insurer=None, license="BR-123456", today=TODAY, limits=Limits())
    assert [problem.field for problem in found.problems] == [
        "icc",
        "policy",
        "expiration",
        "organization",
        "organization.fein",
        "registrants[0].last",
        "registrants[0].first",
        "registrants[0].middle",
        "address[0]",
        "fleet",
        "fleet.vehicles",
        "vehicles[0].make",
        "vehicles[0].vin",
    ]


def test_an_unreadable_draft_reports_nothing_twice() -> None:
    unread = Draft(None, None, None, None, None, None, None, None, None, None)
    found = check(unread, insurer=None, license="BR-123456", today=TODAY, limits=Limits())
    assert found == Findings()


def test_another_insurer_than_the_code_s_is_unknown() -> None:
    assert [p.code for p in _check(REQUEST, Insurer("902", "X")).problems] == ["icc_unknown"]


def test_findings_of_a_row() -> None:
    found = Collector()
    found.problem("icc", "icc_unknown", icc="999")
    found.note("form", "form_fs21")
    rowed = found.findings().with_row(7)
    assert [item.row for item in rowed.problems + rowed.notes] == [7, 7]
    assert rowed.problems[0].params == {"icc": "999"}
    assert (rowed + rowed).notes == rowed.notes * 2


NAME = st.text(alphabet="ABCXYZ", min_size=1, max_size=60)
PEOPLE = st.lists(
    st.builds(Registrant, NAME, NAME, st.just("Q"), st.just("III"), st.just("123456789")),
    min_size=1,
    max_size=2,
)


@given(PEOPLE, st.text(alphabet="P-1", min_size=1, max_size=30))
def test_what_is_accepted_fits_the_bar_code(people: list[Registrant], policy: str) -> None:
    """With the longest license and everything else at its longest (``docs/envelope.md``)."""
    from iies_tui.adapters.barcode.claims import encode
    from iies_tui.domain.envelope import MAX_CLAIMS

    request = CardRequest(
        *(Form.FS_20, "901", policy, REQUEST.effective, REQUEST.expiration, tuple(people)),
        *(None, (), (Vehicle(2003, "HONDA", "1HGCM82633A004352"),), None),
    )
    license = "L" * 24
    found = _check(request, INSURER, license)
    if not found.problems:
        (card,) = facts(request, license, INSURER, TODAY)
        assert len(encode(card)) <= MAX_CLAIMS


# -- words ------------------------------------------------------------------------------------

_CALLS = {"problem": "problem", "note": "note", "Problem": "either", "Refused": "error"}
_MODULES = (
    *(
        f"domain/{name}"
        for name in (
            *("dates", "names", "vin", "vehicle", "rules", "request", "reader", "request_csv"),
            *("findings", "insurer", "batch_file", "spreadsheet", "options", "headings"),
            *("written_dates", "same_faults", "registered"),
        )
    ),
    "issuance/cards/issue",
    *(f"issuance/batches/{name}" for name in ("batches", "check", "run", "one_pdf")),
)
_COMPOSED = {
    f"problem.{start}{end}"
    for start, ends in {
        "name_signs": ("", "_none"),
        "text_signs": ("", "_none"),
        "driver_license": ("_form", "_same"),
        "fein": ("_form", "_same"),
        "date_": ("unreadable", "impossible"),
    }.items()
    for end in ends
} | {f"error.request_{fault}" for fault in Fault}
_COMPOSED |= {f"note.waived_{code}" for code in ("vin_check", "vin_length")}
"""Codes that are put together where they are raised."""


def _codes() -> set[str]:
    """Every code that stands as a constant in a call, or in what a ``code`` is set to."""
    found = set(_COMPOSED)
    for module in _MODULES:
        for node in ast.walk(ast.parse((PACKAGE / f"{module}.py").read_text())):
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "code":
                found |= {f"problem.{code}" for code in _constants(node.value)}
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            place = 0 if name == "Refused" else 1
            if name in _CALLS and len(node.args) > place:
                found |= {f"{_CALLS[name]}.{code}" for code in _constants(node.args[place])}
    return {code for code in found if not code.endswith((".name_signs_", ".text_signs_"))}


def _constants(node: ast.expr) -> set[str]:
    """The strings that an expression may be; a joined one is in ``_COMPOSED``."""
    if isinstance(node, ast.Constant):
        return {str(node.value)}
    if isinstance(node, ast.IfExp):
        return _constants(node.body) | _constants(node.orelse)
    return set()


def test_every_code_has_words() -> None:
    codes = _codes()
    assert len(codes) > 90
    assert {code for code in codes if not _has_words(code)} == set()


def _has_words(code: str) -> bool:
    """A Problem is an error or a note by the list that it is put in."""
    table, _, name = code.partition(".")
    return any(
        has(f"{one}.{name}") for one in (("problem", "note") if table == "either" else (table,))
    )


def test_every_word_is_used() -> None:
    folder = resources.files("iies_tui.text") / "en"
    known = _codes() | {
        f"{table}.{node.value}"
        for module in _MODULES
        for node in ast.walk(ast.parse((PACKAGE / f"{module}.py").read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for table in ("problem", "note", "error")
    }
    for name, tables in (("problems.toml", ("problem", "note")), ("requests.toml", ("error",))):
        texts = tomllib.loads((folder / name).read_text("utf-8"))
        for table in tables:
            assert {f"{table}.{code}" for code in texts[table]} <= known
    texts = tomllib.loads((folder / "problems.toml").read_text("utf-8"))
    assert texts["problem_long"].keys() <= texts["problem"].keys()
    assert texts["note_long"].keys() <= texts["note"].keys()
