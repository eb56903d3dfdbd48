"""Setup after the first day, by commands: replace, recover, remove, compromised, doctor."""

from __future__ import annotations

import email
import email.policy
import os
import subprocess
from pathlib import Path

import pytest

from tests.support.places import PACKAGE
from tests.support.terminal import Ran, Terminal


def minted(terminal: Terminal, number: int) -> tuple[Path, Path]:
    """A new KEY and PIN of the same issuer from its authority, as files; the bundle knows them."""
    home = terminal.made["authority"]
    made = terminal.run("authority", "mint", home, "--license", terminal.license, "--name", "A",
                        "--json")  # fmt: skip
    assert made.code == 0, made.err
    icc = PACKAGE / "authority" / "training_insurers.csv"
    out = terminal.home / f"b{number}.iies"
    publish = terminal.run("authority", "publish", home, "--icc", icc, "--out", out)
    assert publish.code == 0, publish.err
    assert terminal.run("bundle", "import", out).code == 0
    return (
        terminal.file(f"key{number}", made.json["key"] + "\n"),
        terminal.file(f"pin{number}", made.json["pin"] + "\n"),
    )


def cards(terminal: Terminal, pin: Path) -> Ran:
    return terminal.run("register", "search", "--license", terminal.license, "--pin-file", pin,
                        "--json")  # fmt: skip


def setup(terminal: Terminal, verb: str, *more: str | Path) -> Ran:
    return terminal.run("setup", verb, "--license", terminal.license, *more)


def test_a_key_through_its_whole_life(terminal: Terminal, tmp_path: Path) -> None:
    serial = terminal.issue(None, "--out", tmp_path / "out").json["cards"][0]["serial"]
    old = terminal.file("pin", terminal.made["pin"] + "\n")
    code = setup(terminal, "recovery-code", "--pin-file", old, "--out", tmp_path / "safe", "--json")
    assert code.code == 0 and len(code.json["recovery_code"]) == 39
    (sheet,) = code.json["paths"]
    assert Path(sheet).read_bytes().startswith(b"%PDF") and Path(sheet).stat().st_mode & 0o077 == 0
    paper = terminal.file("code", code.json["recovery_code"].lower() + "\n")

    key, pin = minted(terminal, 2)
    new: tuple[str | Path, ...] = ("--key-file", key, "--new-pin-file", pin)
    assert setup(terminal, "replace-key", *new).code == 2  # nothing proves the right to it
    assert setup(terminal, "replace-key", *new, "--pin-file", pin).code == 1
    assert setup(terminal, "replace-key", *new, "--pin-file", old).code == 0
    assert [one["serial"] for one in cards(terminal, pin).json["cards"]] == [serial]
    assert cards(terminal, old).code == 1

    out = tmp_path / "notices"
    told = terminal.run("compromised", terminal.license, "--contact-name", "JANE Q CLERK",
                        "--contact-telephone", "518 555 0100", "--out", out, "--yes",
                        "--json")  # fmt: skip
    assert told.code == 0 and told.json["register_shut"] and told.json["serials"] == []
    (mail,) = out.glob("*.eml")
    letter = email.message_from_bytes(mail.read_bytes(), policy=email.policy.default)
    assert (letter["To"], letter["Subject"]) == ("ins-iies@dfs.ny.gov", "IIES – Compromised KEY")
    body = letter.get_content()
    for line in (f"License number: {terminal.license}", "Licensee name: A",
                 "Contact name: JANE Q CLERK", "Contact telephone: 518 555 0100"):  # fmt: skip
        assert line in body.splitlines()
    assert {path.suffix for path in out.iterdir()} == {".txt", ".eml", ".pdf"}
    assert cards(terminal, pin).code == 1
    assert setup(terminal, "add", "--key-file", key).code == 1
    doctor = terminal.run("doctor", "--json")
    assert doctor.code == 1
    assert "compromised" in {one["code"] for one in doctor.json["findings"]}

    key, pin = minted(terminal, 3)
    new = ("--key-file", key, "--new-pin-file", pin)
    assert setup(terminal, "recover", *new, "--pin-file", old).code == 2
    assert setup(terminal, "recover", *new, "--recovery-code-file", paper).code == 0
    assert [one["serial"] for one in cards(terminal, pin).json["cards"]] == [serial]
    assert terminal.run("compromised", terminal.license, "--answered").code == 0
    assert terminal.run("compromised", terminal.license, "--answered").code == 1
    assert terminal.run("doctor").code == 0

    assert setup(terminal, "remove", "--pin-file", old).code == 1
    assert setup(terminal, "remove", "--pin-file", pin).code == 0
    assert terminal.run("setup", "list", "--json").json == {"issuers": []}
    assert setup(terminal, "add", "--key-file", key).code == 0
    assert [one["serial"] for one in cards(terminal, pin).json["cards"]] == [serial]
    assert terminal.run("trail", "verify").code == 0
    events = terminal.events()
    for event in ("recovery_code_made", "key_replaced", "key_compromised", "compromise_answered",
                  "issuer_removed"):  # fmt: skip
        assert event in events
    assert events.count("key_replaced") == 2


def answered(terminal: Terminal, given: str, *words: str | Path) -> int:
    """Run a command at a terminal of its own and type one line; its exit code."""
    master, slave = os.openpty()
    try:
        os.write(master, given.encode() + b"\n")
        return subprocess.run(
            terminal.command(*words), stdin=slave, stdout=slave, stderr=slave, timeout=120,
            env=terminal.environment, cwd=terminal.home,
        ).returncode  # fmt: skip
    finally:
        os.close(slave)
        os.close(master)


def test_no_key_is_destroyed_without_a_yes(terminal: Terminal) -> None:
    command = ("compromised", terminal.license, "--out", terminal.home / "notice")
    for more in ((), ("--json",)):
        ran = terminal.run(*command, *more, input=terminal.license + "\n")
        assert ran.code == 2 and "--yes" in ran.err
    for given, code in (("n", 1), ("", 1), (terminal.license.lower(), 0)):
        vaults = list((terminal.state / "issuers").glob("*.vault"))
        assert answered(terminal, given, *command) == code
        assert bool(vaults) and vaults[0].exists() == (code != 0)
    assert not list((terminal.state / "issuers").glob("*.vault"))
    assert terminal.events().count("key_compromised") == 1


def test_the_cards_of_a_compromised_key_are_listed(terminal: Terminal, tmp_path: Path) -> None:
    serials = [terminal.issue(None, "--out", tmp_path).json["cards"][0]["serial"] for _ in range(2)]
    told = terminal.run("compromised", terminal.license, "--out", tmp_path,
                        "--yes", "--json")  # fmt: skip
    assert told.json["serials"] == serials and not told.json["register_shut"]
    assert all(serial in told.json["notice"] for serial in serials)
    key, pin = minted(terminal, 2)
    old_key = terminal.file("old", terminal.made["key"])
    old_pin = terminal.file("pin", terminal.made["pin"])
    recovered = setup(terminal, "recover", "--key-file", key, "--new-pin-file", pin,
                      "--old-key-file", old_key, "--pin-file", old_pin)  # fmt: skip
    assert recovered.code == 0, recovered.err
    assert len(cards(terminal, pin).json["cards"]) == 2


@pytest.mark.parametrize("name", ["trail.db", "issuers", "lock", "trust"])
def test_what_others_may_read_is_refused_with_the_fix(terminal: Terminal, name: str) -> None:
    path = terminal.state / name
    assert terminal.run("setup", "list").code == 0
    path.chmod(path.stat().st_mode | 0o040)
    ran = terminal.run("setup", "list")
    assert ran.code == 3 and f"chmod {'0700' if path.is_dir() else '0600'} {path}" in ran.err
    doctor = terminal.run("doctor", "--json")
    assert doctor.code == 1
    assert "too_open" in {one["code"] for one in doctor.json["findings"]}
    path.chmod(path.stat().st_mode & ~0o077)
    assert terminal.run("setup", "list").code == 0


def test_links_and_other_owners_are_refused(terminal: Terminal) -> None:
    link = terminal.state / "issuers" / "PC-9.vault"
    link.symlink_to(next((terminal.state / "issuers").glob("*.vault")))
    assert "symbolic link" in terminal.run("setup", "list").err
    link.unlink()
    if os.geteuid() == 0:
        os.chown(terminal.state / "trail.db", 65534, 65534)
        assert "chown" in terminal.run("setup", "list").err


def test_doctor_reads_beside_a_terminal_at_work_and_changes_nothing(terminal: Terminal) -> None:
    import fcntl

    before = {path: path.read_bytes() for path in terminal.state.rglob("*") if path.is_file()}
    with (terminal.state / "lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ran = terminal.run("doctor", "--json")
    assert ran.code == 0 and "held" in {one["code"] for one in ran.json["findings"]}
    assert before == {path: path.read_bytes() for path in before}
    nowhere = Terminal(terminal.home / "nowhere")
    nowhere.home.mkdir()
    assert nowhere.run("doctor").code == 1  # no bundle: nothing can be issued
    assert list(nowhere.home.rglob("*")) == []


def test_the_pepper_s_worth_is_told(terminal: Terminal, tmp_path: Path) -> None:
    def kinds(environment: dict[str, str]) -> set[str]:
        found = terminal.run("doctor", "--json", environment=environment).json["findings"]
        return {one["code"] for one in found if one["check"] == "pepper"}

    assert kinds({}) <= {"pepper_file", "pepper_file_same_disk"}
    (tmp_path / "iies-pepper").write_bytes(bytes(64))
    assert kinds({"CREDENTIALS_DIRECTORY": os.fspath(tmp_path)}) == {"pepper_credential"}
    (terminal.home / "config_home" / "iies-tui" / "pepper").unlink()
    assert kinds({}) == {"pepper_missing"}


def test_selftest(terminal: Terminal) -> None:
    ran = terminal.run("selftest", "--json")
    assert ran.code == 0 and all(one["passed"] for one in ran.json["checks"])
    assert len(ran.json["checks"]) == 8
