"""The last lines of ``kiosk/test.sh``: coverage, skipped tests, ``N passed, N failed``.

Reads what pytest left in the scratch directory (``junit.xml``, ``coverage.json`` and, with
``--full``, ``figures.jsonl``) and writes ``tests/full-results.json`` for a full run. Exits 1 where
a test or a gate failed, or a test was skipped: nothing is left out for want of a component.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from xml.etree import ElementTree

from full_results import RESULTS, write_results


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
    totals = json.loads(report.read_text())["summary"]
    statements = totals["covered_lines"] + totals["missing_lines"]
    branches = totals["covered_branches"] + totals["missing_branches"]
    covered = totals["covered_lines"] + totals["covered_branches"]
    return {
        "percent": round(100 * covered / max(1, statements + branches), 1),
        "statements": statements,
        "missing_statements": totals["missing_lines"],
        "branches": branches,
        "missing_branches": totals["missing_branches"],
    }


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
        print(f"written: {RESULTS}")
    print(f"gates failed: {' '.join(gates) or 'none'}; {options.seconds} s in all")
    if tests["skipped"]:
        print("Skipped tests count as a failure: a missing component must be installed.")
    summary = f"{tests['passed']} passed, {tests['failed']} failed"
    print(summary + (f", {tests['skipped']} skipped" if tests["skipped"] else ""))
    good = options.pytest_exit == 0 and not (tests["failed"] or tests["skipped"] or gates)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
