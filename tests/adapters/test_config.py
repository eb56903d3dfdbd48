"""config.toml: every entry, its range, and what is told of a wrong one (docs/settings.md)."""

from __future__ import annotations

import os
import re
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from iies_tui.adapters import config
from iies_tui.adapters.config import Config
from iies_tui.adapters.mail.settings import PORTS, MailSettings, Security
from iies_tui.domain.errors import IiesError, MachineFailed, WrongUsage
from iies_tui.text import words
from tests.support.places import DOCS

SETTINGS = DOCS / "settings.md"


def written(tmp_path: Path, text: str | bytes) -> Path:
    (tmp_path / "config.toml").write_bytes(text.encode() if isinstance(text, str) else text)
    return tmp_path


def test_without_a_file_every_default_holds(tmp_path: Path) -> None:
    assert config.load(tmp_path) == Config(folder=config.default_folder())
    assert config.load(written(tmp_path, "")) == Config(folder=config.default_folder())


def test_every_entry(tmp_path: Path) -> None:
    found = config.load(written(tmp_path, """
        [sign_off]
        idle_seconds = 60
        absolute_seconds = 3600
        [printer]
        queue = "FRONT"
        [folder]
        path = "/media/stick"
        [card]
        acceptance_days = 30
        max_term_days = 400
        max_back_days = 7
    """))  # fmt: skip
    assert found == Config(60, 3600, "FRONT", Path("/media/stick"), 30, 400, 7)
    assert found.warn_seconds == 20


def test_the_example_in_the_docs_is_right(tmp_path: Path) -> None:
    example = SETTINGS.read_text().split("```toml\n")[1].split("```")[0]
    found = config.load(written(tmp_path, example))
    assert found != Config(folder=config.default_folder())


def documented() -> dict[str, tuple[str, str]]:
    """What docs/settings.md says of each setting: its values and its default."""
    table = SETTINGS.read_text().split("| entry | value |")[1].split("\n\n")[0]
    rows = [line.split(" | ") for line in table.splitlines()[2:]]
    return {row[0].strip("| `"): (row[1], row[2]) for row in rows}


def test_the_docs_hold_every_setting_and_no_other() -> None:
    names = re.findall(r"^\| `([a-z_]+\.[a-z_]+)` ", SETTINGS.read_text(), re.MULTILINE)
    assert sorted(names) == sorted(config.SETTINGS)
    assert list(documented()) == names


@pytest.mark.parametrize("name", config.SETTINGS)
def test_the_docs_say_the_values_and_the_default(name: str) -> None:
    field, kind = config.SETTINGS[name]
    default = getattr(MailSettings() if name.startswith("mail.") else Config(), field)
    values, said = documented()[name]
    match kind:
        case config.Number(low, high):
            assert re.fullmatch(rf"{low:,} to {high:,}( seconds| days)?", values)
        case config.Flag():
            assert values == "`true` or `false`"
        case config.Text(accept) if accept is Security:
            assert values == " or ".join(f'`"{one}"`' for one in Security)
        case config.Text():
            assert values.startswith("text")
            assert ("path" in values) == (kind.code == "config_relative")
        case config.Iccs():
            assert values.startswith("list of codes")
    if name == "mail.port":
        assert said == f'{PORTS[Security.STARTTLS]}, with `"tls"` {PORTS[Security.TLS]}'
    elif isinstance(default, bool):
        assert said == f"`{str(default).lower()}`"
    elif isinstance(default, int):
        assert said == str(default)
    elif isinstance(default, frozenset):
        assert (said, default) == ("`[]`", frozenset())
    else:
        assert said.strip("`") == (f'"{default}"' if default not in (None, Path()) else '""')


SCALARS = (
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.integers(-1, 70_000)
    | st.floats()
    | st.text()
    | st.text("a.@/~:-1\0\n", max_size=12)
    | st.datetimes(timezones=st.none() | st.just(UTC))
    | st.dates()
    | st.times()
)
VALUES = st.recursive(
    SCALARS | st.from_regex("[0-9]{3}", fullmatch=True),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(st.sampled_from([*config.SETTINGS, "mail.password", "card.max"]), VALUES)
def test_any_value_is_taken_or_refused_by_its_name(name: str, value: object) -> None:
    table, entry = name.split(".")
    try:
        made = config.read({table: {entry: value}}, "config.toml")
    except WrongUsage as error:
        assert error.params["name"] == (name if error.code != "config_mail_from" else "mail.from")
        assert "?" not in words(f"error.{error.code}", **error.params)
    else:
        assert name in config.SETTINGS
        assert isinstance(value, str | int) or value == [] or made.mail.insurers
        assert isinstance(config.SETTINGS[name][1], config.Flag) == isinstance(value, bool)


@given(name=st.sampled_from(list(config.SETTINGS)), off=st.integers(-2, 2), top=st.booleans())
def test_a_number_is_taken_up_to_its_ends(name: str, off: int, top: bool) -> None:
    field, kind = config.SETTINGS[name]
    if not isinstance(kind, config.Number):
        return
    value = (kind.high if top else kind.low) + off
    table, entry = name.split(".")
    given_ = {"server": "a.example", "from": "a@b.example"} if table == "mail" else {}
    tables = {table: {**given_, entry: value}}
    if kind.low <= value <= kind.high:
        made = config.read(tables, "config.toml")
        assert getattr(made.mail if table == "mail" else made, field) == value
    else:
        with pytest.raises(WrongUsage, match="config_range"):
            config.read(tables, "config.toml")


@pytest.mark.parametrize(("text", "code"), [
    ("[sign_off", "config_not_toml"),
    (b"\xff\xfe", "config_not_toml"),
    ("x = " + "[" * 5000, "config_not_toml"),
    ("idle = 3", "config_unknown"),
    ("[sign_off]\nidle = 3", "config_unknown"),
    ("[sign_of]\nidle_seconds = 3", "config_unknown"),
    ("[sign_off]\nidle_seconds = 2", "config_range"),
    ("[sign_off]\nidle_seconds = 901", "config_range"),
    ("[sign_off]\nidle_seconds = 30.0", "config_range"),
    ("[sign_off]\nidle_seconds = true", "config_range"),
    ('[sign_off]\nidle_seconds = "30"', "config_range"),
    ("[card]\nacceptance_days = 0", "config_range"),
    ("[printer]\nqueue = 1", "config_text"),
    ('[folder]\npath = "cards"', "config_relative"),
])  # fmt: skip
def test_what_is_wrong_is_named(tmp_path: Path, text: str | bytes, code: str) -> None:
    with pytest.raises(WrongUsage, match=code):
        config.load(written(tmp_path, text))


def test_a_file_too_large_is_not_read_in_part(tmp_path: Path) -> None:
    with pytest.raises(MachineFailed, match="file_too_large"):
        config.load(written(tmp_path, "#" * 70_000))


def test_a_directory_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "config.toml").mkdir()
    with pytest.raises(IiesError):
        config.load(tmp_path)


def test_the_state_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    assert config.default_state() == Path(os.environ["XDG_STATE_HOME"]) / "iies-tui"
    monkeypatch.setenv("STATE_DIRECTORY", "/var/lib/iies-tui:/var/lib/other")
    assert config.default_state() == Path("/var/lib/iies-tui")


def test_a_relative_documents_directory_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", "documents")
    assert config.default_folder().is_absolute()
