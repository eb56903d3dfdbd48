"""``register reprint | void | export`` of the installed program, against a real cupsd."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.support.cups_fixture import PrivateCups
from tests.support.terminal import Terminal


def cups_of(server: PrivateCups) -> dict[str, str]:
    return {"CUPS_SERVER": str(server.socket)}


def test_reprint_void_and_export(
    terminal: Terminal, private_cups: PrivateCups, tmp_path: Path
) -> None:
    private_cups.add_queue("FRONT")
    private_cups.add_queue("BACK")
    environment = cups_of(private_cups)
    issued = terminal.issue(None, "--print", "FRONT", environment=environment)
    assert issued.code == 0, issued.err
    (card,) = issued.json["cards"]
    serial = card["serial"]

    again = terminal.run(
        "register", "reprint", serial, "--print", "BACK", *terminal.signed(), "--json",
        environment=environment,
    )  # fmt: skip
    assert again.code == 0, again.err
    assert again.json["cards"][0]["reprints"] == 1
    first, second = private_cups.printed()
    assert (first.queue, second.queue) == ("FRONT", "BACK")
    assert first.title == second.title == serial
    assert hashlib.sha256(first.data).digest() == hashlib.sha256(second.data).digest()

    out = tmp_path / "out"
    saved = terminal.run(
        "register", "export", serial, "--out", out, "--fax-sheet", "--tiff", *terminal.signed(),
        "--json", environment=environment,
    )  # fmt: skip
    assert saved.code == 0, saved.err
    assert (out / f"{serial}.pdf").read_bytes() == first.data
    assert (out / f"{serial}-fax.tiff").is_file() and (out / f"{serial}-fax.pdf").is_file()

    void = terminal.run(
        "register", "void", serial, "--reason", "spoiled", *terminal.signed(), "--json",
        environment=environment,
    )  # fmt: skip
    assert void.code == 0 and void.json["cards"][0]["state"] == "VOID"
    assert serial in void.err and "Destroy" in void.err
    refused = terminal.run(
        "register", "reprint", serial, "--print", "BACK", *terminal.signed(), "--json",
        environment=environment,
    )  # fmt: skip
    assert refused.code == 1 and refused.json["errors"][0]["code"] == "is_void"
    assert len(private_cups.printed()) == 2
    events = [row["event"] for row in terminal.trail() if row["details"].get("serial") == serial]
    assert events.count("reprint") == 1 and events[-1] == "void"
    assert terminal.run("trail", "verify").code == 0


def test_a_wrong_pin_voids_nothing(terminal: Terminal, private_cups: PrivateCups) -> None:
    private_cups.add_queue("FRONT")
    serial = terminal.issue().json["cards"][0]["serial"]
    wrong = terminal.file("wrong", "00000000\n")
    ran = terminal.run(
        "register", "void", serial, "--license", terminal.license, "--pin-file", wrong, "--json"
    )
    assert ran.code == 1 and ran.json["errors"][0]["code"] == "sign_on_failed"
    found = terminal.run("register", "search", *terminal.signed(), "--json")
    assert found.json["cards"][0]["state"] == "SAVED"


def test_a_printer_that_is_not_ready_is_told_before_anything_is_sealed(
    terminal: Terminal, private_cups: PrivateCups
) -> None:
    private_cups.add_queue("FRONT")
    private_cups.run("cupsdisable", "FRONT")
    environment = cups_of(private_cups)
    ran = terminal.issue(None, "--print", "FRONT", environment=environment)
    assert ran.code == 1 and ran.json["errors"][0]["code"] == "printer_not_ready"
    assert "intent" not in terminal.events()
    private_cups.run("cupsenable", "FRONT")
    assert terminal.issue(None, "--print", "FRONT", environment=environment).code == 0
