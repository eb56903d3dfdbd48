"""A verifier written from ``envelope.md`` and ``bundle.md`` alone; shares no code with ours.
``python docs/verifier.py BUNDLE < scan.txt`` trusts the bundle: compare its root's words first."""

import re
import sys
import time
import unicodedata
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

P = 2**255 - 19
ORDER_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
SMALL_ORDER = (0, 1, P - 1, ORDER_8, P - ORDER_8)
BASE_32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CRIT_1 = [-70001, -70002, -70003, -70004, -70005]

def encode(value):
    """Deterministic CBOR."""
    if value is None or isinstance(value, bool):
        return b"\xf6" if value is None else b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, str | bytes):
        data = value.encode() if isinstance(value, str) else value
        return head(3 if isinstance(value, str) else 2, len(data)) + data
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(encode, value))
    pairs = sorted((encode(key), encode(item)) for key, item in value.items())
    return head(5, len(pairs)) + b"".join(key + item for key, item in pairs)

def head(major, n):
    """An item's first bytes: major type and argument."""
    if n < 24:
        return bytes([major << 5 | n])
    width = next(width for width in (1, 2, 4, 8) if n < 1 << 8 * width)
    return bytes([major << 5 | 23 + width.bit_length()]) + n.to_bytes(width, "big")

def decode(data):
    """The one object whose encoding this is; ValueError, IndexError or KeyError otherwise."""
    value, _ = item(data, 0)
    if encode(value) != data:
        raise ValueError("not the deterministic encoding")
    return value

def item(data, at):
    """One item and the place after it."""
    major, n, at = data[at] >> 5, data[at] & 31, at + 1
    if major == 7:
        return {20: False, 21: True, 22: None}[n], at
    if 24 <= n <= 27:
        width = 1 << n - 24
        n, at = int.from_bytes(data[at : at + width], "big"), at + width
    if major == 6 or (major > 1 and n > len(data)):
        raise ValueError("a tag, or cut short")
    if major < 2:
        return (-1 - n if major else n), at
    if major < 4:
        return (data[at : at + n].decode() if major == 3 else data[at : at + n]), at + n
    found = []
    for _ in range(n * (major - 3)):
        value, at = item(data, at)
        found.append(value)
    return (found if major == 4 else dict(zip(found[::2], found[1::2], strict=True))), at

def signed_by(key, protected, payload, signature):
    """True where the signature is that key's, and the key one that is taken."""
    y = int.from_bytes(key, "little") % 2**255
    if len(key) != 32 or y >= P or y in SMALL_ORDER:
        return False
    try:
        message = encode(["Signature1", protected, b"", payload])
        return Ed25519PublicKey.from_public_bytes(key).verify(signature, message) is None
    except (InvalidSignature, ValueError):
        return False

def open_bundle(data):
    """The bundle's map; ValueError where its own root did not sign it."""
    protected, unprotected, payload, signature = decode(data.removeprefix(b"\xd2"))
    content = decode(payload)
    proven = signed_by(content[8], protected, payload, signature)
    if unprotected or content[1] != "iies-bundle-v1" or not proven:
        raise ValueError("not a bundle that its root signed")
    return content

def parse(scan):
    """Key id, mode, face, layout (0: told by nobody); issued-at, serial; what is signed."""
    typed = re.sub(r"\][A-Za-z][0-9A-Za-z]", "", "".join(scan.split()), count=1)
    digits = max(re.findall("[0-9]+", typed), key=len)
    if len(typed) - len(digits) > 32 or len(digits) > 1597 or digits[0] == "0":
        raise ValueError("digits")
    data = int(digits).to_bytes((int(digits).bit_length() + 7) // 8, "big")
    protected, unprotected, payload, signature = decode(data[2:])
    header = decode(protected)
    old = not isinstance(header[-70001], list)
    crit = CRIT_1 if old else CRIT_1[:1]
    card = [*(header[label] for label in crit), 1, bytes(48)] if old else header[-70001]
    version, recipient, mode, intent, face, layout, drawn = card
    issued, serial, entries = header[15][6], header[15][7], [len(header), len(header[15])]
    lengths = [len(b"" + part) for part in (header[4], recipient, intent, face, drawn, serial)]
    found = [data[:2], header[1], header[2], entries, version, lengths, unprotected, len(signature)]
    right = [b"\x01\xd2", -19, crit, [4 + len(crit), 2], 2 - old, [8, 8, 16, 16, 48, 8], {}, 64]
    good = encode(found) == encode(right) and type(layout) is int and 1 <= layout <= 255
    good &= 0 <= issued < 2**32 and encode(mode) in b"\x01\x02\x03" and 49 <= len(payload) <= 448
    if not good or not 1 <= int.from_bytes(serial[5:], "big") <= 999_999:
        raise ValueError("header")
    return (header[4], mode, face, layout - old), issued, serial, (protected, payload, signature)

def verify(bundle, scan, now):
    """The verdict. ``bundle`` is open_bundle's or None, ``now`` Unix time."""
    if not re.search("[0-9]", scan):
        return "UNREADABLE"
    try:
        header, issued, _, parts = parse(scan)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError):
        return "MALFORMED"
    for issuer in bundle[10] if bundle else []:
        for kid, key in issuer[4]:
            if kid == header[0]:
                if not signed_by(key, *parts):
                    return "SIGNATURE AUTHENTICATION ERROR"
                if bundle[6] or header[1] != 1:
                    return "SPECIMEN"
                good = active(issuer, issued) and issued <= now + 86400
                good &= all(row[1] == 1 and issued < row[2] for row in bundle[12] if row[0] == kid)
                return "GENUINE" if good else "INVALID ISSUER STATUS"
    return "UNKNOWN ISSUER"

def active(issuer, issued):
    """True where the issuer might issue on New York's day of that moment."""
    days = [int(time.strftime("%Y%m%d", time.gmtime(issued - hours * 3600))) for hours in (4, 5)]
    listed = [day for day in days if issuer[5] <= day <= issuer.get(6, day)]
    return any(issuer[7] == 1 or day < issuer.get(9, 0) for day in listed)

def face_matches(scan, check_code, lines):
    """True where a page of layout 1 states the twelve lines and check code that were signed."""
    (_, _, face, layout), _, serial, _ = parse(scan)
    epoch = int.from_bytes(serial[:5], "big")
    printed = "".join(BASE_32[epoch >> place & 31] for place in range(35, -5, -5))
    printed += f"-{int.from_bytes(serial[5:], 'big'):06d}-"
    code = "".join(check_code.split()).replace("-", "").upper().translate({79: 48, 73: 49, 76: 49})
    clean = [" ".join(unicodedata.normalize("NFC", line).upper().split()) for line in lines]
    digest = sha256("\n".join([code, *clean, ""]).encode()).digest()[:16]
    return layout == 1 and digest == face and clean[1].startswith(printed)

if __name__ == "__main__":
    if len(sys.argv) != 2: sys.exit(__doc__)
    print(verify(open_bundle(Path(sys.argv[1]).read_bytes()), sys.stdin.read(), time.time()))
