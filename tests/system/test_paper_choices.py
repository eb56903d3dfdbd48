"""What the office may choose of the pages, through the shipped command; CUPS as it is to be set."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from iies_tui.text import words
from tests.support.cups_fixture import SETTINGS
from tests.support.pdf_facts import text_of
from tests.support.terminal import Terminal


def test_layout_policyholders_page_and_fax_file_are_as_asked_and_come_again(
    terminal: Terminal, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    text = terminal.file("state/policyholder.txt", "OUR OWN TITLE\n\nOur own words.\n")
    text.chmod(0o600)
    ran = terminal.issue(
        None, "--out", out, "--layout", "window", "--information", "yes",
        "--fax-sheet", "--tiff-as", "g4-standard",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    (card,) = ran.json["cards"]
    first = Path(card["pdf"]).read_bytes()
    assert words("paper.window_heading") in text_of(first, 0)
    assert "Our own words." in text_of(first, 1)
    picture = Image.open(BytesIO(Path(card["fax_tiff"]).read_bytes()))
    assert picture.size == (1728, 11 * 98)
    assert picture.tag_v2[259] == 4  # type: ignore[attr-defined]

    text.write_text("ANOTHER TITLE\n\nOther words.\n")
    again = terminal.run(
        "register", "export", card["serial"], "--out", tmp_path / "again", "--tiff",
        *terminal.signed(), "--json",
    )  # fmt: skip
    assert again.code == 0, again.err
    assert Path(again.json["cards"][0]["pdf"]).read_bytes() == first
    fine = Image.open(BytesIO(Path(again.json["cards"][0]["fax_tiff"]).read_bytes()))
    assert fine.size == (1728, 11 * 196)

    judged = terminal.run("verify", card["pdf"], "--json").json["symbols"]
    assert [(one["page"], one["verdict"], one["face"]) for one in judged] == [
        (1, "SPECIMEN", "MATCH")
    ] * 2


def test_the_window_layout_asks_for_an_address_before_anything_is_sealed(
    terminal: Terminal,
) -> None:
    ran = terminal.issue(terminal.request(address=[]), "--layout", "window")
    assert ran.code == 1
    assert [(one["field"], one["code"]) for one in ran.json["errors"]] == [
        ("address", "window_no_address")
    ]
    assert "intent" not in terminal.events()


def test_a_choice_that_there_is_not_is_wrong_usage(terminal: Terminal) -> None:
    assert terminal.issue(None, "--layout", "landscape").code == 2


@pytest.mark.parametrize(
    ("file", "setting"),
    [
        ("cupsd.conf", "DirtyCleanInterval 0"),
        ("cups-files.conf", "SyncOnClose Yes"),
        ("cupsd.conf", "ErrorPolicy stop-printer"),
        ("cupsd.conf", "PreserveJobFiles No"),
        ("cupsd.conf", "Listen /run/cups/cups.sock"),
        ("cupsd.conf", "Browsing No"),
        ("cupsd.conf", "WebInterface No"),
        ("cupsd.conf", "DefaultPolicy terminal"),
    ],
)
def test_cups_is_set_as_the_issue_names_it(file: str, setting: str) -> None:
    """The settings measured to matter; the private cupsd of the tests runs on them."""
    lines = [line.strip() for line in (SETTINGS / file).read_text().splitlines()]
    name = setting.split()[0]
    assert [line for line in lines if line.split()[:1] == [name]] == [setting]
    assert not any(line.startswith(("Port", "SSLListen", "BrowseLocal")) for line in lines)
