"""NHTSA's catalog as the program asks it: known VINs, and silence where a VIN is not right."""

from __future__ import annotations

import builtins
from typing import Any

import pytest

from iies_tui.adapters.vin_catalog import VinCatalog
from iies_tui.domain.vin import check_digit, is_right

KNOWN = [
    ("1HGCM82633A004352", "HONDA", 2003),
    ("1FTEW1EP1KFA00007", "FORD", 2019),
    ("5YJ3E1EA_JF000000", "TESLA", 2018),
    ("WDDGF8AB_DR000000", "MERCEDES-BENZ", 2013),
    ("1GCVKREC_FZ000000", "CHEVROLET", 2015),
    ("JTDKB20U_93000000", "TOYOTA", 2009),
    ("WBA3A5C5_DF000000", "BMW", 2013),
    ("4S4BSANC_H3000000", "SUBARU", 2017),
    ("1C4RJFBG_FC000000", "JEEP", 2015),
    ("2C3CDXBG_CH000000", "DODGE", 2012),
    ("1C6RR7FT_DS000000", "RAM", 2013),
    ("SALWR2VF_FA000000", "LAND ROVER", 2015),
    ("19XFC2F5_GE000000", "HONDA", 2016),
    ("1N4AL3AP_DC000000", "NISSAN", 2013),
    ("KMHGN4JE_FU000000", "HYUNDAI", 2015),
    ("KMHGN4JE_HU000000", "GENESIS", 2017),
    ("KNDJP3A5_H7000000", "KIA", 2017),
    ("3VW2B7AJ_HM000000", "VOLKSWAGEN", 2017),
    ("YV4A22PK_G1000000", "VOLVO", 2016),
    ("WP0AB2A9_FS000000", "PORSCHE", 2015),
    ("1FUJGLDR_CL000000", "FREIGHTLINER", 2012),
    ("1HD1KBM1_DB000000", "HARLEY-DAVIDSON", 2013),
    ("1G6AB5RA_D0000000", "CADILLAC", 2013),
    ("JNKCV64E_8M000000", "INFINITI", 2008),
    ("58ABK1GG_GU000000", "LEXUS", 2016),
    ("1XKAD49X_CJ000000", "KENWORTH", 2012),
    ("9BWDE61J_34000000", "VOLKSWAGEN", 2003),
    ("JF1GPAA6_D8000000", "SUBARU", 2013),
    ("1G2ZG58N_74000000", "PONTIAC", 2007),
    ("1ZVBP8AM_D5000000", "FORD", 2013),
    ("1YVHP80C_55000000", "MAZDA", 2005),
    ("JYARN23E_DA000000", "YAMAHA", 2013),
    ("1B3BG26S_FX123456", "DODGE", 1985),
    ("1G1AZ37G_EB123456", "CHEVROLET", 1984),
]
"""Makes that share a plant, a code or a WMI are among them; ``_`` takes the check digit."""


def whole(vin: str) -> str:
    return vin.replace("_", check_digit(vin.replace("_", "0")))


@pytest.mark.parametrize(("vin", "make", "year"), KNOWN)
def test_known_vehicles(vin: str, make: str, year: int) -> None:
    known = VinCatalog().look_up(whole(vin), year)
    assert known is not None
    assert (known.make, known.year) == (make, year)


@pytest.mark.parametrize(
    "vin", ["", "1HGCM82633A004353", "1HGCM82633A00435", "ZZZZZZZZ_ZZ000000", "12345"]
)
def test_what_is_not_right_or_not_known_is_not_guessed(vin: str) -> None:
    vin = whole(vin) if "_" in vin else vin
    assert is_right(vin) == vin.startswith("Z")
    assert VinCatalog().look_up(vin) is None


def test_a_machine_without_the_library_knows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name == "ultravin":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    assert VinCatalog().look_up("1HGCM82633A004352") is None
