"""Where the parts of the checkout lie, so that no test counts folders upward."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "iies_tui"
DOCS = ROOT / "docs"
KIOSK = ROOT / "kiosk"
VECTORS = ROOT / "tests" / "vectors"
SUPPORT = ROOT / "tests" / "support"
