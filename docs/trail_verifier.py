"""A verifier of trail exports, written from ``trail.md`` alone; shares no code with ours.
``python docs/trail_verifier.py EXPORT BUNDLE [NOTE]`` tells each fault by its row and exits 1 where
there is one. It trusts the bundle: compare its root's words first. NOTE: one that was kept."""

import json
import re
import sys
from base64 import b64decode, b64encode, urlsafe_b64encode
from datetime import date
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

sys.path.insert(0, str(Path(__file__).resolve().parent))
from verifier import BASE_32, SMALL_ORDER, P, decode, encode, open_bundle, signed_by

EVENTS = """epoch issuer_added issuer_enrolled issuer_removed key_replaced recovery_code_made signed_on
recovery_failed key_compromised compromise_answered sign_on_failed intent sealed batch delivery void reprint
handed_over mail bundle_imported insurers_imported clock_alarm counter_alarm authority_made key_minted key_revoked
issuer_status root_rolled bundle_published card_opened backup_made key_blocked key_unblocked cards_disposed
settings_changed clock_ahead clock_confirmed""".split()
TYPES = {1: int, 2: int, 3: bytes, 4: int, 5: str, 6: str, 7: str, 8: dict, 9: bytes}
ALNUM = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

def octets(*lengths):
    return lambda value: type(value) is bytes and len(value) in lengths

def number(least, most=2**63 - 1):
    return lambda value: type(value) is int and least <= value <= most

def text(pattern, test=lambda value: True):
    return lambda value: type(value) is str and bool(re.fullmatch(pattern, value)) and (not value or test(value))

def is_checked(serial):
    """True where a serial's last character is the ISO 7064 MOD 37,36 check of the others."""
    product, body = 36, serial.replace("-", "")
    for character in body[:-1]:
        product = ((product + ALNUM.index(character)) % 36 or 36) * 2 % 37
    return body[8:14] != "000000" and (product + ALNUM.index(body[-1])) % 36 == 1

def is_day(value):
    try:
        return bool(date.fromisoformat(value))
    except ValueError:
        return False

def is_sorted(value):
    return value.split(" ") == sorted(set(value.split(" ")))

SERIAL = f"[{BASE_32}]{{8}}-[0-9]{{6}}-[0-9A-Z]"
CODE, NAME = "[a-z][a-z0-9_]{1,15}", "[a-z][a-z0-9_.]*"
LICENSE = text("[A-Z0-9][A-Z0-9/-]{1,23}")
FIXED = {
    "sealed": {
        "serial": text(SERIAL, is_checked), "envelope": octets(32), "pdf": octets(32), "fax": octets(0, 32),
        "icc": text("[0-9]{3}"), "form": text("FS-2[01]"), "vehicles": number(1), "layout": number(1, 255),
        "waived": text(f"({CODE}( {CODE}){{0,7}})?", is_sorted), "copy": octets(0, 32),
        "replaces": text(f"({SERIAL})?", is_checked)},
    "key_blocked": {"license": LICENSE, "kid": octets(0, 8), "key_tail": text("[!-~]{0,5}")},
    "key_unblocked": {"license": LICENSE, "block": number(1)},
    "cards_disposed": {"license": LICENSE, "before": text("[0-9]{4}-[0-9]{2}-[0-9]{2}", is_day),
                       "cards": number(1), "digest": octets(32)},
    "settings_changed": {"names": text(f"{NAME}( {NAME})*", is_sorted)},
    "clock_ahead": {"seconds_ahead": number(1)},
    "clock_confirmed": {"alarm": number(1), "year": number(1970, 9999)},
}

def parse(data):
    """A row; ValueError, KeyError, IndexError or TypeError where these bytes are none."""
    row = decode(data)
    right = len(data) <= 4096 and type(row[1]) is int and row[1] in (1, 2) and set(row) == {*range(1, 8 + row[1])}
    right = right and all(type(row[label]) is TYPES[label] for label in row) and len(row.get(9, bytes(16))) == 16
    right = right and row[5] in EVENTS and -62_135_596_800 <= row[4] < 253_402_300_800
    right = right and all(type(name) is str and type(value) in (str, int, bytes) for name, value in row[8].items())
    if not right:
        raise ValueError("not a row")
    return row

def root(leaves):
    """RFC 9162 section 2.1.1, over leaves that are hashed already."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + root(leaves[:half]) + root(leaves[half:])).digest()

def signed_raw(key, message, signature):
    """True where the signature is that key's over the bytes as they are, and the key one that is taken."""
    y = int.from_bytes(key, "little") % 2**255
    if len(key) != 32 or y >= P or y in SMALL_ORDER:
        return False
    try:
        return Ed25519PublicKey.from_public_bytes(key).verify(signature, message) is None
    except (InvalidSignature, ValueError):
        return False

def note_is(note, head, keys):
    """True, False, or None where it says the right head and is by none of the keys."""
    form = rf"{re.escape(head)}\n— {re.escape(head.split()[0])} ([A-Za-z0-9+/]{{91}}=)\n"
    found = re.fullmatch(form, note)
    data = b64decode(found[1]) if found else b""
    if not found or b64encode(data).decode() != found[1]:
        return False
    origin = head.split("\n")[0].encode()
    named = [key for key in keys if sha256(origin + b"\n\x01" + key).digest()[:4] == data[:4]]
    return any(signed_raw(key, head.encode(), data[4:]) for key in named) if named else None

def checkpoint_is(signed, kid, key, seq, digest):
    """True where it is that key's, over that row."""
    try:
        protected, unprotected, payload, signature = decode(signed.removeprefix(b"\xd2"))
        head = decode(protected)
    except (ValueError, KeyError, IndexError, TypeError):
        return False
    right = set(head) == {1, 4, 15} and head[1] == -19 and head[4] == kid and unprotected == {} and signed[:1] == b"\xd2"
    return right and payload == encode(["iies-checkpoint-v1", seq, digest]) and signed_by(key, protected, payload, signature)

def audit(export, bundle, kept=""):
    """Every fault as (row, code), the codes of ``trail verify``."""
    keys = {kid: key for issuer in bundle[10] for kid, key in issuer[4]}
    notes = {seq: (bytes.fromhex(kid), note) for seq, kid, note in export.get("notes", [])}
    faults, leaves, hashes = [], [], {}
    before, seen, version, first, epoch = bytes(32), 0, 1, b"", bytes(5)
    announced, specimens, ended, sealed = set(), set(), set(), {}
    size = int(kept.split("\n")[1]) if kept else 0
    for data in map(bytes.fromhex, export["rows"]):
        try:
            row = parse(data)
        except (ValueError, KeyError, IndexError, TypeError):
            faults.append((seen + 1, "damaged"))
            break
        seq, event, details, digest = row[2], row[5], row[8], sha256(data).digest()
        serial = details.get("serial", "")
        leaves.append(sha256(b"\x00" + data).digest())
        shape = FIXED.get(event) if row[1] == 2 else None
        wrong = {
            "gap": seq != seen + 1,
            "chain": row[3] != before,
            "version_back": row[1] < version,
            "details": shape and (set(shape) != set(details) or not all(shape[name](details[name]) for name in shape)),
            "epoch": event == "epoch" and details.get("old_head") != row[3],
            "serial_twice": event == "intent" and serial in announced,
            "sealed_without_intent": event == "sealed" and (serial not in announced or serial in {*sealed, *ended}),
            "void_without_intent": event == "void" and serial not in announced,
            "delivered_unsealed": event in ("delivery", "handed_over", "reprint", "mail") and "serial" in details
            and serial not in sealed,
            "note_missing": event == "sealed" and row[1] == 2 and seq not in notes,
        }
        faults += [(seq, code) for code, found in wrong.items() if found]
        first, before, seen, version, hashes[seq] = first or digest, digest, seq, max(version, row[1]), digest
        if event == "epoch" and octets(5)(details.get("epoch")):
            epoch = details["epoch"]
        if event == "intent":
            announced.add(serial)
            specimens |= {serial} if details.get("mode") == 2 else set()
        elif event == "sealed":
            sealed[serial] = seq
        elif event == "void":
            ended.add(serial)
        if seq in notes or seq == size:
            chain = urlsafe_b64encode(first).decode().rstrip("=")
            name = "".join(BASE_32[int.from_bytes(epoch, "big") >> place & 31] for place in range(35, -5, -5))
            head = f"iies-trail/{chain}/{name}\n{len(leaves)}\n{b64encode(root(leaves)).decode()}\n"
        if seq in notes:
            kid, note = notes.pop(seq)
            said = note_is(note, head, [keys[kid]] if kid in keys else [])
            if len(leaves) != seq or said is False or (said is None and kid in keys):
                faults.append((seq, "note"))
            elif said is None and not (event == "sealed" and serial in specimens):
                faults.append((seq, "note_unknown_key"))
        if seq == size:
            faults += [(size, "kept_note")] if note_is(kept, head, keys.values()) is False else []
            size = 0
    faults += [(seq, "note") for seq in notes] + ([(size, "kept_note")] if size else [])
    unsigned = {seq: serial for serial, seq in sealed.items()}
    for seq, kid, signed in export["checkpoints"]:
        serial, kid = unsigned.pop(seq, None), bytes.fromhex(kid)
        if kid not in keys:
            faults += [] if serial in specimens else [(seq, "checkpoint_unknown_key")]
        elif seq not in hashes or not checkpoint_is(bytes.fromhex(signed), kid, keys[kid], seq, hashes[seq]):
            faults.append((seq, "checkpoint"))
    return sorted([*faults, *((seq, "checkpoint_missing") for seq in unsigned)])

if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    kept = Path(sys.argv[3]).read_bytes().decode() if sys.argv[3:] else ""
    export = json.loads(Path(sys.argv[1]).read_bytes())
    if export["format"] != "iies-trail-export" or json.dumps(export["version"]) not in ("1", "2"):
        sys.exit("not an export of version 1 or 2")
    found = audit(export, open_bundle(Path(sys.argv[2]).read_bytes()), kept)
    for seq, code in found:
        print(f"row {seq}: {code}")
    sys.exit(1 if found else print("no fault"))
