"""Known answers of every primitive, as we call it; a bar code drawn and read back.

``quick`` runs at the start of each session process (a few milliseconds): a machine whose library
computes something else issues nothing. ``all_checks`` adds what takes longer. The vectors are the
RFCs' own; docs/key.md has ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO

from iies_tui.domain.errors import MachineFailed

Check = tuple[str, Callable[[], bool]]
_DIGITS = "".join(str(7 * at % 10) for at in range(400))


def quick() -> tuple[Check, ...]:
    """(name, check) of every primitive."""
    return (
        ("Argon2id, RFC 9106", _argon2id),
        ("HKDF-SHA256, RFC 5869", _hkdf),
        ("Ed25519, RFC 8032", _ed25519),
        ("AES-256-GCM-SIV, RFC 8452", _gcm_siv),
        ("HPKE, RFC 9180", _hpke),
    )


def all_checks() -> tuple[Check, ...]:
    """The quick ones, the derivation at its full cost, and the bar code."""
    return (*quick(), ("kdf 1, docs/key.md", _kdf_1), ("bar code read back", _symbol))


def run(checks: tuple[Check, ...]) -> Iterator[tuple[str, bool]]:
    """(name, passed), one after the other; a library that raises has not passed."""
    for name, check in checks:
        try:
            yield name, check()
        except Exception:  # noqa: BLE001 (whatever a broken library raises)
            yield name, False


def at_start() -> None:
    """Raise MachineFailed ``selftest_failed`` where a primitive gives another answer."""
    for name, passed in run(quick()):
        if not passed:
            raise MachineFailed("selftest_failed", check=name)


def _argon2id() -> bool:
    """Section 5.3: secret and associated data included."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    tag = Argon2id(
        salt=b"\2" * 16, length=32, iterations=3, lanes=4, memory_cost=32,
        ad=b"\4" * 12, secret=b"\3" * 8,
    ).derive(b"\1" * 32)  # fmt: skip
    return tag.hex() == "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"


def _hkdf() -> bool:
    """RFC 5869, test case 3: without a salt, as this program calls it."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    key = bytearray(32)
    HKDF(SHA256(), 32, salt=None, info=b"").derive_into(b"\x0b" * 22, key)
    return key.hex() == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"


def _ed25519() -> bool:
    """RFC 8032, test 2; a signature with one bit changed is refused."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from iies_tui.adapters.encoding import ed25519

    seed = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes_raw()
    wrong = bytes((signature[0] ^ 1, *signature[1:]))
    return (
        private.sign(b"\x72") == signature
        and ed25519.verify(public, signature, b"\x72")
        and not ed25519.verify(public, wrong, b"\x72")
    )


def _gcm_siv() -> bool:
    """RFC 8452, appendix C.2; a changed tag is refused."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

    cipher, nonce = AESGCMSIV(b"\1" + bytes(31)), b"\3" + bytes(11)
    sealed = bytes.fromhex("c2ef328e5c71c83b843122130f7364b761e0b97427e3df28")
    if cipher.encrypt(nonce, b"\1" + bytes(7), None) != sealed:
        return False
    try:
        cipher.decrypt(nonce, sealed[:-1] + b"\0", None)
    except InvalidTag:
        return cipher.decrypt(nonce, sealed, None) == b"\1" + bytes(7)
    return False


def _hpke() -> bool:
    """Sealed and opened again; another key does not open it."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    private, other = X25519PrivateKey.generate(), X25519PrivateKey.generate()
    sealed = suite.encrypt(b"a card", private.public_key(), info=b"iies-selftest")
    try:
        suite.decrypt(sealed, other, info=b"iies-selftest")
    except InvalidTag:
        return suite.decrypt(sealed, private, info=b"iies-selftest") == b"a card"
    return False


def _kdf_1() -> bool:
    from iies_tui.adapters.keys.derivation import Argon2Derivation

    keys = Argon2Derivation().derive(
        "PC-000001", b"7QK2M9XDW4HTB5RVN8CJ3PGF6YL1S0ZAEU42", b"48151623"
    )
    public = "dfa52b4d8564d24e603b8e212172a1f1ec40508034d622ac4b8d8e06274c4be4"
    return keys.public.hex() == public


def _symbol() -> bool:
    """Drawn as on a card, read as from a label printer's dots, by code that shares nothing."""
    from iies_tui.adapters.barcode.symbol import make_symbol
    from iies_tui.adapters.paper import geometry
    from iies_tui.adapters.paper.canvas import new_canvas
    from iies_tui.adapters.paper.fonts import register_fonts
    from iies_tui.adapters.paper.pen import Pen
    from iies_tui.adapters.reading.symbol_reader import ZxingReader
    from iies_tui.issuance.ports.paper import Document

    register_fonts()
    size, buffer = geometry.CARD_SYMBOL, BytesIO()
    canvas = new_canvas(buffer, "selftest", "selftest")
    symbol = make_symbol(_DIGITS, size.columns, 5)
    pen, row = Pen(canvas, geometry.MARGIN, geometry.PAGE_HEIGHT - geometry.MARGIN), size.row_most
    pen.symbol(20, 20, symbol, size, row)
    box = pen.symbol_box(0, 20, 20, symbol, size, row)
    canvas.showPage()
    canvas.save()
    document = Document(buffer.getvalue(), (box,), "selftest", 1)
    return all(ZxingReader().read_back(document, dpi) == (_DIGITS,) for dpi in (203, 300))
