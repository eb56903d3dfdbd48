"""A training authority: everything an authority is, for cards that are specimens for ever.

Its bundle is marked *training*, its insurers and its issuer are invented, and its passphrase lies
beside it, since it protects nothing.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from iies_tui.authority.authority import Authority
from iies_tui.domain.authority import AuthorityRecord
from iies_tui.domain.errors import Refused
from iies_tui.domain.insurer import Insurer

LICENSE = "PC-000001"
PASSPHRASE_FILE = "training-passphrase"  # noqa: S105  # a file's name
"""In the authority's directory; used where no ``--passphrase-file`` is given."""

BUNDLE_FILE = "training.iies"
DAYS = 3650


@dataclass(frozen=True, slots=True)
class Training:
    """What ``iies-tui train`` tells. Paths as they were given; ``root`` is the 32-byte key."""

    license: str
    key: str
    pin: str
    bundle: Path
    authority: Path
    data: bytes
    root: bytes


def insurers_csv() -> bytes:
    """The invented insurers that come with the package, as ``icc,name,naic,status``."""
    return (resources.files("iies_tui.authority") / "training_insurers.csv").read_bytes()


def make_training(
    authority: Authority,
    directory: Path,
    insurers: Sequence[Insurer],
    names: tuple[str, str],
    write: Callable[[Path, bytes], None],
) -> Training:
    """Make the authority, mint one issuer, publish a bundle.

    ``directory`` is the authority's own; the bundle goes beside it. ``names`` are the words for
    the authority and its issuer. ``write`` puts a private file on the disk.

    A run that was killed is taken up where it stood: the passphrase is on the disk before anything
    is sealed with it. Only the KEY is always a new one, since it was never written down. Refused
    ``train_refused`` where an authority lies there that is none of training.
    """
    file = directory / PASSPHRASE_FILE
    record = _record(authority)
    if record is not None and not (record.training and file.exists()):
        raise Refused("train_refused", path=str(directory.parent))
    if not file.exists():
        write(file, base64.b32encode(authority.chance(20)) + b"\n")
    passphrase = file.read_bytes().rstrip(b"\n")
    if record is None:
        record = authority.init(names[0], passphrase, training=True)
    minted = authority.mint(passphrase, LICENSE, names[1])
    published = authority.publish(passphrase, insurers, DAYS)
    bundle = directory.parent / BUNDLE_FILE
    write(bundle, published.data)
    return Training(LICENSE, minted.key, minted.pin, bundle, directory, published.data, record.root)


def _record(authority: Authority) -> AuthorityRecord | None:
    try:
        return authority.record()
    except Refused as error:
        if error.code != "no_authority":
            raise
        return None
