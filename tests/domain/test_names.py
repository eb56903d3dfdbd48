"""Names of persons and organizations (15 NYCRR 32.13, 32.10(b)(8) to (14))."""

from __future__ import annotations

import string
import unicodedata

import pytest
from hypothesis import given, strategies as st

from iies_tui.domain import names
from iies_tui.domain.findings import Collector, Findings


def _person(last: str = "DOE", first: str = "JOHN", middle: str = "", suffix: str = "") -> Findings:
    found = Collector()
    names.check_registrant(found, "r", last, first, middle, suffix, "")
    return found.findings()


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("doe", "DOE"),
        ("pen\u0303a", "PEÑA"),
        ("Strauß", "STRAUß"),
        ("ılgaz", "ıLGAZ"),
        ("ŉ", "ŉ"),
        ("ſmith", "ſMITH"),
        ("smith & sons", "SMITH & SONS"),
    ],
)
def test_normalized_is_upper_case_and_no_other_spelling(typed: str, stored: str) -> None:
    assert names.normalize(typed) == stored


@given(st.text())
def test_normalizing_twice_changes_nothing(text: str) -> None:
    once = names.normalize(text)
    assert names.normalize(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(st.text(alphabet=st.characters(min_codepoint=128)))
def test_a_foreign_letter_never_becomes_a_plain_one_silently(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    if not any(sign.isascii() for sign in composed):
        assert not any(sign.isascii() for sign in names.normalize(text))


@pytest.mark.parametrize(
    ("text", "proposal"),
    [
        ("PEÑA", "PENA"),
        ("O'NEIL", "ONEIL"),
        ("O’NEIL", "ONEIL"),
        ("STRAUß", "STRAUSS"),
        ("ŁUKASZ", "LUKASZ"),
        ("BJØRN", "BJORN"),
        ("ÆTHEL", "AETHEL"),
        ("GARCÍA–LÓPEZ", "GARCIA-LOPEZ"),
        ("ST. JOHN", "ST JOHN"),
        ("VAN DER BERG,ANNA", "VAN DER BERG ANNA"),
        ("李", ""),
        ("ИВАНОВ", ""),
        ("ИВАНОВ A", ""),
        ("SMITH 3", ""),
        ("SMITH & JONES", ""),
        ("SMITH/JONES", ""),
        ("ŋ", ""),
    ],
)
def test_the_plain_spelling_is_proposed(text: str, proposal: str) -> None:
    assert names.plain(text) == proposal
    found = _person(last=text).problems
    assert found[0].params.get("proposal", "") == proposal
    assert found[0].field == "r.last"


@given(st.text(max_size=30))
def test_a_proposal_is_in_the_alphabet_and_stays(text: str) -> None:
    proposal = names.plain(text)
    assert set(proposal) <= names.PERSON_SIGNS
    assert names.plain(proposal) == proposal


@pytest.mark.parametrize(
    ("text", "proposal"),
    [
        ("123 ½ MAIN ST", "123 1/2 MAIN ST"),
        ("123½ MAIN ST", "123 1/2 MAIN ST"),
        ("12 ⅔ RUE É", "12 2/3 RUE E"),
        ("１２ MAIN ST", "12 MAIN ST"),
        ("APT № 5", "APT NO 5"),
        ("5² MAIN ST", ""),
        ("1º MAIN ST", ""),
        ("50€ SHOP", ""),
        ("УЛИЦА 5", ""),
        ("A_B", ""),
    ],
)
def test_an_address_in_plain_signs(text: str, proposal: str) -> None:
    found = Collector()
    names.check_address(found, (text,))
    (problem,) = found.findings().problems
    assert problem.params.get("proposal", "") == proposal
    assert problem.code == ("text_signs" if proposal else "text_signs_none")


_LETTERS_APART = str.maketrans(
    {"Æ": "AE", "Œ": "OE", "Ø": "O", "Đ": "D", "Ð": "D", "Ł": "L", "Þ": "TH"}
)


def _folded(text: str) -> str:
    """Every letter and digit, capital and without accents: written apart from the rule's code."""
    capital = text.upper().translate(_LETTERS_APART)
    spread = unicodedata.normalize("NFKD", capital).upper().translate(_LETTERS_APART)
    return "".join(sign for sign in spread if sign.isalnum())


@given(
    st.one_of(
        st.text(max_size=30),
        st.text("ABÉÑßÆØŁ½¾№ 3ИД'.,-–’²º&/", max_size=12),
    ),
    st.sampled_from((names.PERSON_SIGNS, names.TEXT_SIGNS)),
)
def test_a_proposal_has_every_letter_and_digit(text: str, allowed: frozenset[str]) -> None:
    proposal = names.plain(text, allowed)
    assert set(proposal) <= allowed
    if proposal:
        assert _folded(proposal) == _folded(text)


@pytest.mark.parametrize(
    ("name", "typed", "known"),
    [("SMITH 3RD", "3RD", "III"), ("SMITH, JR.", "JR.", "JR"), ("SMITH 1ST", "1ST", "I")],
)
@pytest.mark.parametrize("field", ["last", "first"])
def test_a_suffix_behind_a_name_goes_into_its_own_field(
    field: str, name: str, typed: str, known: str
) -> None:
    found = _person(**{field: name}).problems
    assert [(p.field, p.code, p.params) for p in found] == [
        (f"r.{field}", "name_suffix", {"typed": typed, "suffix": known})
    ]


def test_a_middle_initial_with_a_point_is_no_suffix() -> None:
    assert [p.code for p in _person(first="JOHN V.").problems] == ["name_signs"]


@given(st.text(alphabet=string.ascii_uppercase, min_size=1, max_size=40))
def test_plain_names_are_taken_unmodified(name: str) -> None:
    assert _person(last=name).problems == ()
    assert names.normalize(name.lower()) == name


@pytest.mark.parametrize("name", ["SMITH-JONES", "VAN DYKE", "DE LA CRUZ", "O"])
def test_hyphen_and_blank(name: str) -> None:
    assert _person(last=name) == Findings()


@pytest.mark.parametrize("name", ["-SMITH", "SMITH-", "SMITH--JONES", "-"])
def test_stray_hyphens(name: str) -> None:
    assert [p.code for p in _person(last=name).problems] == ["name_hyphen"]


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("", ""),
        ("jr", "JR"),
        ("Jr.", "JR"),
        ("Junior", "JR"),
        ("SENIOR", "SR"),
        ("iii", "III"),
        ("2nd", "II"),
        ("3RD", "III"),
        ("4th", "IV"),
        ("10TH", "X"),
        (", II", "II"),
        ("ESQ", None),
        ("MD", None),
        ("11TH", None),
        ("IIII", None),
    ],
)
def test_suffixes(typed: str, known: str | None) -> None:
    assert names.suffix(typed) == known


def test_jr_is_never_made_a_number() -> None:
    """JR need not be II: the clerk is told what DMV's form takes, and the value stays."""
    found = _person(suffix="JR")
    assert found.problems == ()
    assert [(note.field, note.code) for note in found.notes] == [("r.suffix", "suffix_not_roman")]
    assert _person(suffix="III") == Findings()


@pytest.mark.parametrize("name", ["JOHN DOE DBA ACME", "DOE D/B/A ACME", "DOE T/A ACME"])
def test_dba_is_explained(name: str) -> None:
    found = Collector()
    names.check_organization(found, "organization", name, "")
    assert [note.code for note in found.findings().notes] == ["dba"]


@pytest.mark.parametrize("name", ["SANDBAR INC", "ABDBA LLC", "AT&T", "O'HARA & SONS, INC. #2"])
def test_organizations(name: str) -> None:
    found = Collector()
    names.check_organization(found, "organization", name, "123456789")
    assert found.findings() == Findings()


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", None),
        ("123456789", None),
        ("12345678", "fein_form"),
        ("1234567890", "fein_form"),
        ("12345678A", "fein_form"),
        ("١٢٣٤٥٦٧٨٩", "fein_form"),
        ("123456789\n", "fein_form"),
        ("111111111", "fein_same"),
    ],
)
def test_nine_digits(number: str, code: str | None) -> None:
    found = Collector()
    names.check_number(found, "f", number, "fein")
    assert [p.code for p in found.findings().problems] == ([code] if code else [])


def test_what_was_reported_already_is_not_reported_again() -> None:
    found = Collector()
    names.check_registrant(found, "r", None, None, None, None, None)
    names.check_organization(found, "o", None, None)
    names.check_address(found, (None,))
    assert found.findings() == Findings()
