"""Authority, bundle, insurer list and verify by the installed program, all three parts to play."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import time
from dataclasses import fields
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image

from iies_tui.adapters.reading.raster import open_pdf, page_picture
from iies_tui.domain.face import Face
from tests.support.terminal import Ran, Terminal

CSV = "icc,name,naic,status\n901,NORTH COUNTRY MUTUAL INS CO,90901,active\n*58,BLUE HERON CORP,,\n"


class Office:
    """An authority's directory and the commands on it."""

    def __init__(self, home: Path) -> None:
        home.mkdir(mode=0o700, parents=True)
        self.terminal = Terminal(home)
        self.directory = home / "authority"
        self.passphrase = self.terminal.file("passphrase", "correct horse battery\n")
        self.root = self.run("init", "--name", "TEST AUTHORITY").json["root"]

    def run(self, verb: str, *words: str | Path, json: bool = True) -> Ran:
        more = ["--json"] if json else []
        secret = ("--passphrase-file", self.passphrase)
        ran = self.terminal.run("authority", verb, self.directory, *words, *secret, *more)
        assert ran.code == 0, ran.err
        return ran

    def publish(self, name: str = "b.iies", csv: str = CSV) -> Path:
        out = self.terminal.home / name
        self.run("publish", "--icc", self.terminal.file("icc.csv", csv), "--out", out)
        return out


def text_of(pdf: Path) -> str:
    with pdfium.PdfDocument(pdf.read_bytes()) as document:
        return str(document[0].get_textpage().get_text_range())


def test_three_parts_to_play(tmp_path: Path) -> None:
    office = Office(tmp_path / "office")
    terminal = Terminal(tmp_path / "desk")
    terminal.home.mkdir(mode=0o700)
    sheets = tmp_path / "sheets"
    minted = office.run(
        *("mint", "--license", "PC-123456", "--name", "MOHAWK VALLEY AGENCY INC"),
        *("--valid-from", "2020-01-01", "--sheets", sheets),
    ).json
    key, pin = minted["key"], minted["pin"]
    assert sorted(path.suffix for path in sheets.iterdir()) == [".pdf", ".pdf", ".txt", ".txt"]
    assert {str(path) for path in sheets.iterdir()} == set(minted["sheets"])
    for path in sheets.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
        text = text_of(path) if path.suffix == ".pdf" else path.read_text()
        its, others = (key, pin) if "-KEY" in path.name else (pin, key)
        assert its in text and others not in text
        assert "PC-123456" in text
        assert ("last five" in " ".join(text.split()).lower()) and (key[-5:] in text)

    bundle = office.publish("first.iies")
    assert terminal.run("bundle", "import", bundle, "--json").code == 1  # its words come first
    shown = terminal.run("bundle", "import", bundle, "--dry-run", "--json").json
    assert shown["new_root"] and not shown["installed"]
    assert shown["changes"]["insurers_added"] == [
        "058 BLUE HERON CORP",
        "901 NORTH COUNTRY MUTUAL INS CO",
    ]
    assert terminal.run("bundle", "show").code == 1
    assert terminal.run("bundle", "import", bundle, "--root", office.root, "--json").code == 0
    added = terminal.run(
        *("setup", "add", "--license", "PC-123456"), *("--key-file", terminal.file("key", key))
    )
    assert added.code == 0, added.err
    terminal.made = {"license": "PC-123456", "pin": pin}
    issued = terminal.issue(None, "--out", tmp_path / "out")
    assert issued.code == 0, issued.err
    (card,) = issued.json["cards"]
    assert card["mode"] == "live"

    opened: tuple[str | Path, ...] = (
        "--authority", office.directory, "--passphrase-file", office.passphrase,
    )  # fmt: skip
    told = terminal.run("verify", card["pdf"], *opened, "--json")
    assert told.code == 0, told.out
    for symbol in told.json["symbols"]:
        assert (symbol["verdict"], symbol["face"]) == ("GENUINE", "MATCH")
        assert symbol["claims"]["registrants"][0]["last"] == "TESTPERSON"

    by_record = office.run("open", card["pdf"]).json["symbols"]  # no bundle is installed there
    assert [(one["verdict"], one["claims"]["policy"]) for one in by_record] == [
        ("GENUINE", "PA-7654321-01")
    ] * 2

    office.run(
        *("status", "--license", "PC-123456", "--status", "suspended"),
        *("--from", "2020-01-02", "--reason", "AUDIT"),
    )
    assert terminal.run("bundle", "import", office.publish(), "--json").code == 0
    told = terminal.run("verify", card["pdf"], "--json")
    assert told.code == 1
    assert {symbol["reason"] for symbol in told.json["symbols"]} == {"issuer_not_active"}
    assert terminal.issue(None).json["cards"][0]["mode"] == "specimen"
    office.run("status", "--license", "PC-123456", "--status", "active", "--reason", "DONE")
    rolled = office.run("roll-root").json
    assert rolled["old_root"] == office.root != rolled["root"]
    after = terminal.run("bundle", "import", office.publish(), "--json")
    assert after.code == 0 and not after.json["new_root"]
    assert terminal.run("verify", card["pdf"]).code == 0
    assert terminal.run("bundle", "import", bundle).code == 1  # rolled back
    shown = office.terminal.run("authority", "trail", office.directory, "--json").json
    events = [row["event"] for row in shown["rows"]]
    for event in ("authority_made", "key_minted", "issuer_status", "root_rolled"):
        assert event in events
    assert events.count("card_opened") == 2  # by verify and by open, both symbols as one card
    assert office.terminal.run("authority", "trail", office.directory, "--verify").code == 0


def test_what_the_regulator_is_told(tmp_path: Path) -> None:
    """The acts' own words, a refusal where nobody can be asked, the list."""
    office = Office(tmp_path / "office")
    bare = office.terminal.run(
        "authority", "mint", office.directory, "--license", "1", "--name", "A"
    )
    assert bare.code == 2 and "--passphrase-file" in bare.err
    name = "MOHAWK VALLEY AGENCY INC"
    minted = office.run(
        *("mint", "--license", "PC-123456", "--name", name, "--valid-to", "2030-06-30"),
        *("--sheets", tmp_path / "sheets"),
        json=False,
    )
    assert "Publish a new trust bundle" in minted.out
    office.run("mint", "--license", "PC-123456", "--name", name)
    kid = office.run("list").json["issuers"][0]["keys"][0]
    revoked = office.run(
        *("revoke", "--license", "PC-123456", "--kid", kid, "--kind", "retired"),
        *("--from", "2026-12-01T10:00-05:00", "--reason", "REPLACED"),
        json=False,
    )
    assert "2026-12-01 10:00, New York time" in revoked.out
    lines = office.run("list", json=False).out
    assert f"key {kid}  retired" in lines and "in force" in lines
    assert "to 2030-06-30" in lines
    refused = office.terminal.run(
        *("authority", "publish", office.directory, "--passphrase-file", office.passphrase),
        *("--icc", office.terminal.file("names.csv", "ICC,Company Name\n1,A\n2,B\n")),
        *("--out", tmp_path / "b.iies"),
    )
    assert refused.code == 1
    assert "icc,name,naic,status" in refused.err and "row 2" not in refused.err


def test_the_passphrase_is_asked_for_at_a_terminal(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    told = _typed(
        terminal.command("authority", "init", tmp_path / "office", "--name", "TEST AUTHORITY"),
        terminal.environment,
        [b"correct horse battery", b"correct horse battery"],
    )
    assert b"TEST AUTHORITY was created" in told
    assert b"horse" not in told
    file = terminal.file("passphrase", "correct horse battery")
    minted = terminal.run(
        *("authority", "mint", tmp_path / "office", "--license", "PC-1", "--name", "A", "--json"),
        *("--passphrase-file", file),
    )
    assert minted.code == 0, minted.err


def _typed(command: list[str], environment: dict[str, str], answers: list[bytes]) -> bytes:
    """What a command shows on a terminal of its own, on which the answers are typed."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(command[0], command, environment)
    shown = b""
    try:
        while True:
            try:
                shown += os.read(terminal, 4096)
            except OSError:  # the other end is closed
                return shown
            if answers and shown.endswith(b": "):
                os.write(terminal, answers.pop(0) + b"\n")
    finally:
        os.close(terminal)
        os.waitpid(pid, 0)


@pytest.fixture
def card(terminal: Terminal, tmp_path: Path) -> Path:
    ran = terminal.issue(None, "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    return Path(ran.json["cards"][0]["pdf"])


def face_of(card: Path) -> dict[str, str]:
    """What a person reads off the paper."""
    lines = text_of(card)
    code = re.search(r"\b([0-9A-Z]{5}-[0-9A-Z]{5})\b", lines)
    assert code is not None
    return {
        "form": "fs-20",
        "serial": card.stem,
        "license": "PC-000001",
        "icc": "901",
        "policy": "PA-7654321-01",
        "effective": "2026-12-01",
        "expiration": "2027-12-01",
        "name1": "testperson  quentin z",
        "year": "2003",
        "make": "HONDA",
        "vin": "1HGCM82633A004352",
        "check_code": code.group(1).lower(),
    }


def test_verify_of_every_kind_of_input(terminal: Terminal, card: Path, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    with open_pdf(card.read_bytes()) as document:
        page = page_picture(document[0], 300)
    page.save(pages / "page.png")
    page.save(pages / "photo.jpeg", quality=80)
    blank = Image.new("L", page.size, 255)
    page.save(pages / "fax.tif", save_all=True, append_images=[blank, page])
    (pages / "card.pdf").write_bytes(card.read_bytes())
    (pages / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    (pages / "notes.txt").write_text("not looked at")
    told = terminal.run("verify", pages, "--json")
    assert told.code == 1
    found: dict[str, list[tuple[int, str, str]]] = {}
    for one in told.json["symbols"]:
        name = Path(one["source"]).name
        found.setdefault(name, []).append((one["page"], one["verdict"], one["face"]))
    bare = [(1, "SPECIMEN", "NOT CHECKED")] * 2
    assert found["page.png"] == found["photo.jpeg"] == bare
    assert found["card.pdf"] == [(1, "SPECIMEN", "MATCH")] * 2
    assert [page for page, *_ in found["fax.tif"]] == [1, 1, 2, 3, 3]
    assert found["fax.tif"][2][1] == "UNREADABLE"
    assert [Path(one["source"]).name for one in told.json["unread"]] == ["broken.png"]
    shown = _typed(terminal.command("verify", pages), terminal.environment, []).decode()
    assert "5 files, 10 bar codes, 0 good" in shown
    for number in range(1, 6):  # the bar, drawn over itself
        assert f"[{'#' * (8 * number)}{'.' * (40 - 8 * number)}] Reading {number} of 5" in shown


def test_the_face_is_typed(terminal: Terminal, card: Path, tmp_path: Path) -> None:
    with open_pdf(card.read_bytes()) as document:
        page_picture(document[0], 300).save(tmp_path / "scan.png")
    face = terminal.file("face.json", json.dumps(face_of(card)))
    told = terminal.run("verify", tmp_path / "scan.png", "--face", face, "--json").json
    assert {one["face"] for one in told["symbols"]} == {"MATCH"}
    other = terminal.file("other.json", json.dumps({**face_of(card), "vin": "1HGCM82633A004353"}))
    told = terminal.run("verify", tmp_path / "scan.png", "--face", other, "--json").json
    assert {one["face"] for one in told["symbols"]} == {"DIFFERS"}
    values = {"name2": "", **face_of(card)}
    order = [field.name for field in fields(Face)]
    order.append("check_code")
    typed = "".join(values[name] + "\n" for name in order)
    asked = terminal.run("verify", tmp_path / "scan.png", "--type-face", input=typed)
    assert "face: MATCH" in asked.out
    bad = terminal.file("bad.json", json.dumps({"check_code": "1", "who": "x"}))
    assert terminal.run("verify", tmp_path / "scan.png", "--face", bad).code == 1
    assert terminal.run("verify", "-", "--type-face", input="").code == 2


def test_an_unsigned_list(terminal: Terminal) -> None:
    csv = terminal.file("more.csv", '\ufefficc,name\r\n901,RENAMED CO\r\n77,"LAKE & HILL, CO"\r\n')
    shown = terminal.run("icc", "import", csv, "--dry-run", "--json").json
    assert shown["changes"]["insurers_added"] == ["077 LAKE & HILL, CO"]
    assert (shown["covered"], shown["installed"]) == (1, False)
    assert terminal.run("icc", "search", "lake and hill", "--json").json == []
    assert terminal.run("icc", "import", csv).code == 0
    (found,) = terminal.run("icc", "search", "lake and hill", "--json").json
    assert (found["icc"], found["signed"]) == ("077", False)
    assert terminal.run("icc", "search", "901", "--json").json[0]["signed"]
    issued = terminal.issue(terminal.request(icc="077"))
    assert issued.code == 0 and "unsigned list" in issued.err
    assert "insurers_imported" in terminal.events()
    bad = terminal.file("bad.csv", "icc,name\n1,A\nX,B\n")
    refused = terminal.run("icc", "import", bad, "--json")
    assert refused.code == 1 and [one["row"] for one in refused.json["errors"]] == [3]
    assert terminal.run("icc", "remove").code == 0
    assert terminal.run("icc", "search", "lake and hill", "--json").json == []


@pytest.mark.parametrize("after", [0.3, 0.6])
def test_training_that_was_killed_can_be_repeated(tmp_path: Path, after: float) -> None:
    terminal = Terminal(tmp_path / "home")
    terminal.home.mkdir(mode=0o700)
    child = subprocess.Popen(
        terminal.command("train", "--json"),
        env=terminal.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(after)
    os.killpg(child.pid, 9)
    out, _ = child.communicate()
    if not out:
        deadline = time.monotonic() + 120  # the dead one's session gives up its lock
        ran = terminal.run("train", "--json")
        while ran.code == 3 and time.monotonic() < deadline:
            ran = terminal.run("train", "--json")
        if ran.code == 1:  # killed after the last step, before it was told
            assert terminal.run("setup", "list").out
            return
        assert ran.code == 0, ran.err
        terminal.made = ran.json
        assert terminal.issue(None, "--out", tmp_path / "out").code == 0
