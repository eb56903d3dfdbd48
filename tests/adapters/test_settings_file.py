"""config.toml as the program writes it: what is written is read back, comments stay."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given, strategies as st

from iies_tui.adapters import config
from iies_tui.adapters.config import SETTINGS, Flag, Iccs, Number, Text
from iies_tui.adapters.settings_file import SettingsFile, comments
from iies_tui.domain.errors import MachineFailed, WrongUsage

_SPECIAL = {
    "mail.server": ["smtp.provider.example", "mx"],
    "mail.security": ["tls", "starttls"],
    "mail.from": ["cards@agency.example", "a.b+c@office.example"],
    "folder.path": ["/srv/cards/out", "/media/a 'stick'", '/x/"y"', "/back\\slash", "/tür"],
    "mail.password_file": ["/etc/mail"],
    "mail.ca_file": ["/etc/own.pem"],
    "mail.user": ["cards@agency.example", "o'neil"],
    "mail.insurers": ["901", "901, 017", "001 002;003"],
}
_LINE = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=20
)


def value_of(name: str) -> st.SearchStrategy[str]:
    """Texts that the setting takes, the empty one included."""
    kind = SETTINGS[name][1]
    if name in _SPECIAL:
        return st.sampled_from(["", *_SPECIAL[name]])
    if isinstance(kind, Flag):
        return st.sampled_from(["", "true", "false"])
    if isinstance(kind, Number):
        return st.just("") | st.integers(kind.low, kind.high).map(str)
    assert isinstance(kind, Text)
    return st.just("") | _LINE


CHANGES = st.lists(st.sampled_from(sorted(SETTINGS)), unique=True, max_size=6).flatmap(
    lambda names: st.fixed_dictionaries({name: value_of(name) for name in names})
)
_SAID = st.text(st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_characters="\x7f"))
SAID = _SAID.map(lambda text: "# " + "".join(c for c in text if c.isprintable()))


def toml(value: str, kind: Number | Flag | Text | Iccs, multi: bool, said: str) -> str:
    if isinstance(kind, Number | Flag):
        return value
    if isinstance(kind, Iccs):
        codes = [f'"{one}"' for one in value.replace(",", " ").replace(";", " ").split()]
        return f"[ {said}\n  {', '.join(codes)}, {said}\n]" if multi and codes else (
            f"[{', '.join(codes)}]"
        )  # fmt: skip
    if multi and "'" not in value:
        return f"'''{value}'''"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@st.composite
def files(draw: st.DrawFn) -> str:
    """A file as an owner writes it by hand: tables or dotted names, in any order, with comments."""
    values = {name: text for name, text in draw(CHANGES).items() if text}
    if "mail.server" in values:
        values["mail.from"] = "cards@agency.example"
    tables: dict[str, list[tuple[str, str]]] = {}
    for name, text in values.items():
        table, _, key = name.partition(".")
        value = toml(text, SETTINGS[name][1], draw(st.booleans()), draw(SAID))
        tables.setdefault(table, []).append((key, value))
    dotted = draw(st.booleans())
    lines = [draw(SAID)] if draw(st.booleans()) else []
    for table, entries in tables.items():
        if not dotted:
            lines.append(f"[{table}]" + draw(st.sampled_from(["", "  # a table"])))
        for key, value in entries:
            if draw(st.booleans()):
                lines.append(draw(SAID))
            end = f"  {draw(SAID)}" if draw(st.booleans()) else ""
            lines.append(f"{table}.{key} = {value}{end}" if dotted else f"{key} = {value}{end}")
        lines += [""] * draw(st.integers(0, 2))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return end.join(lines) + draw(st.sampled_from(["", end]))


def in_form(name: str, text: str) -> str:
    kind = SETTINGS[name][1]
    if isinstance(kind, Iccs):
        return ", ".join(text.replace(",", " ").replace(";", " ").split())
    return text.strip()


@given(text=files(), changes=CHANGES)
@example(text="", changes={"mail.port": "26"})
@example(text="[mail]\nport = 25 # ours", changes={"mail.port": ""})
@example(text='mail.insurers = ["901", # NYCM\n "017"] # two', changes={"mail.insurers": "901"})
@example(text="[card] # a\r\nmax_term_days = 3\r\n", changes={"card.max_term_days": "4"})
def test_what_is_written_is_read_back_and_every_comment_stays(
    text: str, changes: dict[str, str]
) -> None:
    with TemporaryDirectory() as state:
        check_written(Path(state), text, changes)


def check_written(state: Path, text: str, changes: dict[str, str]) -> None:
    path = state / "config.toml"
    path.write_bytes(text.encode())
    file = SettingsFile(state)
    before = file.texts()
    if file.problems(changes):  # a server without a sender
        with pytest.raises(WrongUsage):
            file.write(changes)
        assert path.read_bytes() == text.encode()
        return
    file.write(changes)
    after = file.texts()
    wanted = {**before, **{name: in_form(name, value) for name, value in changes.items()}}
    assert after == wanted
    assert sorted(comments(path.read_bytes().decode())) == sorted(comments(text))
    config.load(state)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in state.iterdir()] == ["config.toml"]


@given(text=files())
def test_a_file_that_is_not_changed_is_the_same_to_the_byte(
    text: str,
) -> None:
    with TemporaryDirectory() as home:
        path = Path(home) / "config.toml"
        path.write_bytes(text.encode())
        SettingsFile(path.parent).write(SettingsFile(path.parent).texts())
        assert path.read_bytes() == text.encode()


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("sign_off.idle_seconds", "2", "config_range"),
        ("sign_off.idle_seconds", "5 minutes", "config_range"),
        ("mail.port", "65536", "config_range"),
        ("mail.port", "٥", "config_range"),
        ("mail.security", "none", "config_mail_security"),
        ("mail.insurers", "9O1", "config_mail_insurers"),
        ("folder.path", "cards", "config_relative"),
        ("mail.from", "nobody", "config_mail_from"),
        ("mail.server", "a b", "config_mail_server"),
        ("mail.server", "smtp.provider.example", "config_mail_from"),
        ("authority.contact", "a\x07b", "config_text"),
        ("printer.color", "red", "config_unknown"),
    ],
)
def test_what_the_next_start_would_refuse_is_told_and_not_written(
    tmp_path: Path, name: str, text: str, code: str
) -> None:
    file = SettingsFile(tmp_path)
    (found,) = file.problems({name: text})
    assert found.code == code
    with pytest.raises(WrongUsage, match=code):
        file.write({name: text})
    assert not (tmp_path / "config.toml").exists()


def test_several_faults_are_told_at_once(tmp_path: Path) -> None:
    found = SettingsFile(tmp_path).problems({"mail.port": "0", "folder.path": "x"})
    assert [one.field for one in found] == ["mail.port", "folder.path"]


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.toml").write_text("[mail]\nport = 25 # ours\n")

    def full(*_arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(MachineFailed, match="disk_full"):
        SettingsFile(tmp_path).write({"mail.port": "26"})
    monkeypatch.undo()
    assert (tmp_path / "config.toml").read_text() == "[mail]\nport = 25 # ours\n"
    assert [one.name for one in tmp_path.iterdir()] == ["config.toml"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a = 1 # one\n# two", ["# one", "# two"]),
        ('a = "# no" # yes', ["# yes"]),
        ("a = '# no' # yes", ["# yes"]),
        ('a = """\n# no "" # no""" # yes', ["# yes"]),
        ("a = '''# no\n'# no'''' # yes", ["# yes"]),
        ('a = "\\"# no" # yes', ["# yes"]),
    ],
)
def test_a_comment_is_told_from_a_text(text: str, found: list[str]) -> None:
    assert comments(text) == found
