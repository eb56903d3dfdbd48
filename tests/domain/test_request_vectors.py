"""Every scenario of tests/vectors/requests: what is refused, where, and with which words."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from iies_tui.domain.dates import Limits
from iies_tui.domain.errors import Problem, Refused
from iies_tui.domain.insurer import Insurer
from iies_tui.domain.request import Examined, examine, load_json, read, to_json
from iies_tui.text import has, words
from tests.support.places import VECTORS

REQUESTS = VECTORS / "requests"
SCENARIOS = sorted(path for path in REQUESTS.glob("*.json") if not path.name.startswith("_"))
INSURERS = {
    item["icc"]: Insurer(item["icc"], item["name"], "", item["active"], item["signed"])
    for item in json.loads((REQUESTS / "_insurers.json").read_text())
}
WIDTH = 70
"""What fits beside or under a field on an 80-column screen."""


def _examine(scenario: dict[str, Any]) -> Examined:
    data = load_json(scenario["text"]) if "text" in scenario else scenario["request"]
    return examine(
        data,
        insurer=INSURERS.get,
        license=scenario["license"],
        today=date.fromisoformat(scenario["today"]),
        limits=Limits(**scenario.get("limits", {})),
    )


def _check_words(table: str, found: tuple[Problem, ...]) -> None:
    """Words, of a length that fits, with every parameter they ask for (else a ? stands in it)."""
    for problem in found:
        said = words(f"{table}.{problem.code}", **problem.params)
        assert len(said) <= WIDTH, (len(said), said)
        assert " ? " not in f" {said.rstrip('.')} ", said
        if has(f"{table}_long.{problem.code}"):
            assert "?" not in words(f"{table}_long.{problem.code}", **problem.params)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario(path: Path) -> None:
    scenario = json.loads(path.read_text("utf-8"))
    if "error" in scenario:
        with pytest.raises(Refused) as refused:
            _examine(scenario)
        assert refused.value.code == scenario["error"]
        assert "?" not in words(f"error.{refused.value.code}", **refused.value.params)
        return
    examined = _examine(scenario)
    findings = examined.findings
    assert [[p.field, p.code] for p in findings.problems] == scenario["problems"]
    assert [[p.field, p.code] for p in findings.notes] == scenario["notes"]
    _check_words("problem", findings.problems)
    _check_words("note", findings.notes)
    assert (examined.request is None) == bool(scenario["problems"])
    if examined.request is not None:
        again = load_json(json.dumps(to_json(examined.request)))
        assert read(again).request == examined.request


def test_most_scenarios_are_failures() -> None:
    failing = [p for p in SCENARIOS if '"problems": []' not in p.read_text("utf-8")]
    assert len(failing) > len(SCENARIOS) / 2
