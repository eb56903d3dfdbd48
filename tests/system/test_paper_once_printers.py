"""A real destination: an IPP Everywhere printer, through CUPS' own filters."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cups_fixture import PrivateCups
from terminal import Terminal

HERE = Path(__file__).parent


@pytest.fixture
def everywhere(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """An IPP Everywhere printer on the loopback: its URI, and where its pages go."""
    shim = tmp_path / "noavahi.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", shim, HERE / "noavahi.c"], check=True)
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
