"""Insurer lists as DFS and spreadsheets write them."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from iies_tui.adapters.trust import icc_csv
from iies_tui.authority.training import insurers_csv
from iies_tui.domain.errors import Refused
from iies_tui.domain.insurer import Insurer
from iies_tui.text import has

HEAD = "icc,name,naic,status\n"


def _only(text: str) -> Insurer:
    found = icc_csv.read(text.encode()).insurers
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("901,NORTH,90901,active", Insurer("901", "NORTH", "90901", True, False)),
        ("*901,NORTH,90901,active", Insurer("901", "NORTH", "90901", False, False)),
        ("901,*NORTH,,", Insurer("901", "NORTH", "", False, False)),
        ("* 901,NORTH,,", Insurer("901", "NORTH", "", False, False)),
        ("901,NORTH,,Inactive", Insurer("901", "NORTH", "", False, False)),
        ("901,NORTH", Insurer("901", "NORTH", "", True, False)),
        ("7,NORTH,7,", Insurer("007", "NORTH", "00007", True, False)),
        (
            '901,"NORTH, EAST & ""WEST"" CO",,',
            Insurer("901", 'NORTH, EAST & "WEST" CO', "", True, False),
        ),
        ("901,  NORTH   CO ,,", Insurer("901", "NORTH CO", "", True, False)),
        ("901,CAFE\u0301,,", Insurer("901", "CAF\u00c9", "", True, False)),
    ],
)
def test_habits_that_are_handled(line: str, expected: Insurer) -> None:
    assert _only(HEAD + line + "\n") == expected


def test_byte_order_mark_crlf_and_blank_lines() -> None:
    data = b"\xef\xbb\xbficc,name\r\n\r\n901,NORTH\r\n,,,\r\n902,SOUTH"
    assert [one.icc for one in icc_csv.read(data).insurers] == ["901", "902"]


def test_no_header_and_a_header_in_another_order() -> None:
    assert _only("901,NORTH,90901,active\n").name == "NORTH"
    assert _only("status,name,icc\ninactive,NORTH,901\n") == Insurer(
        "901", "NORTH", "", False, False
    )


def test_notes_name_the_line() -> None:
    table = icc_csv.read((HEAD + "7,A,,\n901,B,,\n901,B,,\n").encode())
    assert [(note.row, note.code) for note in table.notes] == [
        (2, "csv_zeros"),
        (4, "csv_repeated"),
    ]
    assert [one.icc for one in table.insurers] == ["007", "901"]


@pytest.mark.parametrize(
    ("text", "row", "code"),
    [
        (HEAD + "901,A,,\n9O1,B,,\n", 3, "csv_icc"),
        (HEAD + "1234,A,,\n", 2, "csv_icc"),
        (HEAD + ",A,,\n", 2, "csv_icc"),
        (HEAD + "٩٠١,A,,\n", 2, "csv_icc"),
        (HEAD + "901,,,\n", 2, "csv_name"),
        (HEAD + "901," + "A" * 121 + ",,\n", 2, "csv_name"),
        (HEAD + "901,A\x07B,,\n", 2, "csv_name"),
        (HEAD + "901,A,123456,\n", 2, "csv_naic"),
        (HEAD + "901,A,,gone\n", 2, "csv_status"),
        (HEAD + "901,A,,active,more\n", 2, "csv_columns"),
        (HEAD + "901\n", 2, "csv_columns"),
        (HEAD + "901,A,,\n902,B,,\n901,C,,\n", 4, "csv_differs"),
        (HEAD + "901,A,,\n*901,A,,\n", 3, "csv_differs"),
        ("code,title\n901,A\n", 1, "csv_icc"),
        ("icc,title\n901,A\n", 1, "csv_header"),
        (HEAD, 1, "csv_empty"),
        ("", 1, "csv_empty"),
        (HEAD + '901,"A,,\n', 2, "csv_quotes"),
    ],
)
def test_refused_by_line(text: str, row: int, code: str) -> None:
    with pytest.raises(Refused) as refused:
        icc_csv.read(text.encode())
    assert refused.value.code == "icc_csv"
    first = refused.value.problems[0]
    assert (first.row, first.code) == (row, code)
    assert has(f"problem.{first.code}")


def test_all_problems_at_once() -> None:
    with pytest.raises(Refused) as refused:
        icc_csv.read((HEAD + "x,A,,\n901,,,\n902,B,,q\n").encode())
    assert [problem.row for problem in refused.value.problems] == [2, 3, 4]


def test_latin_1_is_refused_with_its_line() -> None:
    with pytest.raises(Refused) as refused:
        icc_csv.read(HEAD.encode() + b"901,CAF\xc9,,\n")
    assert (refused.value.problems[0].row, refused.value.problems[0].code) == (2, "csv_not_utf8")


def test_too_large() -> None:
    with pytest.raises(Refused) as refused:
        icc_csv.read(bytes(icc_csv.MAX_BYTES + 1))
    assert refused.value.code == "icc_csv_size"


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda b: b.decode("latin-1")))
def test_anything_is_read_or_refused(text: str) -> None:
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return
    try:
        table = icc_csv.read(data)
    except Refused as refused:
        assert refused.problems
    else:
        assert table.insurers


def test_the_training_list() -> None:
    table = icc_csv.read(insurers_csv())
    assert len(table.insurers) >= 40
    assert not table.notes or {note.code for note in table.notes} == {"csv_zeros"}
    assert 3 <= sum(not one.active for one in table.insurers) <= 10
    assert Insurer("901", "NORTH COUNTRY MUTUAL INS CO", "90901", True, False) in table.insurers
