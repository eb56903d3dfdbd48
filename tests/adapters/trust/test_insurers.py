"""The insurer look-up: what is typed and what is found."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from iies_tui.adapters.trust.insurers import InsurerIndex
from iies_tui.domain.insurer import Insurer
from iies_tui.issuance.ports.trust import InsurerList
from tests.bench import insurers as bench

NAMES = {
    "042": "ZEBRA INDEMNITY CO",
    "101": "NORTH COUNTRY MUTUAL INS CO",
    "102": "NORTH COUNTRY INSURANCE COMPANY",
    "103": "LAKE & VALLEY INSURANCE COMPANY",
    "104": "FARMER'S HARVEST MUT. FIRE INS. CO.",
    "105": "MID-STATE CASUALTY AND SURETY CO",
    "106": "U.S.H. NATL ASSN",
    "107": "J D GRANITE INC",
    "108": "CAFÉ DE LA PEÑA INS CO",
    "109": "21ST HARBOR INSURANCE CORP",
    "110": "OLD HARBOR SURETY CO",
}
INDEX = InsurerIndex(
    Insurer(icc, name, active=icc != "110") for icc, name in reversed(NAMES.items())
)


def _found(words: str, limit: int = 50) -> list[str]:
    return [insurer.icc for insurer in INDEX.find(words, limit)]


def test_it_is_the_port() -> None:
    port: InsurerList = INDEX
    assert port.by_icc("042") == Insurer("042", "ZEBRA INDEMNITY CO")
    assert port.by_icc("42") is None
    assert len(INDEX) == len(NAMES)


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("042", ["042"]),
        ("10", ["101", "102", "103", "104", "105", "106", "107", "108", "109"]),
        (" 0 ", ["042"]),
        ("21", ["109"]),
        ("999", []),
        ("north", ["102", "101"]),
        ("cou nor", ["102", "101"]),
        ("NORTH COUNTRY INS CO", ["102", "101"]),
        ("north country insurance company", ["102", "101"]),
        ("north co", ["102", "101"]),
        ("mutual north", ["101"]),
        ("lake and valley", ["103"]),
        ("lake & valley", ["103"]),
        ("lake valley", ["103"]),
        ("farmers", ["104"]),
        ("farmer's harv", ["104"]),
        ("mutual fire", ["104"]),
        ("midstate", ["105"]),
        ("mid state", ["105"]),
        ("mid-state", ["105"]),
        ("cas & surety", ["105"]),
        ("ush", ["106"]),
        ("u.s.h.", ["106"]),
        ("u.s", ["106"]),
        ("national association", ["106"]),
        ("natl assn", ["106"]),
        ("jd granite", ["107"]),
        ("j.d. granite", ["107"]),
        ("cafe pena", ["108"]),
        ("café peña", ["108"]),
        ("21st", ["109"]),
        ("old harbor", ["110"]),
        ("qqqq", []),
        ("&", ["103", "105"]),
        ("---", []),
    ],
)
def test_prefixes_in_any_order(typed: str, codes: list[str]) -> None:
    assert _found(typed) == codes


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("zebar", "042"),
        ("zbra", "042"),
        ("zzebra", "042"),
        ("zebta", "042"),
        ("harvset farm", "104"),
        ("northcountry", None),
        ("granit inc", "107"),
        ("grnaite", "107"),
        ("valey lake insurance", "103"),
        ("zebar indemnyti", None),
        ("zbr", None),
    ],
)
def test_one_slip(typed: str, code: str | None) -> None:
    assert _found(typed) == ([code] if code else [])


def test_alphabetical_and_limited() -> None:
    names = [insurer.name for insurer in INDEX.find("", 50)]
    assert names == sorted(names)
    assert len(names) == len(NAMES)
    assert len(_found("", 3)) == 3
    assert _found("in", 0) == []
    inactive = [insurer.icc for insurer in INDEX.find("", 50) if not insurer.active]
    assert inactive == ["110"]


def test_an_empty_list() -> None:
    empty = InsurerIndex(())
    assert empty.find("", 5) == empty.find("north", 5) == empty.find("1", 5) == ()
    assert empty.by_icc("101") is None


@given(st.text(max_size=100))
def test_any_text_may_be_typed(typed: str) -> None:
    found = INDEX.find(typed, 5)
    assert len(found) <= 5
    assert len(set(found)) == len(found)


@given(st.sampled_from(sorted(NAMES)), st.data())
def test_a_name_is_found_by_the_starts_of_its_words(code: str, data: st.DataObject) -> None:
    parts = NAMES[code].split()
    parts = data.draw(st.permutations(parts))[: data.draw(st.integers(1, len(parts)))]
    typed = " ".join(part[: data.draw(st.integers(1, len(part)))].lower() for part in parts)
    assert code in _found(typed)


def test_the_long_list_agrees_with_a_plain_search() -> None:
    """The shortcuts for common words find what going through every name finds."""
    insurers = bench.fictional_names(12_000, seed=3)
    index = InsurerIndex(insurers)
    for query in ("IN CO", "MUT FIRE", "CAS SUR", "MUT CAS", "N I", "NORTH COUN", "B CO INS"):
        starts = query.split()
        plain = sorted(
            {
                (insurer.name, insurer.icc)
                for insurer in insurers
                if all(any(w.startswith(s) for w in _full(insurer.name)) for s in starts)
            }
        )
        found = [(insurer.name, insurer.icc) for insurer in index.find(query, 40)]
        assert found == plain[:40]


def _full(name: str) -> list[str]:
    longer = {"INS": "INSURANCE", "CO": "COMPANY", "MUT": "MUTUAL", "CAS": "CASUALTY"}
    return [longer.get(word, word) for word in name.split() if word != "&"]


@pytest.mark.heavy
def test_a_hundred_thousand_names(full_count: object, record_figure: object) -> None:
    """Each query finds what it must among so many; what it takes is a figure, not a verdict."""
    assert callable(full_count)
    assert callable(record_figure)
    count = full_count("insurer names", sample=20_000, full=100_000)
    names = bench.fictional_names(count)
    index = InsurerIndex(names)
    times = bench.milliseconds(index, bench.PREFIXES + bench.SLIPS, 5)
    record_figure("insurer look-up ms", {"names": count, **times})
    for insurer in names[:: count // 20]:
        words = [word[:-1] or word for word in insurer.name.split()[:2]]
        assert insurer in index.find(" ".join(reversed(words)), count)
