"""The last lines of ``kiosk/test.sh``: coverage, skipped tests, ``N passed, N failed``.

Reads what pytest left in the scratch directory (``junit.xml``, ``coverage.json`` and, with
``--full``, ``figures.jsonl``) and writes ``tests/full-results.json`` for a full run. Exits 1 where
a test or a gate failed, or a test was skipped: nothing is left out for want of a component.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "tests" / "full-results.json"


def counts(junit: Path) -> dict[str, int]:
    """Passed, failed (errors included) and skipped tests of pytest's JUnit report."""
    suites = ElementTree.parse(junit).getroot().iter("testsuite")
    total = failed = skipped = 0
    for suite in suites:
        total += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return {"passed": total - failed - skipped, "failed": failed, "skipped": skipped}


def coverage(report: Path) -> dict[str, float | int]:
    """Line and branch coverage of the package, in percent."""
    if not report.is_file():
        return {}
    totals = json.loads(report.read_text())["totals"]
    return {
        "percent": round(totals["percent_covered"], 1),
        "statements": totals["num_statements"],
        "missing_statements": totals["missing_lines"],
        "branches": totals["num_branches"],
        "missing_branches": totals["missing_branches"],
    }


def git(*arguments: str) -> str:
    """What git says of this checkout, or nothing outside one."""
    done = subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True)
    return done.stdout.strip()


def write_results(figures: Path, numbers: dict[str, object]) -> None:
    """The full run's record: commit, date, machine, counts, coverage and figures.

    A run of some tests (pytest arguments given) replaces the figures of those tests and leaves the
    others as they were measured; each figure bears its own commit and date.
    """
    run = {
        "commit": git("rev-parse", "HEAD"),
        "changed_files": len(git("status", "--porcelain", "--untracked-files=no").splitlines()),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    measured = [{**json.loads(line), **run} for line in figures.read_text().splitlines()]
    anew = {figure["test"] for figure in measured}
    if RESULTS.is_file():
        kept = json.loads(RESULTS.read_text())["figures"]
        measured += [figure for figure in kept if figure["test"] not in anew]
    measured.sort(key=lambda figure: (figure["name"], figure["test"]))
    record = {
        "last_run": {**run, **numbers},
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "figures": measured,
    }
    RESULTS.write_text(json.dumps(record, indent=1) + "\n")


def main() -> int:
    """Print the summary; the exit code of the whole run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("pytest_exit", type=int)
    parser.add_argument("seconds", type=int)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--failed-gates", default="")
    options = parser.parse_args()

    tests = counts(options.scratch / "junit.xml")
    covered = coverage(options.scratch / "coverage.json")
    gates = options.failed_gates.split()
    if covered:
        print(
            f"coverage: {covered['percent']} % of lines and branches"
            f" ({covered['missing_statements']} of {covered['statements']} lines and"
            f" {covered['missing_branches']} of {covered['branches']} branches not reached)"
        )
    if options.full:
        write_results(
            options.scratch / "figures.jsonl",
            {
                "seconds": options.seconds,
                "tests": tests,
                "coverage": covered,
                "failed_gates": gates,
            },
        )
        print(f"written: {RESULTS.relative_to(ROOT)}")
    print(f"gates failed: {' '.join(gates) or 'none'}; {options.seconds} s in all")
    if tests["skipped"]:
        print("Skipped tests count as a failure: a missing component must be installed.")
    summary = f"{tests['passed']} passed, {tests['failed']} failed"
    print(summary + (f", {tests['skipped']} skipped" if tests["skipped"] else ""))
    good = options.pytest_exit == 0 and not (tests["failed"] or tests["skipped"] or gates)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
