"""Real destinations: an IPP Everywhere printer, a distiller, a fax queue, through CUPS' filters."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from iies_tui.text import words
from tests.support.cups_fixture import PrivateCups
from tests.support.pdf_facts import text_of
from tests.support.places import SUPPORT
from tests.support.terminal import Terminal


@pytest.fixture
def everywhere(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """An IPP Everywhere printer on the loopback: its URI, and where its pages go."""
    shim = tmp_path / "noavahi.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", shim, SUPPORT / "noavahi.c"], check=True)
    pages = tmp_path / "pages"
    pages.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    printer = subprocess.Popen(
        ["/usr/sbin/ippeveprinter", "-r", "off", "-n", "localhost", "-p", str(port), "-d", pages,
         "-k", "-f", "application/pdf", "EVE"],
        env={**os.environ, "LD_PRELOAD": os.fspath(shim)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield f"ipp://localhost:{port}/ipp/print", pages
    finally:
        printer.terminate()
        printer.wait()


def answers(uri: str) -> bool:
    host, _, port = uri.split("/")[2].partition(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


def check_printed(terminal: Terminal, server: PrivateCups, queue: str, pages: Path) -> None:
    """One card through the queue: completed, one page file, and its bar code verifies."""
    environment = {"CUPS_SERVER": str(server.socket)}
    ran = terminal.issue(None, "--print", queue, environment=environment)
    assert ran.code == 0, ran.err + server.log()
    (card,) = ran.json["cards"]
    assert card["state"] == "COMPLETED"
    server.wait_for(lambda: any(pages.rglob("*.pdf")), "a page file")
    (page,) = pages.rglob("*.pdf")
    judged = terminal.run("verify", page, "--json").json["symbols"]
    assert {(one["serial"], one["verdict"]) for one in judged} == {(card["serial"], "SPECIMEN")}


def test_an_ipp_everywhere_printer(
    terminal: Terminal, private_cups: PrivateCups, everywhere: tuple[str, Path]
) -> None:
    uri, pages = everywhere
    private_cups.wait_for(lambda: answers(uri), "the printer answers")
    private_cups.run("lpadmin", "-p", "EVE", "-E", "-v", uri, "-m", "everywhere")
    check_printed(terminal, private_cups, "EVE", pages)


def test_a_queue_that_distills_postscript_as_cups_pdf_does(
    terminal: Terminal, private_cups: PrivateCups, tmp_path: Path
) -> None:
    """The page leaves PDF on its way, and its bar code reads all the same."""
    private_cups.add_queue("PDF", kind="postscript")
    environment = {"CUPS_SERVER": str(private_cups.socket)}
    ran = terminal.issue(None, "--print", "PDF", environment=environment)
    assert ran.code == 0, ran.err + private_cups.log()
    (card,) = ran.json["cards"]
    (printed,) = private_cups.printed()
    assert (printed.title, printed.data[:4]) == (card["serial"], b"%!PS")
    distilled = tmp_path / "distilled.pdf"
    subprocess.run(
        ["gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", "-o", distilled, "-"],
        input=printed.data,
        check=True,
    )
    judged = terminal.run("verify", distilled, "--json").json["symbols"]
    assert [one["verdict"] for one in judged] == ["SPECIMEN"] * 2
    assert {one["serial"] for one in judged} == {card["serial"]}


def test_a_fax_queue_gets_number_cover_and_sheet(
    terminal: Terminal, private_cups: PrivateCups
) -> None:
    """And the card page none of its own; a banner page that the queue wants is not sent."""
    private_cups.add_queue("FAX", "-o", "job-sheets-default=standard", kind="fax")
    environment = {"CUPS_SERVER": str(private_cups.socket)}
    refused = terminal.issue(None, "--print", "FAX", environment=environment)
    assert refused.code == 1 and refused.json["errors"][0]["code"] == "fax_number"
    ran = terminal.issue(
        None, "--print", "FAX", "--fax-to", "+1 (518) 555-0100", "--fax-cover", "yes",
        environment=environment,
    )  # fmt: skip
    assert ran.code == 0, ran.err + private_cups.log()
    (card,) = ran.json["cards"]
    (printed,) = private_cups.printed()
    assert printed.title == card["serial"]
    assert "phone=+15185550100" in private_cups.options()[printed.job]
    cover, sheet = (text_of(printed.data, page) for page in range(2))
    assert "+1 (518) 555-0100" in cover and "TESTPERSON" not in cover
    assert words("paper.fax_bar_code") in sheet and "TESTPERSON" in sheet
    sent = terminal.file("sent.pdf", printed.data)
    (judged,) = terminal.run("verify", sent, "--json").json["symbols"]
    assert (judged["serial"], judged["page"]) == (card["serial"], 2)
    again = terminal.run(
        "register", "reprint", card["serial"], "--print", "FAX", "--fax-to", "518-555-0101",
        *terminal.signed(), "--json", environment=environment,
    )  # fmt: skip
    assert again.code == 0, again.err
    alone = private_cups.printed()[-1]
    assert words("paper.fax_bar_code") in text_of(alone.data, 0)
