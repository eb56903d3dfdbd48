"""The shipped program: backed up, lost, restored on another machine; the trail's export."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from iies_tui.domain.trail import Event
from iies_tui.text import has, words
from tests.support.terminal import PRIVATE, Terminal, bytes_below

PASSPHRASE = "correct horse battery staple\n"


def sealed(terminal: Terminal, target: Path) -> list[str | Path]:
    return [target, "--passphrase-file", terminal.file("passphrase", PASSPHRASE)]


def test_a_lost_terminal_comes_back_with_its_records(terminal: Terminal, tmp_path: Path) -> None:
    (before,) = terminal.issue().json["cards"]
    target = tmp_path / "stick" / "records.iiesbak"
    target.parent.mkdir()
    done = terminal.run("backup", *sealed(terminal, target), "--json")
    assert (done.code, done.json["licenses"]) == (0, [terminal.license]), done.err
    data = target.read_bytes()
    assert not any(text.encode() in data for text in (*PRIVATE, terminal.made["key"]))

    shutil.rmtree(terminal.state)
    shutil.rmtree(terminal.home / "config_home")  # the pepper too: another machine
    done = terminal.run("restore", *sealed(terminal, target))
    assert done.code == 0 and terminal.license in done.out, done.err
    assert terminal.made["key"].encode() not in bytes_below(terminal.state)
    assert terminal.run("trail", "verify", before["pdf"]).code == 0

    key = terminal.file("key", terminal.made["key"])
    done = terminal.run("setup", "add", "--license", terminal.license, "--key-file", key)
    assert done.code == 0, done.err
    (after,) = terminal.issue().json["cards"]
    assert after["serial"].split("-")[0] != before["serial"].split("-")[0]  # a new epoch
    found = terminal.run("register", "search", *terminal.signed(), "--json").json["cards"]
    assert {card["serial"] for card in found} == {before["serial"], after["serial"]}
    assert terminal.run("trail", "verify", before["pdf"], after["pdf"]).code == 0
    rows = terminal.trail()
    since = [row["event"] for row in rows].index("backup_made")
    begun = [row["details"]["reason"] for row in rows[since:] if row["event"] == "epoch"]
    assert begun == ["restored"]
    assert "counter_alarm" not in [row["event"] for row in rows[since:]]


def test_what_cannot_be_done_is_told_and_changes_nothing(
    terminal: Terminal, tmp_path: Path
) -> None:
    target = tmp_path / "records.iiesbak"
    short = terminal.file("short", "eleven char")
    assert terminal.run("backup", target, "--passphrase-file", short).code == 1
    inside = terminal.state / "records.iiesbak"
    assert terminal.run("backup", *sealed(terminal, inside)).code == 1
    assert not target.exists() and not inside.exists()
    assert terminal.run("backup", *sealed(terminal, tmp_path / "no" / "where")).code == 3
    assert terminal.run("backup", *sealed(terminal, target)).code == 0
    made = target.read_bytes()
    done = terminal.run("backup", *sealed(terminal, target))
    assert done.code == 1 and "--overwrite" in done.err and target.read_bytes() == made
    assert terminal.run("backup", *sealed(terminal, target), "--overwrite").code == 0
    assert target.read_bytes() != made
    target.parent.joinpath("folder").mkdir()
    done = terminal.run("backup", *sealed(terminal, target.parent / "folder"), "--overwrite")
    assert done.code == 1 and "not a regular file" in done.err
    before = bytes_below(terminal.state)
    done = terminal.run("restore", *sealed(terminal, target))
    assert done.code == 1 and "not empty" in done.err
    assert bytes_below(terminal.state) == before
    elsewhere = Terminal(tmp_path / "elsewhere", terminal.made)
    elsewhere.home.mkdir()
    wrong = elsewhere.file("wrong", "another passphrase")
    done = elsewhere.run("restore", target, "--passphrase-file", wrong)
    assert done.code == 1 and "Traceback" not in done.err
    assert not elsewhere.state.exists()
    assert elsewhere.run("restore", *sealed(elsewhere, elsewhere.file("text", "x"))).code == 1
    assert elsewhere.run("backup", *sealed(elsewhere, tmp_path / "b")).code == 3


def test_an_export_pins_the_rows_that_it_holds(terminal: Terminal, tmp_path: Path) -> None:
    old = tmp_path / "old"
    shutil.copytree(terminal.state, old)
    assert terminal.issue().code == 0
    export = tmp_path / "trail.json"
    done = terminal.run("trail", "export", export, "--json")
    assert done.code == 0, done.err
    assert done.json["rows"] == len(terminal.trail())
    kept = export.read_bytes()
    assert terminal.run("trail", "export", export).code == 1
    assert export.read_bytes() == kept
    assert terminal.run("trail", "export", export, "--overwrite").code == 0
    assert terminal.issue().code == 0
    assert terminal.run("trail", "verify", "--against", export).code == 0

    record = json.loads(export.read_text())
    record["rows"][2] = record["rows"][2].replace("01", "02", 1)
    forged = terminal.file("forged.json", json.dumps(record))
    done = terminal.run("trail", "verify", "--against", forged, "--json")
    assert (done.code, done.json["faults"]) == (1, [{"seq": 3, "code": "not_of_export"}])
    for text in ("", "{}", '{"format": "iies-trail-export", "version": 1, "rows": ["x"]}', "[1]"):
        assert terminal.run("trail", "verify", "--against", terminal.file("x", text)).code == 1

    record = json.loads(export.read_text())
    del record["notes"]
    first = terminal.file("version-1.json", json.dumps({**record, "version": 1}))
    assert terminal.run("trail", "verify", "--against", first).code == 0

    _, _, text = json.loads(export.read_text())["notes"][-1]
    note = terminal.file("note.txt", text)
    assert terminal.run("trail", "verify", "--against", note).code == 0
    for wrong in (text[:-1], text + text, text.replace("\n", "\r\n")):
        refused = terminal.run("trail", "verify", "--against", terminal.file("x", wrong))
        assert refused.code == 1 and "x is not an export" in refused.err

    shutil.rmtree(terminal.state)
    shutil.copytree(old, terminal.state)
    done = terminal.run("trail", "verify", "--against", export, "--json")
    assert done.code == 1 and done.json["faults"][0]["code"] == "not_of_export"
    done = terminal.run("trail", "verify", "--against", note, "--json")
    assert (done.code, [one["code"] for one in done.json["faults"]]) == (1, ["kept_note"])


def test_trail_show_says_each_row_in_words(terminal: Terminal) -> None:
    assert terminal.issue().code == 0
    shown = terminal.run("trail", "show").out.splitlines()
    rows = terminal.trail()
    assert len(shown) == len(rows)
    for line, row in zip(shown, rows, strict=True):
        assert words(f"event.{row['event']}") in line and row["version"] == 2
    sealed = next(line for line in shown if words("event.sealed") in line)
    assert "icc=" in sealed and "layout=1" in sealed


def test_every_event_has_words() -> None:
    assert [event for event in Event if not has(f"event.{event}")] == []
