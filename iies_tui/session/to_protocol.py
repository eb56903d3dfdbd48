"""The domain's values as the protocol carries them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from iies_tui.domain import bundle as trust, new_york
from iies_tui.domain.card import ALL_OWNED_VEHICLES, CardFacts, CardRequest
from iies_tui.domain.delivery import Queue
from iies_tui.domain.errors import Problem
from iies_tui.domain.insurer import Insurer
from iies_tui.domain.issuer import IssuerOnTerminal
from iies_tui.domain.mail import MailEntry
from iies_tui.domain.request import Examined, to_json
from iies_tui.domain.saved_files import Ending
from iies_tui.domain.vehicle import KnownVehicle, dmv_make
from iies_tui.issuance.checking.verify import SymbolReport
from iies_tui.issuance.ports.records import RegisterEntry
from iies_tui.issuance.ports.trust import BundleChange
from iies_tui.issuance.trust.import_insurers import InsurersChange
from iies_tui.session import protocol

MAX_LINES = 200
"""Of each list in a proposal."""


def problem(one: Problem) -> protocol.ProblemInfo:
    """A problem or a note."""
    return protocol.ProblemInfo(
        field=one.field, code=one.code, params=dict(one.params), row=one.row
    )


def checked(examined: Examined, cards: Sequence[CardFacts]) -> protocol.Checked:
    """What a request's check found, with what each card's face will say."""
    request = examined.request
    fleet = request.fleet if request else None
    return protocol.Checked(
        problems=[problem(one) for one in examined.findings.problems],
        notes=[problem(one) for one in examined.findings.notes],
        faces=[face(facts) for facts in cards],
        fein=request.organization.fein if request and request.organization else "",
        fleet=protocol.FleetInfo(fleet.vehicles, fleet.for_hire) if fleet else None,
    )


def face(facts: CardFacts) -> protocol.FaceInfo:
    """What the face of a card of these facts will say."""
    vehicle = facts.vehicle
    return protocol.FaceInfo(
        form=facts.form.value,
        icc=facts.icc,
        insurer=facts.insurer_name,
        policy=facts.policy,
        effective=facts.effective.isoformat(),
        expiration=facts.expiration.isoformat(),
        names=list(facts.names),
        address=list(facts.address),
        vehicle=(
            [str(vehicle.year), vehicle.make, vehicle.vin] if vehicle else [ALL_OWNED_VEHICLES]
        ),
    )


def issuer(
    one: IssuerOnTerminal, bundle: trust.Bundle | None, *, disabled: bool
) -> protocol.IssuerInfo:
    """An issuer of this terminal, with the name that the bundle gives it."""
    listed = bundle.issuer_by_license(one.license) if bundle else None
    return protocol.IssuerInfo(
        license=one.license,
        name=listed.name if listed else "",
        key_tail=one.key_tail,
        added=new_york.day_of(one.added).isoformat(),
        enrolled=one.kid is not None,
        disabled=disabled,
    )


def bundle(one: trust.Bundle, today: date) -> protocol.BundleInfo:
    """The installed or proposed bundle, its dates as days."""
    return protocol.BundleInfo(
        authority=one.authority,
        root_words=one.root_words,
        version=one.version,
        issued=new_york.day_of(one.issued).isoformat(),
        refresh_by=new_york.day_of(one.refresh_by).isoformat(),
        expires=new_york.day_of(one.expires).isoformat(),
        days_left=(new_york.day_of(one.expires) - today).days,
        training=one.training,
        issuers=len(one.issuers),
        insurers=len(one.insurers),
    )


def proposal(change: BundleChange, today: date, digest: str) -> protocol.BundleProposed:
    """What an import would change, counted and by name."""
    old = set(change.old.revocations) if change.old else set()
    revoked = [f"{one.kid.hex()} {one.kind}" for one in change.new.revocations if one not in old]
    return protocol.BundleProposed(
        bundle=bundle(change.new, today),
        new_root=change.new_root,
        insurers_added=len(change.insurers_added),
        insurers_renamed=len(change.insurers_renamed),
        insurers_withdrawn=len(change.insurers_withdrawn),
        issuers_changed=len(change.issuers_changed),
        revocations_added=change.revocations_added,
        added=list(change.insurers_added[:MAX_LINES]),
        renamed=list(change.insurers_renamed[:MAX_LINES]),
        withdrawn=list(change.insurers_withdrawn[:MAX_LINES]),
        issuers=[_issuer_line(change.new, one) for one in change.issuers_changed[:MAX_LINES]],
        revoked=revoked[:MAX_LINES],
        digest=digest,
    )


def _issuer_line(new: trust.Bundle, license: str) -> str:
    """``PC-123456 active``; a license alone where the bundle lists it no more."""
    issuer = new.issuer_by_license(license)
    return f"{license} {issuer.status}" if issuer else license


def insurers_proposal(change: InsurersChange, digest: str) -> protocol.InsurersProposed:
    """What an unsigned list would change."""
    found = change.changes
    return protocol.InsurersProposed(
        insurers=change.insurers,
        covered=change.covered,
        insurers_added=len(found.added),
        insurers_renamed=len(found.renamed),
        insurers_withdrawn=len(found.withdrawn),
        added=_insurer_lines(found.added),
        renamed=_insurer_lines(found.renamed),
        withdrawn=_insurer_lines(found.withdrawn),
        notes=[problem(one) for one in change.notes[:MAX_LINES]],
        digest=digest,
    )


def _insurer_lines(insurers: tuple[Insurer, ...]) -> list[str]:
    return [f"{one.icc} {one.name}" for one in insurers[:MAX_LINES]]


def insurer(one: Insurer) -> protocol.InsurerInfo:
    """One line of the look-up."""
    return protocol.InsurerInfo(icc=one.icc, name=one.name, active=one.active, signed=one.signed)


def queue(one: Queue) -> protocol.QueueInfo:
    """A printer to choose."""
    return protocol.QueueInfo(
        name=one.name,
        description=one.description,
        accepting=one.accepting,
        stopped=one.stopped,
        default=one.default,
        fax=one.fax,
        reasons=list(one.reasons),
    )


def card(
    entry: RegisterEntry,
    *,
    saved: Mapping[str, Path] | None = None,
    reasons: list[str] | None = None,
    trail_seq: int = 0,
) -> protocol.CardInfo:
    """``saved``: paths by ending, of this delivery only."""
    facts, files = entry.card.facts, saved or {}
    vehicle = facts.vehicle
    shown = f"{vehicle.year} {vehicle.make} {vehicle.vin}" if vehicle else ALL_OWNED_VEHICLES

    def path(ending: str) -> str | None:
        return str(files[ending]) if ending in files else None

    return protocol.CardInfo(
        serial=entry.card.serial,
        check_code=entry.card.check_code,
        mode=entry.card.mode.name.lower(),
        names=" / ".join(facts.names),
        vehicle=shown,
        icc=facts.icc,
        insurer=facts.insurer_name,
        policy=facts.policy,
        effective=facts.effective.isoformat(),
        expiration=facts.expiration.isoformat(),
        issued_at=new_york.in_json(entry.card.issued_at),
        paper=protocol.PaperInfo(
            state=entry.state.value,
            pdf=path(Ending.PDF),
            fax_pdf=path(Ending.FAX_PDF),
            fax_tiff=path(Ending.FAX_TIFF),
            queue=entry.queue,
            job=entry.job,
            reasons=reasons or [],
            reprints=entry.reprints,
        ),
        trail_seq=trail_seq,
    )


def mail(entry: MailEntry) -> protocol.MailInfo:
    """A message of the outbox."""
    return protocol.MailInfo(
        id=entry.id,
        serial=entry.serial,
        address=entry.address,
        fax_sheet=entry.fax_sheet,
        state=entry.state.value,
        attempts=entry.attempts,
        queued_at=new_york.in_json(entry.queued_at),
        due=new_york.in_json(entry.due),
        reason=entry.reason,
        detail=entry.detail,
    )


def request_of(facts: CardFacts) -> protocol.Json:
    """What was asked for, as a request file has it; a fleet's number is asked for anew."""
    vehicle = facts.vehicle
    made = CardRequest(
        form=facts.form,
        icc=facts.icc,
        policy=facts.policy,
        effective=facts.effective,
        expiration=facts.expiration,
        registrants=facts.registrants,
        organization=facts.organization,
        address=facts.address,
        vehicles=(vehicle,) if vehicle else (),
        fleet=None,
    )
    return {
        **to_json(made),
        "vehicles": to_json(made)["vehicles"] if vehicle else ALL_OWNED_VEHICLES,
    }


def customer(facts: CardFacts) -> protocol.CustomerInfo:
    """A customer of an earlier card, with what a new form takes of it."""
    request = request_of(facts)
    kept = {name: request[name] for name in ("registrants", "organization", "address")}
    return protocol.CustomerInfo(
        names=" / ".join(facts.names),
        address=", ".join(facts.address),
        policy=facts.policy,
        request=kept,
    )


def vin_known(known: KnownVehicle) -> protocol.VinKnown:
    """What the catalog says, the make in DMV's letters."""
    return protocol.VinKnown(
        make=dmv_make(known.make), name=known.make, model=known.model, year=known.year or 0
    )


def symbol(one: SymbolReport) -> protocol.SymbolInfo:
    """A verdict."""
    return protocol.SymbolInfo(**one.as_json())  # type: ignore[arg-type]  # one shape, tested
