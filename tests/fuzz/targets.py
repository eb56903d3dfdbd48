"""What is fuzzed: five parsers of hostile input, each as a function of bytes that must return.

A refusal is a return. Anything else that is raised is a find, and so is an input that is accepted
though its parser's own promise does not hold for it (one encoding, rules kept on the way out).
"""

from __future__ import annotations

from collections.abc import Callable

from iies_tui.adapters.barcode import claims, envelope
from iies_tui.adapters.barcode.profile_open import MAX_ENVELOPE, OpenProfile
from iies_tui.adapters.encoding import cbor as canonical
from iies_tui.adapters.keys import vault
from iies_tui.adapters.trust import bundle_format as labels, bundle_reader, icc_csv
from iies_tui.domain import batch_file, request as requests, request_csv
from iies_tui.domain.errors import Refused

PROFILE = OpenProfile()


def fuzz_envelope(data: bytes) -> None:
    """By its first byte: digits as typed, an envelope, a protected header, a card's claims."""
    rest = data[1:]
    try:
        match data[:1]:
            case b"D":
                read = PROFILE.read(rest.decode("latin-1"))
                assert PROFILE.digits(read) == rest.decode("latin-1")
            case b"H":
                whole = envelope.assemble(rest, bytes(60), bytes(64))
                assert envelope.parse(whole, MAX_ENVELOPE).protected == rest
            case b"C":
                opened = claims.decode(rest)
                assert str(opened["effective"]) < str(opened["expiration"])
            case _:
                typed = str(int.from_bytes(b"\x01" + rest, "big"))
                assert PROFILE.read(typed).encoded == rest
    except Refused:
        return


def fuzz_vault(data: bytes) -> None:
    """A vault file: the parts that are accepted are the whole file again."""
    try:
        file = vault.parse(data)
    except ValueError:
        return
    assert file.to_bytes() == data


def fuzz_bundle(data: bytes) -> None:
    """By its first byte: the map that a root has signed, or a whole bundle file."""
    try:
        if data[:1] != b"M":
            bundle_reader.read(data)
            return
        content = canonical.decode(data[1:], max_bytes=labels.MAX_BUNDLE, booleans=True)
        if isinstance(content, dict):
            signed = bundle_reader.read_map(content)
            written = labels.sign(signed, lambda message: bytes(64))
            assert data[1:] in written
    except (Refused, canonical.NotCanonical):
        return


def fuzz_csv(data: bytes) -> None:
    """An insurer list: what is taken has distinct codes, in their order."""
    try:
        codes = [insurer.icc for insurer in icc_csv.read(data).insurers]
    except Refused:
        return
    assert codes == sorted(set(codes))


def fuzz_request(data: bytes) -> None:
    """By its first byte: a batch as CSV, or a request as JSON, which reads back as it is taken."""
    try:
        if data[:1] == b"V":
            for row in batch_file.load(data[1:]).rows:
                requests.read(request_csv.to_json(row))
            return
        request = requests.read(requests.load_json(data)).request
    except Refused:
        return
    assert request is None or requests.read(requests.to_json(request)).request == request


TARGETS: dict[str, Callable[[bytes], None]] = {
    "envelope": fuzz_envelope,
    "vault": fuzz_vault,
    "bundle": fuzz_bundle,
    "csv": fuzz_csv,
    "request": fuzz_request,
}
