"""Codes of waived rules: short, sorted, none twice, no room for a name."""

from __future__ import annotations

import pytest

from iies_tui.domain.waived import MAX_WAIVED, are_waived


@pytest.mark.parametrize(
    "codes",
    [(), ("vin_check",), ("name_one", "vin_check"), tuple(f"r{n}" for n in range(MAX_WAIVED))],
)
def test_codes_that_a_card_may_state(codes: tuple[str, ...]) -> None:
    assert are_waived(codes)


@pytest.mark.parametrize(
    "codes",
    [
        ("vin_check", "name_one"),
        ("vin_check", "vin_check"),
        ("VIN",),
        ("1vin",),
        ("v",),
        ("a" * 17,),
        ("vin check",),
        ("vin_check\n",),
        ("vín",),
        ("",),
        tuple(f"r{n}" for n in range(MAX_WAIVED + 1)),
    ],
)
def test_codes_that_it_may_not(codes: tuple[str, ...]) -> None:
    assert not are_waived(codes)
