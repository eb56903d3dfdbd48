"""Write the seeds that the fuzzers start from: ``python -m tests.fuzz.make_corpus``.

A few inputs of every shape that is accepted; what a fuzzer finds beyond them is not kept.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from iies_tui.adapters.barcode import claims
from iies_tui.adapters.encoding import cbor as canonical
from iies_tui.adapters.keys import vault
from iies_tui.adapters.trust.bundle_format import SignedBundle, sign
from iies_tui.adapters.trust.root import succeed
from iies_tui.domain.bundle import IssuerStatus, Revocation, RevocationKind
from tests.support import trust_samples as sample

HERE = Path(__file__).parent

REQUEST = {
    "form": "FS-20",
    "icc": "901",
    "policy": "PA-1234567-01",
    "effective": "2026-12-01",
    "expiration": "2027-12-01",
    "registrants": [{"last": "DOE", "first": "JOHN", "middle": "Q", "suffix": ""}],
    "organization": None,
    "address": ["1 MAIN ST", "ALBANY NY 12207"],
    "vehicles": [{"year": 2003, "make": "HONDA", "vin": "1HGCM82633A004352"}],
}
FLEET = {
    **REQUEST,
    "registrants": [],
    "organization": {"name": "MOHAWK & SONS TRUCKING INC", "fein": "12-3456789"},
    "vehicles": "ALL OWNED VEHICLES",
    "fleet": {"vehicles": 7, "for_hire": False},
    "as_registered": ["organization"],
}
BATCH = (
    "form,icc,policy,effective,expiration,registrant1_last,registrant1_first,address1,"
    "vehicle_year,vehicle_make,vehicle_vin,as_registered\r\n"
    "FS-20,901,PA-1,2026-12-01,12/1/2027,DOE,JOHN,1 MAIN ST,2003,HONDA,1HGCM82633A004352,vin\r\n"
    'FS-21,001,"PA ""2""",2026-12-01,2027-06-01,ROE,"JANE",,1999,ME/BE,ALL OWNED VEHICLES,a;b\r\n'
)
INSURERS = (
    "\ufefficc,name,naic,status\r\n901,NORTH COUNTRY MUTUAL INS CO,90901,active\r\n"
    '58,"BLUE HERON ASSURANCE, CORP",,inactive\r\n*003,LAKE & HILL CAS CO,7,\r\n'
)


def _bundles() -> tuple[bytes, bytes]:
    full = sample.bundle(
        issuers=(
            replace(
                sample.ISSUER,
                status=IssuerStatus.SUSPENDED,
                reason="UNPAID",
                since=date(2027, 1, 1),
                valid_to=date(2028, 1, 1),
            ),
            sample.OTHER_ISSUER,
        ),
        revocations=(
            Revocation(
                sample.listed("other").kid,
                RevocationKind.RETIRED,
                datetime(2026, 12, 1, tzinfo=UTC),
                "REPLACED",
            ),
        ),
    )
    link = succeed(
        sample.ROOT_PUBLIC, sample.NEXT_ROOT.public_key().public_bytes_raw(), sample.ROOT.sign
    )
    return sample.signed(full), sign(SignedBundle(full, (link,)), lambda message: bytes(64))


def seeds() -> dict[str, dict[str, bytes]]:
    """File name to content, by target."""
    whole = sample.seal()
    header, header_1 = map(canonical.encode, (sample.header(), sample.header_1()))
    whole_1 = sample.seal(header_1)
    file = vault._File(
        "BR-123456/1", 1, 1_795_000_000, bytes(8), bytes(12), bytes(52), "AB3DE", bytes(range(8))
    )
    bundle, unsigned = _bundles()
    parts = canonical.decode(unsigned, max_bytes=10_000, tag=18)
    assert isinstance(parts, list)
    return {
        "envelope": {
            "digits": b"D" + sample.digits(whole).encode(),
            "envelope": b"E" + whole,
            "header": b"H" + header,
            "digits-1": b"D" + sample.digits(whole_1).encode(),
            "envelope-1": b"E" + whole_1,
            "header-1": b"H" + header_1,
            "claims-waived": b"C" + claims.encode(sample.facts(waived=("name_one", "vin_check"))),
            "claims": b"C" + claims.encode(sample.facts()),
            "claims-fleet": b"C" + claims.encode(sample.organization()),
        },
        "vault": {
            "enrolled": file.to_bytes(),
            "new": replace(file, kid=b"", license="123").to_bytes(),
        },
        "bundle": {"file": bundle, "map": b"M" + parts[2]},
        "csv": {
            "list": INSURERS.encode(),
            "no-header": b"901,NORTH COUNTRY MUTUAL INS CO\n*902,OLD STONE INS CO,1,i\n",
        },
        "request": {
            "request": json.dumps(REQUEST).encode(),
            "fleet": json.dumps(FLEET).encode(),
            "batch": b"V" + BATCH.encode(),
        },
    }


def main() -> None:
    """Write them all."""
    for target, files in seeds().items():
        directory = HERE / "corpus" / target
        directory.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (directory / name).write_bytes(content)


if __name__ == "__main__":
    main()
