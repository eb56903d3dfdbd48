"""The office's choices of pages and fax files: the Options, and what one command says instead."""

from __future__ import annotations

import pytest

from iies_tui.domain.card import Layout
from iies_tui.domain.errors import Refused
from iies_tui.domain.options import Options, read
from iies_tui.domain.pages import CHOICES, FaxFile, PageChoice, chosen
from iies_tui.text import has


def test_nothing_chosen_is_the_plain_page_alone() -> None:
    options = Options()
    assert options.pages() == PageChoice(Layout.PLAIN, information=False) == PageChoice()
    assert read(dict.fromkeys(CHOICES, "")) == read({}) == options
    assert options.fax_kind() is None
    assert not options.cover()


def test_the_options_hold_until_something_else_is_said() -> None:
    options = read(
        {
            "page_layout": "window",
            "page_information": "yes",
            "fax_cover": "yes",
            "fax_file": "g4-standard",
        }
    )
    assert options.pages() == PageChoice(Layout.WINDOW, information=True)
    assert options.pages("plain", "no") == PageChoice()
    assert options.cover() and not options.cover("no")
    assert options.fax_kind() is FaxFile.G4_STANDARD
    assert options.fax_kind("no") is None
    assert options.fax_kind("g3-standard", wanted=True) is FaxFile.G3_STANDARD


def test_a_fax_file_that_is_wanted_without_a_kind_is_what_every_modem_takes() -> None:
    assert Options().fax_kind(wanted=True) is FaxFile.G3_FINE


@pytest.mark.parametrize("name", CHOICES)
def test_a_value_that_is_no_choice_is_refused_by_name(name: str) -> None:
    with pytest.raises(Refused, match="option_unknown") as refused:
        chosen(name, "WINDOW")
    assert refused.value.problems[0].field == name
    assert has("problem.option_unknown") and has("error.option_unknown")
    for value in CHOICES[name]:
        assert chosen(name, value) == value


def test_what_is_asked_for_just_now_is_a_choice_or_refused() -> None:
    for ask in (
        lambda: Options().pages("wide"),
        lambda: Options().pages("", "perhaps"),
        lambda: Options().cover("maybe"),
        lambda: Options().fax_kind("g5"),
    ):
        with pytest.raises(Refused, match="option_unknown"):
            ask()
