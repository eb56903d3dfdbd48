"""The office's choices of pages and fax files: the Options, and what one command says instead."""

from __future__ import annotations

import pytest

from iies_tui.domain.card import Layout
from iies_tui.domain.errors import Refused
from iies_tui.domain.pages import (
    CHOICES,
    FaxFile,
    PageChoice,
    check_options,
    fax_cover,
    fax_file,
    page_choice,
)
from iies_tui.text import has


def test_nothing_chosen_is_the_plain_page_alone() -> None:
    assert page_choice({}) == PageChoice(Layout.PLAIN, information=False)
    assert page_choice({"page_layout": "", "page_information": ""}) == PageChoice()
    assert fax_file({}, wanted=False) is None
    assert not fax_cover({})


def test_the_options_hold_until_something_else_is_said() -> None:
    options = {
        "page_layout": "window",
        "page_information": "yes",
        "fax_cover": "yes",
        "fax_file": "g4-standard",
    }
    assert page_choice(options) == PageChoice(Layout.WINDOW, information=True)
    assert page_choice(options, "plain", "no") == PageChoice()
    assert fax_cover(options) and not fax_cover(options, "no")
    assert fax_file(options, wanted=False) is FaxFile.G4_STANDARD
    assert fax_file(options, wanted=False, asked="no") is None
    assert fax_file(options, wanted=True, asked="g3-standard") is FaxFile.G3_STANDARD


def test_a_fax_file_that_is_wanted_without_a_kind_is_what_every_modem_takes() -> None:
    assert fax_file({}, wanted=True) is FaxFile.G3_FINE


@pytest.mark.parametrize("name", CHOICES)
def test_a_value_that_is_no_choice_is_refused_by_name(name: str) -> None:
    with pytest.raises(Refused, match="option_unknown") as refused:
        check_options({name: "WINDOW"})
    assert refused.value.problems[0].field == name
    assert has("problem.option_unknown") and has("error.option_unknown")
    check_options(dict.fromkeys(CHOICES, ""))
    for value in CHOICES[name]:
        check_options({name: value})
