"""Every fuzz target for ten seconds, or with ``--full`` ten million executions in all."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.places import ROOT

HERE = Path(__file__).parent
SECONDS = 10
"""Of each target in a usual run: a minute in all."""

CHUNK = 500_000
CHUNKS = {"envelope": 6, "vault": 6, "csv": 4, "request": 2, "bundle": 2}
"""Runs of ``CHUNK`` executions, each from another seed, in a full run."""

LONGEST = {"envelope": 1600, "vault": 520, "csv": 512, "request": 768, "bundle": 1024}
"""Bytes of an input: over the largest envelope and vault file, so that their caps are met; a few
lines, fields and issuers of the others, whose cost grows with the length and whose paths do not."""

MEMORY = 256
"""MB that the process may hold at any time."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One run a target, or all chunks of a full run, which pytest-xdist spreads."""
    full = metafunc.config.getoption("--full")
    if "chunk" in metafunc.fixturenames:
        runs = [(name, chunk) for name in CHUNKS for chunk in range(CHUNKS[name] if full else 1)]
        metafunc.parametrize(("target", "chunk"), runs, ids=[f"{n}-{c}" for n, c in runs])


@pytest.mark.heavy
def test_fuzz(
    target: str,
    chunk: int,
    full: bool,
    tmp_path: Path,
    record_figure: Callable[[str, dict[str, object]], None],
) -> None:
    found = tmp_path / "corpus"
    found.mkdir()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [
            # A shell in between: a process starts with the peak memory of the one it was made
            # from, and that of a test worker alone is over the limit.
            *("sh", "-c", '"$@"; exit $?', "sh"),
            *(sys.executable, "-m", "tests.fuzz.run", target),
            f"-runs={CHUNK}" if full else f"-max_total_time={SECONDS}",
            *(f"-seed={chunk + 1}", f"-max_len={LONGEST[target]}", f"-rss_limit_mb={MEMORY}"),
            *("-timeout=10", f"-artifact_prefix={tmp_path}/", "-print_final_stats=1"),
            *(found, HERE / "corpus" / target),
        ],
        capture_output=True,
        text=True,
        errors="replace",
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    stats = dict(re.findall(r"stat::(\w+):\s+(\d+)", done.stderr))
    executions = int(stats["number_of_executed_units"])
    memory = int(stats["peak_rss_mb"])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    record_figure(
        f"fuzz_{target}",
        {
            "count": executions,
            "full": full,
            "chunk": chunk,
            "peak_rss_mb": memory,
            "cpu_seconds": round(cost, 1),
        },
    )
    assert executions >= (CHUNK if full else 1000)
    assert memory <= MEMORY


def test_a_full_run_is_ten_million() -> None:
    assert sum(CHUNKS.values()) * CHUNK == 10_000_000


def test_a_find_is_one(tmp_path: Path) -> None:
    """The harness itself: a parser that raises ends the run with another code than 0."""
    package = tmp_path / "tests" / "fuzz"
    package.mkdir(parents=True)
    broken = package / "targets.py"
    broken.write_text(
        "def explode(data):\n"
        "    if data[:1] == b'!':\n"
        "        raise KeyError('found')\n"
        "TARGETS = {'broken': explode}\n"
    )
    (package / "run.py").write_text((HERE / "run.py").read_text())
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.fuzz.run",
            "broken",
            "-runs=200000",
            f"-artifact_prefix={tmp_path}/",
        ],
        capture_output=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode != 0
    assert b"KeyError" in done.stderr + done.stdout
    assert list(tmp_path.glob("crash-*"))
