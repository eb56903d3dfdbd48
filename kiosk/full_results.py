"""``tests/full-results.json``: every figure of the full counts, with its commit, date and outcome.

    python kiosk/full_results.py FIGURES.jsonl...

folds what ``pytest --full --figures FIGURES.jsonl`` measured into the record, as
``kiosk/test.sh --full`` does by itself.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from pathlib import Path

RESULTS = Path(__file__).resolve().parent.parent / "tests" / "full-results.json"


def write_results(figures: Path, numbers: dict[str, object] | None = None) -> None:
    """Fold the figures of a run into the record; ``numbers`` are those of a run of every test.

    A run of some tests replaces the figures of those tests and leaves the others as they were
    measured; each figure bears its own commit and date. Of a test measured twice in one file the
    last run counts.
    """
    record = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
    measured = [json.loads(line) for line in figures.read_text().splitlines()]
    anew = {figure["test"] for figure in measured}
    stay = [figure for figure in record.get("figures", []) if figure["test"] not in anew]
    kept = {(figure["test"], figure["name"]): figure for figure in [*stay, *measured]}
    record["machine"] = {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
    }
    if numbers is not None:
        record["last_run"] = numbers
    record["figures"] = sorted(kept.values(), key=lambda one: (one["name"], one["test"]))
    RESULTS.write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        write_results(Path(name))
