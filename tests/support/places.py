"""Where the parts of the checkout lie, so that no test counts folders upward."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "iies_tui"
DOCS = ROOT / "docs"
KIOSK = ROOT / "kiosk"
VECTORS = ROOT / "tests" / "vectors"
SUPPORT = ROOT / "tests" / "support"


def tracked() -> list[Path]:
    """Every file of the checkout that git has or would take."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=True,
        cwd=ROOT,
    )
    return [path for name in done.stdout.decode().split("\0") if (path := ROOT / name).is_file()]
