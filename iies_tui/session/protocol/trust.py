"""The trust bundle, the insurer list, and verification."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from iies_tui.session.protocol.answers import ProblemInfo
from iies_tui.session.protocol.frames import Json, Request
from iies_tui.session.protocol.terminal import BundleInfo, Terminal


@dataclass(frozen=True, slots=True)
class ProposeBundle(Request["BundleProposed"]):
    """What importing the bundle file ``path`` (absolute) would change; nothing is installed."""

    path: str
    root: str = ""


@dataclass(frozen=True, slots=True)
class ImportBundle(Request[Terminal]):
    """Install the bundle that was proposed.

    ``root`` is the root's fingerprint where it is the first; ``digest`` is the proposal's. Refused
    ``import_changed`` where the file is another by now.
    """

    path: str
    root: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleProposed:
    """What importing would change; ``root_words`` must be compared where ``new_root``.

    The lists are lines for people, ``MAX_LINES`` at most of each; ``digest`` goes into the
    confirming request.
    """

    bundle: BundleInfo
    new_root: bool
    insurers_added: int
    insurers_renamed: int
    insurers_withdrawn: int
    issuers_changed: int
    revocations_added: int
    added: list[str] = dataclasses.field(default_factory=list)
    renamed: list[str] = dataclasses.field(default_factory=list)
    withdrawn: list[str] = dataclasses.field(default_factory=list)
    issuers: list[str] = dataclasses.field(default_factory=list)
    revoked: list[str] = dataclasses.field(default_factory=list)
    digest: str = ""


@dataclass(frozen=True, slots=True)
class ProposeInsurers(Request["InsurersProposed"]):
    """What the unsigned list ``path`` would change; nothing is installed."""

    path: str


@dataclass(frozen=True, slots=True)
class ImportInsurers(Request[Terminal]):
    """Install an unsigned list; ``digest`` is the proposal's, or empty for the file as it is."""

    path: str
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InsurersProposed:
    """What an unsigned list would change; ``covered`` of its codes stay the bundle's."""

    insurers: int
    covered: int
    insurers_added: int
    insurers_renamed: int
    insurers_withdrawn: int
    added: list[str]
    renamed: list[str]
    withdrawn: list[str]
    notes: list[ProblemInfo]
    digest: str


@dataclass(frozen=True, slots=True)
class RemoveInsurers(Request[Terminal]):
    """Remove the unsigned list: only the bundle's insurers remain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolInfo:
    """One symbol's verdict, as ``verify --json`` prints it (``docs/commands.md``)."""

    source: str
    page: int
    verdict: str
    reason: str
    mode: str | None
    serial: str | None
    license: str | None
    kid: str | None
    issued_at: str | None
    face: str
    face_reason: str
    bundle: Json | None
    claims: Json | None


@dataclass(frozen=True, slots=True)
class Verify(Request["Verified"]):
    """A file's absolute path, or digits as a scanner types them."""

    path: str = ""
    digits: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    symbols: list[SymbolInfo]
