"""The columns of a batch: a request's names flattened (``docs/batch.md``)."""

from __future__ import annotations

PERSON = ("last", "first", "middle", "suffix", "driver_license")
PEOPLE = (1, 2)
LINES = (1, 2, 3, 4)
REQUIRED = (
    *("form", "icc", "policy", "effective", "expiration"),
    *("vehicle_year", "vehicle_make", "vehicle_vin"),
)
COLUMNS = (
    *REQUIRED[:5],
    *(f"registrant{number}_{part}" for number in PEOPLE for part in PERSON),
    *("organization_name", "organization_fein"),
    *(f"address{number}" for number in LINES),
    *REQUIRED[5:],
    *("fleet_vehicles", "fleet_for_hire", "as_registered"),
)
"""Every column that is read, in the order that a template shows."""
PROBLEMS = "problems"
