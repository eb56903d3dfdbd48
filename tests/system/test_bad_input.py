"""What comes in wrong at the command line: told what to do, by the right exit code, once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from iies_tui.adapters.keys.throttle import FileThrottle
from iies_tui.adapters.machine.clock import SystemClock
from tests.support import terminal as terminals
from tests.support.terminal import PRIVATE, REQUEST, Ran, Terminal

FOREIGN = "ANOTHER-36-character-KEY-of-no-check"


@pytest.fixture(scope="module")
def shared(trained: Terminal, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """One terminal for all that must leave no trace on it."""
    return terminals.copy(trained, tmp_path_factory.mktemp("shared") / "home")


def told(ran: Ran, code: int, *codes: str) -> None:
    """The exit code, the error codes in order, words for people, nothing of the inside."""
    assert ran.code == code, ran.err
    if ran.out:
        assert tuple(one["code"] for one in ran.json["errors"]) == codes
    lines = [line for line in ran.err.splitlines() if not line.startswith("note: ")]
    assert lines[0].startswith("iies-tui: ")
    assert "Traceback" not in ran.err and "(code " not in ran.err
    assert not [word for word in PRIVATE if word in ran.err]


def test_wrong_license_and_wrong_pin_are_told_alike(terminal: Terminal) -> None:
    wrong = terminal.file("wrong", "00000000")
    lines = set()
    for license in (terminal.license, "PC-999999"):
        ran = terminal.run("issue", terminal.request(), "--license", license,
                           "--pin-file", wrong, "--json")  # fmt: skip
        told(ran, 1, "sign_on_failed")
        lines.add(ran.err)
    assert len(lines) == 1
    rows = [row for row in terminal.trail() if row["event"] == "sign_on_failed"]
    assert len(rows) == 2


def test_a_wait_is_told_and_the_right_pin_has_to_wait_too(terminal: Terminal) -> None:
    counters = FileThrottle(
        terminal.state, terminal.home / "config_home" / "iies-tui", SystemClock()
    )
    for _ in range(6):
        counters.count(terminal.license)
    ran = terminal.run("register", "search", *terminal.signed(), "--json")
    told(ran, 1, "wait")
    seconds = [int(word) for word in ran.err.split() if word.isdigit()]
    assert len(seconds) == 1 and 20 < seconds[0] <= 60


@pytest.mark.parametrize(
    ("dress", "named"),
    [
        ("{}\r\n", "Windows line ends (CRLF)"),
        ("\N{BYTE ORDER MARK}{}\n", "a byte-order mark at its start"),
        ("{}  \n", "spaces behind it"),
        (" {}\r\n\r\n", "Windows line ends (CRLF), more than one line, spaces before it"),
        ("\n", "it is empty"),
    ],
)
def test_a_pin_file_with_anything_around_the_pin_is_named_and_no_attempt(
    shared: Terminal, dress: str, named: str
) -> None:
    before = shared.events().count("sign_on_failed")
    pin = shared.file("dressed", dress.format(shared.made["pin"]))
    signed = ("--license", shared.license, "--pin-file", pin)
    ran = shared.run("register", "search", *signed, "--json")
    told(ran, 1, "secret_dressed")
    assert f"{pin} holds more than the secret: {named}. Nothing was tried." in ran.err
    assert shared.made["pin"] not in ran.err + ran.out
    assert shared.events().count("sign_on_failed") == before


def test_disabled_until_the_key_is_entered_again(terminal: Terminal) -> None:
    wrong = terminal.file("wrong", "00000000")
    signed = ("--license", terminal.license, "--pin-file", wrong)
    told(terminal.run("register", "search", *signed, "--json"), 1, "sign_on_failed")
    for path in [*terminal.home.rglob("*.attempts")]:
        path.write_bytes(b"damaged: as good as the tenth")
    told(terminal.run("register", "search", *terminal.signed(), "--json"), 1, "disabled")
    (issuer,) = terminal.run("setup", "list", "--json").json["issuers"]
    assert issuer["disabled"]
    key = terminal.file("key", terminal.made["key"] + "\n")
    again = terminal.run("setup", "add", "--license", terminal.license, "--key-file", key)
    assert again.code == 0
    assert terminal.run("register", "search", *terminal.signed()).code == 0


# -- Setup -------------------------------------------------------------------------------------


def setup(terminal: Terminal, license: str, key: str | bytes, *more: str) -> Ran:
    path = terminal.file("key", key)
    return terminal.run("setup", "add", "--license", license, "--key-file", path, *more, "--json")


@pytest.mark.parametrize(("change", "code"), [
    (lambda key: f" {key}", "secret_dressed"),
    (lambda key: f"{key} ", "secret_dressed"),
    (lambda key: f"{key[:9]} {key[9:]}", "key_blanks"),
    (lambda key: f"{key}\r\n", "secret_dressed"),
    (lambda key: f"{key}\n\n", "secret_dressed"),
    (lambda key: f"\N{BYTE ORDER MARK}{key}", "secret_dressed"),
    (lambda key: key.encode("utf-16"), "secret_dressed"),
    (lambda key: key[:35], "key_length"),
    (lambda key: key + "0", "key_length"),
    (lambda key: "", "secret_dressed"),
    (lambda key: "é" + key[1:], "key_characters"),
    (lambda key: b"\xff" * 36, "key_characters"),
    (lambda key: key[:-1] + str((int(key[-1]) + 1) % 10), "key_check_failed"),
    (lambda key: "0" * 2000, "secret_too_long"),
])  # fmt: skip
def test_a_wrong_key(shared: Terminal, change: Any, code: str) -> None:
    key = change(shared.made["key"])
    ran = setup(shared, "PC-000777", key)
    told(ran, 1, code)
    if isinstance(key, str) and len(key) > 5:
        assert key.strip() not in ran.err + ran.out
        assert key.strip()[:12] not in ran.err + ran.out
    assert len(shared.run("setup", "list", "--json").json["issuers"]) == 1


@pytest.mark.parametrize(("license", "code"), [
    ("", "license_missing"), (" PC-1", "license_blanks"), ("PC-1 ", "license_blanks"),
    ("PC 1", "license_blanks"), ("PC_1", "license_form"), ("../../etc", "license_form"),
    ("P", "license_form"), ("P" * 25, "license_form"), ("PC-1\n", "license_blanks"),
    ("ÄÖ-1", "license_form"),
])  # fmt: skip
def test_a_wrong_license(shared: Terminal, license: str, code: str) -> None:
    told(setup(shared, license, shared.made["key"]), 1, code)


def test_a_foreign_key_is_taken_anyway_and_signs_on_with_the_pin_twice(terminal: Terminal) -> None:
    told(setup(terminal, "PC-000777", FOREIGN), 1, "key_check_failed")
    assert setup(terminal, "PC-000777", FOREIGN, "--use-anyway").code == 0
    told(setup(terminal, "pc-000777", FOREIGN, "--use-anyway"), 1, "issuer_exists")
    pin = terminal.file("pin7", "1234")
    ran = terminal.run("register", "search", "--license", "PC-000777", "--pin-file", pin, "--json")
    told(ran, 1, "pin_again")


# -- the request -------------------------------------------------------------------------------


def changed(**changes: Any) -> str:
    return json.dumps({**REQUEST, **changes})


VEHICLE = REQUEST["vehicles"][0]


@pytest.mark.parametrize(("content", "code", "field"), [
    (changed(icc="999"), 1, "icc"),
    (changed(icc="1"), 1, "icc"),
    (changed(vehicles=[{**VEHICLE, "vin": "1HGCM82633A004353"}]), 1, "vehicles[0].vin"),
    (changed(vehicles=[]), 1, "vehicles"),
    (changed(effective="2027-12-01", expiration="2026-12-01"), 1, "expiration"),
    (changed(effective="2026-02-30"), 1, "effective"),
    (changed(form="FS-75"), 1, "form"),
    (changed(color="RED"), 1, "color"),
    (changed(organization={"name": "BOTH INC", "fein": ""}), 1, None),
    (changed(registrants=[]), 1, None),
    ("", 1, ""), ("{", 1, ""), ("[]", 1, ""), ("null", 1, ""), ("\0", 1, ""),
    ('{"form": NaN}', 1, ""), ('{"form": 1, "form": 2}', 1, ""), ("[" * 100_000, 1, ""),
    ('{"x": ' + "9" * 10_000 + "}", 1, ""), (b"\xff\xfe{}", 1, ""), (" " * 1_100_000, 1, ""),
    (json.dumps({"form": {"form": {}}}), 1, "form"),
])  # fmt: skip
def test_a_wrong_request(
    shared: Terminal, content: str | bytes, code: int, field: str | None
) -> None:
    ran = shared.issue(shared.file("wrong.json", content))
    assert ran.code == code, ran.err
    assert ran.json["cards"] == []
    assert ran.json["errors"]
    if field is not None:
        assert field in [one["field"] for one in ran.json["errors"]]
    told(ran, code, *[one["code"] for one in ran.json["errors"]])


def test_an_insurer_no_longer_authorized(shared: Terminal) -> None:
    bundle = shared.run("bundle", "show", "--json").json
    inactive = next(one for one in bundle["insurers"] if not one["active"])
    ran = shared.issue(shared.request(icc=inactive["icc"]))
    told(ran, 1, *[one["code"] for one in ran.json["errors"]])
    assert "icc" in [one["field"] for one in ran.json["errors"]]


def test_nothing_of_the_wrong_requests_was_announced(shared: Terminal) -> None:
    assert "intent" not in shared.events()
    assert shared.run("trail", "verify").code == 0


@pytest.mark.parametrize("name", ["missing.json", "", "."])
def test_a_request_that_cannot_be_read(shared: Terminal, name: str) -> None:
    ran = shared.issue(shared.home / "not there" / name)
    told(ran, 1, "cannot_read")
    assert "?" not in ran.err


def test_a_pin_file_that_cannot_be_read(shared: Terminal) -> None:
    ran = shared.run("issue", shared.request(), "--license", shared.license,
                     "--pin-file", "nowhere", "--json")  # fmt: skip
    told(ran, 1, "cannot_read")


@pytest.mark.parametrize("words", [
    ["issue"], ["issue", "x"], ["unknown"], ["setup"], ["setup", "add"], ["trail", "cut"],
    ["--state"], ["verify"], ["authority", "revoke", "d", "--kind", "maybe"], ["icc", "search"],
])  # fmt: skip
def test_wrong_usage(shared: Terminal, words: list[str]) -> None:
    ran = shared.run(*words)
    assert ran.code == 2
    assert "usage:" in ran.err and "Traceback" not in ran.err


def test_without_a_terminal_the_screens_say_so(shared: Terminal) -> None:
    ran = shared.run(stdin=subprocess.DEVNULL)
    assert ran.code == 2 and "Traceback" not in ran.err


def test_the_same_request_again_is_refused_until_another_card_is_asked_for(
    terminal: Terminal, tmp_path: Path
) -> None:
    words = ["issue", terminal.request(), *terminal.signed(), "--out", tmp_path / "out", "--json"]
    (card,) = terminal.run(*words).json["cards"]
    ran = terminal.run(*words)
    told(ran, 1, "issued_already")
    assert card["serial"] in ran.err and "--issue-again" in ran.err
    assert terminal.events().count("intent") == 1
    ran = terminal.run(*words, "--issue-again")
    assert ran.code == 0 and "note: " in ran.err
    assert ran.json["cards"][0]["serial"] != card["serial"]


# -- where it goes -----------------------------------------------------------------------------


def test_a_folder_that_cannot_be_written_is_found_before_a_card_is_sealed(
    shared: Terminal,
) -> None:
    below = shared.file("plain-file", "") / "cards"
    ran = shared.issue(None, "--out", below)
    told(ran, 3, "no_such_path")
    assert ran.json["cards"] == []
    assert "intent" not in shared.events()


@pytest.mark.skipif(os.geteuid() != 0, reason="a root's own question: what somebody else may")
def test_as_somebody_else_a_folder_of_roots_is_refused(trained: Terminal, tmp_path: Path) -> None:
    for directory in (tmp_path, *list(tmp_path.parents)[:-2]):
        directory.chmod(directory.stat().st_mode | 0o011)
    terminal = terminals.copy(trained, tmp_path / "home")
    (tmp_path / "closed").mkdir(mode=0o755)
    before = ["setpriv", "--reuid", "12345", "--regid", "12345", "--clear-groups"]
    ran = terminal.run("setup", "list", "--json", before=before)
    told(ran, 3, *[one["code"] for one in (ran.json["errors"] if ran.out else [])])
    for path in (terminal.home, *terminal.home.rglob("*")):
        os.chown(path, 12345, 12345)
    ran = terminal.issue(None, "--out", tmp_path / "closed", before=before)
    told(ran, 3, "not_allowed")
    assert str(tmp_path / "closed") in ran.err


def test_a_printer_where_no_cups_runs(shared: Terminal) -> None:
    ran = shared.issue(None, "--print", "FRONT")
    told(ran, 3, "cups_down")
    assert "intent" not in shared.events()


def test_a_trail_is_not_whole_by_a_card_that_nobody_could_read(
    terminal: Terminal, trained: Terminal
) -> None:
    text = terminal.file("text.pdf", "hello")
    broken = terminal.file("broken.pdf", "%PDF-1.7\n")
    blank = terminal.home / "blank.png"
    Image.new("L", (300, 300), 255).save(blank)
    for path in (text, broken, blank):
        ran = terminal.run("trail", "verify", path)
        assert ran.code == 1 and f"{path}: no card's bar code" in ran.out, ran.out
        assert "The trail is whole" not in ran.out
    fault = {"file": str(blank), "serial": None, "code": "card_not_read"}
    assert terminal.run("trail", "verify", blank, "--json").json["faults"] == [fault]
    (card,) = terminal.issue().json["cards"]
    ran = trained.run("trail", "verify", card["pdf"])
    assert ran.code == 1 and ran.out.count("is not in this trail") == 1, ran.out
    told(terminal.run("trail", "verify", "missing.pdf", "--json"), 1, "cannot_read")


@pytest.mark.skipif(os.geteuid() != 0, reason="a root's own question: what somebody else may")
def test_as_somebody_else_nothing_is_read_and_nothing_was_to_be_written(
    shared: Terminal, tmp_path: Path
) -> None:
    for directory in (tmp_path, *list(tmp_path.parents)[:-2]):
        directory.chmod(directory.stat().st_mode | 0o011)
    terminal = terminals.copy(shared, tmp_path / "home")
    (terminal.home / "card.pdf").write_bytes(b"%PDF-1.7")
    terminal.home.chmod(0o755)
    before = ["setpriv", "--reuid", "12345", "--regid", "12345", "--clear-groups"]
    for mode in (0o700, 0o755):
        terminal.state.chmod(mode)
        (terminal.state / "trust").chmod(mode)
        for words in (("trail", "verify"), ("verify", "card.pdf")):
            ran = terminal.run(*words, before=before)
            assert ran.code == 3 and "permission to read" in ran.err, ran.err
            assert "Internal error" not in ran.err and "write" not in ran.err


def test_a_device_is_no_folder_and_no_name_of_ours_is_told(shared: Terminal) -> None:
    ran = shared.issue(None, "--out", "/dev/null")
    told(ran, 3, "not_a_folder")
    assert "/dev/null is not a folder" in ran.err and "probe" not in ran.err


def test_the_mistyped_option_is_named_before_what_it_was_meant_for(shared: Terminal) -> None:
    ran = shared.run("issue", "request.json", "--lisence", "PC-000001", "--pin-file", "pin")
    assert ran.code == 2 and "unrecognized arguments: --lisence" in ran.err
    ran = shared.run("issue", "request.json", "--pin-file", "pin")
    assert ran.code == 2 and "required: --license" in ran.err


# -- what is to be verified --------------------------------------------------------------------


@pytest.mark.parametrize("content", [
    b"%PDF-1.7\n", b"%PDF-1.7\n" + b"\0" * 5000, b"\x89PNG\r\n\x1a\n",
    b"II*\0" + b"\xff" * 400, b"\xff\xd8\xff\xe0" + b"\0" * 100,
])  # fmt: skip
def test_a_damaged_file_to_verify(shared: Terminal, content: bytes) -> None:
    ran = shared.run("verify", shared.file("card.pdf", content), "--json")
    told(ran, 1, "not_a_picture")
    assert ran.json["symbols"] == []


@pytest.mark.parametrize("content", [b"hello", b"%PDF"])
def test_a_text_that_is_no_card(shared: Terminal, content: bytes) -> None:
    ran = shared.run("verify", shared.file("card.pdf", content), "--json")
    told(ran, 1, "not_a_scan")
    assert ran.json["symbols"] == []


def test_an_empty_file_is_no_card(shared: Terminal) -> None:
    ran = shared.run("verify", shared.file("card.pdf", b""), "--json")
    assert (ran.code, ran.err) == (1, "")
    assert [one["verdict"] for one in ran.json["symbols"]] == ["UNREADABLE"]


def test_a_page_without_a_card_is_not_genuine(shared: Terminal) -> None:
    from PIL import Image

    path = shared.home / "blank.png"
    Image.new("1", (850, 1100), 1).save(path)
    ran = shared.run("verify", path, "--json")
    assert ran.code == 1 and "Traceback" not in ran.err


def test_a_request_is_no_scan(shared: Terminal) -> None:
    path = shared.request()
    ran = shared.run("verify", path, "--json")
    told(ran, 1, "not_a_scan")
    assert str(path) in ran.err


def test_a_directory_without_cards(shared: Terminal) -> None:
    (shared.home / "empty").mkdir()
    told(shared.run("verify", shared.home / "empty", "--json"), 1, "nothing_to_verify")


def test_one_damaged_file_does_not_hide_the_others(shared: Terminal) -> None:
    target = shared.home / "some"
    target.mkdir()
    (target / "bad.pdf").write_bytes(b"%PDF-1.7\n" + bytes(500))
    ran = shared.run("verify", target, "--json")
    assert ran.code == 1
    assert [one["code"] for one in ran.json["unread"]] == ["not_a_picture"]


@pytest.mark.parametrize("typed", ["", "hello\n", "123\n", "9" * 5000, "\0\x1b[2J\n", "é\n"])
def test_keystrokes_that_are_no_card(shared: Terminal, typed: str) -> None:
    ran = shared.run("verify", "-", input=typed)
    assert ran.code == 1
    assert "\x1b" not in ran.out + ran.err and "Traceback" not in ran.err


# -- the state directory -----------------------------------------------------------------------


def test_a_state_directory_that_others_can_read(terminal: Terminal) -> None:
    terminal.state.chmod(0o755)
    ran = terminal.run("setup", "list", "--json")
    told(ran, 3, "too_open")
    assert f"chmod 0700 {terminal.state}" in ran.err


def test_a_state_directory_that_is_a_link(terminal: Terminal) -> None:
    terminal.state.rename(terminal.home / "elsewhere")
    terminal.state.symlink_to(terminal.home / "elsewhere")
    told(terminal.run("setup", "list", "--json"), 3, "is_a_link")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
def test_a_state_directory_of_somebody_else(terminal: Terminal) -> None:
    os.chown(terminal.state, 12345, -1)
    told(terminal.run("setup", "list", "--json"), 3, "foreign_owner")


def test_a_state_directory_that_is_a_file(terminal: Terminal) -> None:
    shutil.rmtree(terminal.state)
    terminal.state.write_text("")
    told(terminal.run("setup", "list", "--json"), 3, "not_a_directory")


def test_an_empty_one_has_no_trail_and_issues_nothing(tmp_path: Path, trained: Terminal) -> None:
    terminal = Terminal(tmp_path, trained.made)
    told(terminal.run("trail", "verify", "--json"), 3, "no_trail")
    assert not terminal.state.exists()
    told(terminal.run("bundle", "show", "--json"), 1, "no_bundle")
    told(terminal.run("icc", "search", "901", "--json"), 1, "no_bundle")


def test_settings_that_are_wrong_are_named(terminal: Terminal) -> None:
    path = terminal.state / "config.toml"
    path.write_text("[sign_off]\nidle_seconds = 1\n")
    path.chmod(0o600)
    ran = terminal.run("setup", "list", "--json")
    told(ran, 2, "config_range")
    assert "sign_off.idle_seconds" in ran.err and "900" in ran.err


def test_a_missing_pepper(terminal: Terminal) -> None:
    (path,) = terminal.home.rglob("pepper")
    kept = path.rename(terminal.home / "kept")
    told(terminal.run("setup", "list", "--json"), 3, "pepper_missing")
    kept.rename(path)
    assert terminal.run("setup", "list").code == 0


def test_a_damaged_vault_is_told_and_mended_by_entering_the_key_again(terminal: Terminal) -> None:
    assert terminal.run("register", "search", *terminal.signed()).code == 0
    (path,) = terminal.state.rglob("*.vault")
    path.write_bytes(path.read_bytes()[:-1])
    told(terminal.run("register", "search", *terminal.signed(), "--json"), 3, "vault_damaged")
    assert setup(terminal, terminal.license, terminal.made["key"]).code == 0
    assert terminal.run("register", "search", *terminal.signed()).code == 0


def test_a_register_that_is_gone_is_not_replaced_by_an_empty_one(terminal: Terminal) -> None:
    assert terminal.issue().code == 0
    for path in terminal.state.glob("register-*"):
        path.rename(terminal.home / path.name)
    told(terminal.run("register", "search", *terminal.signed(), "--json"), 3, "register_damaged")
    for path in terminal.home.glob("register-*"):
        path.rename(terminal.state / path.name)
    found = terminal.run("register", "search", *terminal.signed(), "--json")
    assert len(found.json["cards"]) == 1


def test_a_trail_that_was_tampered_with(terminal: Terminal) -> None:
    import apsw

    assert terminal.issue().code == 0
    database = apsw.Connection(str(terminal.state / "trail.db"))
    database.execute("DROP TRIGGER trail_no_update")
    database.execute("UPDATE trail SET bytes = X'A0' WHERE seq = 2")
    database.close()
    ran = terminal.run("trail", "verify", "--json")
    assert ran.code == 1
    assert {"seq": 2, "code": "damaged"} in ran.json["faults"]


def test_train_refuses_a_terminal_that_holds_an_issuer(shared: Terminal) -> None:
    told(shared.run("train", "--json"), 1, "train_refused")


def test_bundles_that_are_none(shared: Terminal) -> None:
    for content in (b"", b"hello", Path(shared.made["bundle"]).read_bytes()[:-1]):
        ran = shared.run("bundle", "import", shared.file("b.iies", content), "--json")
        told(ran, 1, *[one["code"] for one in ran.json["errors"]])
    ran = shared.run("bundle", "import", "missing.iies", "--json")
    told(ran, 1, "no_such_path")
    assert f"{shared.home / 'missing.iies'} was not found." in ran.err


def test_refused_at_once(shared: Terminal) -> None:
    """By the processor's time of the program, which a busy machine does not stretch."""
    begun = os.times()
    shared.issue(shared.file("wrong.json", "[" * 1_000_000))
    ended = os.times()
    assert (
        ended.children_user + ended.children_system
        < begun.children_user + begun.children_system + 15
    )
