"""License numbers of issuers (the DFS instructions)."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from iies_tui.domain.issuer import is_license, normalize_license


@pytest.mark.parametrize("license", ["PC-123456", "BR-123456/123", "123", "A1", "A" * 24])
def test_forms_that_are_issued(license: str) -> None:
    assert is_license(license)


@pytest.mark.parametrize(
    "license",
    [
        *("", "A", "A" * 25, " PC-123456", "PC-123456 ", "PC 123456", "PC-123456\n", "-123"),
        *("pc-123456", "PC_123456", "PC–123456", "١٢٣", "PC-12É"),
    ],
)
def test_forms_that_are_not(license: str) -> None:
    assert not is_license(license)


@given(st.text(max_size=30))
def test_blanks_are_never_removed(text: str) -> None:
    normal = normalize_license(text)
    assert normalize_license(normal) == normal
    assert text.count(" ") == normal.count(" ")


def test_lower_case_is_taken() -> None:
    assert is_license(normalize_license("br-123456/123"))
