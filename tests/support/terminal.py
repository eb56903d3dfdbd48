"""The shipped program on state directories of its own, for the tests of the whole."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROGRAM = [sys.executable, "-I", "-m", "iies_tui"]

REQUEST: dict[str, Any] = {
    "form": "FS-20",
    "icc": "901",
    "policy": "PA-7654321-01",
    "effective": "2026-12-01",
    "expiration": "2027-12-01",
    "registrants": [
        {
            "last": "TESTPERSON",
            "first": "QUENTIN",
            "middle": "Z",
            "suffix": "",
            "driver_license": "918273645",
        }
    ],
    "organization": None,
    "address": ["77 ELSEWHERE ST", "ALBANY NY 12207"],
    "vehicles": [{"year": 2003, "make": "HONDA", "vin": "1HGCM82633A004352"}],
}
PRIVATE = ("TESTPERSON", "QUENTIN", "918273645", "ELSEWHERE", "PA-7654321", "1HGCM82633A004352")
"""What of REQUEST must never be seen where nobody asked for it."""


@dataclass
class Ran:
    """A command that ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Terminal:
    """A training terminal below ``home``; ``made`` is what ``train --json`` answered."""

    home: Path
    made: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> Path:
        return self.home / "state"

    @property
    def license(self) -> str:
        return self.made["license"]

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
        names = ("STATE_HOME", "CONFIG_HOME", "DATA_HOME", "CACHE_HOME", "DOCUMENTS_DIR")
        xdg = {f"XDG_{name}": os.fspath(self.home / name.lower()) for name in names}
        # No CUPS of this machine: what is tested here needs none, or its absence.
        cups = {"CUPS_SERVER": os.fspath(self.home / "no-cups.sock")}
        return {**kept, **xdg, **cups, "HOME": os.fspath(self.home)}

    def file(self, name: str, data: str | bytes) -> Path:
        path = self.home / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    def request(self, **changes: Any) -> Path:
        return self.file("request.json", json.dumps({**REQUEST, **changes}))

    def command(self, *words: str | Path) -> list[str]:
        return [*PROGRAM, "--state", os.fspath(self.state), *(os.fspath(word) for word in words)]

    def run(
        self,
        *words: str | Path,
        before: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Ran:
        """Run to the end; ``before`` goes before the program (strace, setpriv)."""
        done = subprocess.run(
            [*before, *self.command(*words)],
            env={**self.environment, **(environment or {})},
            capture_output=True,
            text=True,
            timeout=120,
            cwd=self.home,
            **options,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def signed(self) -> list[str | Path]:
        return ["--license", self.license, "--pin-file", self.file("pin", self.made["pin"] + "\n")]

    def issue(self, request: Path | None = None, *more: str | Path, **options: Any) -> Ran:
        """Issue ``request``, once more where it has its card."""
        wanted = request or self.request()
        again = [] if wanted.suffix == ".csv" else ["--issue-again"]
        return self.run("issue", wanted, *self.signed(), "--json", *again, *more, **options)

    def trail(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.run("trail", "show", "--json").json["rows"]
        return rows

    def events(self) -> list[str]:
        return [row["event"] for row in self.trail()]


def make(home: Path) -> Terminal:
    """A training terminal in ``home``, which is made."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    terminal = Terminal(home)
    ran = terminal.run("train", "--json")
    assert ran.code == 0, ran.err
    terminal.made = ran.json
    return terminal


def copy(terminal: Terminal, home: Path) -> Terminal:
    """The same terminal at another place, as if a copy had been put back on another day."""
    shutil.copytree(terminal.home, home)
    made = {
        name: value.replace(os.fspath(terminal.home), os.fspath(home))
        for name, value in terminal.made.items()
    }
    return Terminal(home, made)


def bytes_below(directory: Path) -> bytes:
    """All files below a directory, names included, one after the other."""
    parts = []
    for path in sorted(directory.rglob("*")):
        parts.append(os.fsencode(path.relative_to(directory)))
        if path.is_file() and not path.is_symlink():
            parts.append(path.read_bytes())
    return b"\0".join(parts)
