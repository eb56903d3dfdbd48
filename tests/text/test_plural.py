"""The word that goes with a number."""

from __future__ import annotations

import pytest

from iies_tui.text import words


@pytest.mark.parametrize(("count", "told"), [(0, "0 rows,"), (1, "1 row,"), (2, "2 rows,")])
def test_one_is_no_plural(count: int, told: str) -> None:
    assert words("cli.trail_rows", rows=count, cards=1, void=0) == f"{told} 1 card, 0 void."
