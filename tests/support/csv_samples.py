"""A CSV file of good rows, and the domain's check over it, for the tests of batches."""

from __future__ import annotations

import csv
import io
from datetime import date

from iies_tui.domain.batch_file import Batch, load as load_bytes
from iies_tui.domain.dates import Limits
from iies_tui.domain.errors import Problem
from iies_tui.domain.insurer import Insurer
from iies_tui.domain.request import Examined, examine
from iies_tui.domain.request_csv import CheckedRow, check
from iies_tui.text import words

INSURERS = {
    "901": Insurer("901", "NORTH COUNTRY MUTUAL INS CO"),
    "902": Insurer("902", "OLD HARBOR SURETY CO", active=False),
}
GOOD = {
    "form": "FS-20",
    "icc": "901",
    "policy": "PA-1",
    "effective": "2026-12-01",
    "expiration": "2027-12-01",
    "registrant1_last": "DOE",
    "registrant1_first": "JOHN",
    "address1": "1 MAIN ST",
    "vehicle_year": "2003",
    "vehicle_make": "HONDA",
    "vehicle_vin": "1HGCM82633A004352",
}


def load(text: bytes | str) -> Batch:
    return load_bytes(text.encode() if isinstance(text, str) else text)


def judge(data: object) -> Examined:
    return examine(
        data, insurer=INSURERS.get, license="BR-1", today=date(2026, 11, 22), limits=Limits()
    )


def to_csv(*rows: dict[str, str], end: str = "\n", separator: str = ",") -> str:
    out = io.StringIO()
    columns = list(GOOD | dict.fromkeys(k for r in rows for k in r))
    writer = csv.DictWriter(out, columns, "", lineterminator=end, delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def checked(text: bytes | str) -> list[CheckedRow]:
    return list(check(load(text), judge))


def say(problem: Problem) -> str:
    return words(f"problem.{problem.code}", **problem.params)
