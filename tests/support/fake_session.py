"""A session that answers at once: the interface of ``SessionClient`` with the real rules behind it.

``Check`` runs ``domain.request.examine`` itself, so that the screens are tested against what the
clerk will be told. ``script`` replaces the answer to one kind of request; ``asked`` keeps them all.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from iies_tui.domain import options
from iies_tui.domain.dates import Limits
from iies_tui.domain.insurer import Insurer
from iies_tui.domain.options import Options
from iies_tui.domain.request import examine, facts
from iies_tui.session import protocol, to_protocol
from iies_tui.session.client import RequestFailed, SessionLost
from iies_tui.session.protocol import Failed

Reply = TypeVar("Reply")

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
PIN = "24681357"
LICENSE = "PC-123456"

INSURERS = [
    Insurer("017", "ADIRONDACK FARM MUTUAL"),
    Insurer("042", "CATSKILL CASUALTY CO"),
    Insurer("105", "EMPIRE HARBOR INS CO"),
    Insurer("230", "FINGER LAKES INDEMNITY", active=False),
    Insurer("311", "GENESEE VALLEY ASSURANCE"),
    Insurer("640", "MOHAWK RIVER INS CO"),
    Insurer("901", "NORTH COUNTRY MUTUAL INS CO"),
    Insurer("902", "NORTH FORK SURETY [/bold] & CO"),
    Insurer("955", "NORTHWAY LIFE AND AUTO", active=False),
]

BUNDLE = protocol.BundleInfo(
    authority="NEW YORK TRAINING AUTHORITY",
    root_words="copper lantern orbit sugar",
    version=3,
    issued="2026-11-01",
    refresh_by="2027-11-01",
    expires="2027-12-06",
    days_left=379,
    training=True,
    issuers=1,
    insurers=len(INSURERS),
)

ISSUER = protocol.IssuerInfo(
    license=LICENSE,
    name="EMPIRE STREET AGENCY",
    key_tail="7Q2XM",
    added="2026-11-02",
    enrolled=True,
)

TERMINAL = protocol.Terminal(
    version="0.1.0",
    state_dir="/var/lib/iies-tui",
    training=True,
    issuers=[ISSUER],
    bundle=BUNDLE,
    notices=[],
    sign_off_seconds=300,
    warn_seconds=30,
    absolute_seconds=43200,
    printer="",
    folder="/home/clerk/IIES cards",
)

EMPTY_TERMINAL = replace(TERMINAL, training=False, issuers=[], bundle=None)


def card_of(request: protocol.Json, number: int, vehicle: str) -> protocol.CardInfo:
    people = request["registrants"]
    organization = request["organization"]
    if isinstance(organization, dict):
        names = str(organization["name"])
    else:
        assert isinstance(people, list)
        names = f"{people[0]['last']} {people[0]['first']} {people[0]['middle']}".strip()
    return protocol.CardInfo(
        serial=f"7K3M9QXD-{number:06d}-X",
        check_code="7K3M9QXDW2",
        mode="training",
        names=names,
        vehicle=vehicle,
        icc=str(request["icc"]),
        insurer="NORTH COUNTRY MUTUAL INS CO",
        policy=str(request["policy"]),
        effective=str(request["effective"]),
        expiration=str(request["expiration"]),
        issued_at="2026-11-22T15:00:00Z",
        paper=protocol.PaperInfo(
            state="SAVED",
            pdf=f"/home/clerk/IIES cards/7K3M9QXD-{number:06d}-X.pdf",
            fax_pdf=f"/home/clerk/IIES cards/7K3M9QXD-{number:06d}-X-fax.pdf",
        ),
        trail_seq=40 + number,
    )


@dataclass
class FakeSession:
    """Scriptable: ``script[protocol.Watch] = lambda request: ...`` (or a coroutine function)."""

    terminal: protocol.Terminal = TERMINAL
    pin: str = PIN
    mode: str = "training"
    reason: str = "training_bundle"
    draft: protocol.Json | None = None
    opened: list[protocol.CardInfo] = field(default_factory=list)
    batches: list[protocol.BatchInfo] = field(default_factory=list)
    options: Options = field(default_factory=Options)
    queues: list[protocol.QueueInfo] = field(default_factory=list)
    script: dict[type[Any], Callable[..., Any]] = field(default_factory=dict)
    asked: list[Any] = field(default_factory=list)
    secrets: list[list[bytes]] = field(default_factory=list)
    cards: list[protocol.CardInfo] = field(default_factory=list)
    customers: list[protocol.CustomerInfo] = field(default_factory=list)
    mails: list[protocol.MailInfo] = field(default_factory=list)
    settings_changed: list[str] = field(default_factory=list)
    killed: bool = False
    lost: asyncio.Event = field(default_factory=asyncio.Event)
    on_kill: Callable[[], None] | None = None

    async def ask(
        self,
        request: protocol.Request[Reply],
        secrets: Sequence[bytearray] = (),
        progress: Callable[[protocol.Progress], None] | None = None,
    ) -> Reply:
        if self.killed:
            raise SessionLost
        self.asked.append(request)
        if secrets:
            self.secrets.append([bytes(secret) for secret in secrets])
        sent = [bytes(secret) for secret in secrets]
        for secret in secrets:
            secret[:] = bytes(len(secret))
        await asyncio.sleep(0)
        if progress is not None:
            progress(protocol.Progress("seal", 1, 3))
        scripted = self.script.get(type(request))
        answer = scripted(request) if scripted else self._answer(request, sent)
        if inspect.isawaitable(answer):
            answer = await answer
        if isinstance(answer, Failed):
            raise RequestFailed(answer)
        assert isinstance(answer, request.reply_type()), (request, answer)
        return answer

    def kill(self) -> None:
        if not self.killed and self.on_kill is not None:
            self.on_kill()
        self.killed = True
        self.lost.set()

    def _answer(self, request: Any, secrets: list[bytes]) -> Any:
        name = type(request).__name__
        return getattr(self, f"_{name.lower()}")(request, secrets)

    def _hello(self, request: Any, secrets: list[bytes]) -> Any:
        return self.terminal

    def _activity(self, request: Any, secrets: list[bytes]) -> Any:
        return protocol.Done()

    _savedraft = _activity

    def _signon(self, request: protocol.SignOn, secrets: list[bytes]) -> Any:
        if secrets != [self.pin.encode()] or request.license != LICENSE:
            return Failed(code="sign_on_failed")
        return self.signed(request)

    def signed(self, request: protocol.SignOn) -> protocol.SignedOn:
        return protocol.SignedOn(
            license=request.license,
            name="EMPIRE STREET AGENCY",
            clerk=request.clerk,
            mode=self.mode,
            reason=self.reason,
            enrolled_now=False,
            draft=self.draft,
            options=self.options,
            open=self.opened,
            sign_off_seconds=self.terminal.sign_off_seconds,
            warn_seconds=self.terminal.warn_seconds,
            batches=self.batches,
            settings_changed=self.settings_changed,
        )

    def _confirmsettings(self, request: Any, secrets: list[bytes]) -> Any:
        return protocol.Mails([])

    def _addissuer(self, request: protocol.AddIssuer, secrets: list[bytes]) -> Any:
        issuer = protocol.IssuerInfo(
            license=request.license,
            name="",
            key_tail=secrets[0][-5:].decode(),
            added="2026-11-22",
            enrolled=False,
        )
        self.terminal = replace(self.terminal, issuers=[*self.terminal.issuers, issuer])
        return self.terminal

    def _maketraining(self, request: protocol.MakeTraining, secrets: list[bytes]) -> Any:
        directory = request.directory
        return protocol.TrainingMade(
            directory=directory,
            license="TR-000001",
            key="A" * 31 + "7Q2XM",
            pin=PIN,
            bundle=f"{directory}/bundle.iies",
            authority=f"{directory}/authority",
        )

    def _proposebundle(self, request: protocol.ProposeBundle, secrets: list[bytes]) -> Any:
        return protocol.BundleProposed(
            bundle=BUNDLE,
            new_root=True,
            insurers_added=len(INSURERS),
            insurers_renamed=0,
            insurers_withdrawn=0,
            issuers_changed=1,
            revocations_added=0,
        )

    def _importbundle(self, request: protocol.ImportBundle, secrets: list[bytes]) -> Any:
        self.terminal = replace(self.terminal, bundle=BUNDLE)
        return self.terminal

    def _findinsurers(self, request: protocol.FindInsurers, secrets: list[bytes]) -> Any:
        words = request.words.upper()
        found = [
            insurer
            for insurer in INSURERS
            if (insurer.icc == words if words.isdigit() else words in insurer.name)
        ]
        return protocol.Insurers([_insurer(one) for one in found])

    def _check(self, request: protocol.Check, secrets: list[bytes]) -> Any:
        by_icc = {insurer.icc: insurer for insurer in INSURERS}
        examined = examine(
            request.request, insurer=by_icc.get, license=LICENSE, today=TODAY, limits=Limits()
        )
        cards = (
            facts(examined.request, LICENSE, examined.insurer, TODAY)
            if examined.request and examined.insurer
            else ()
        )
        return to_protocol.checked(examined, cards)

    def _issue(self, request: protocol.Issue, secrets: list[bytes]) -> Any:
        vehicles = request.request["vehicles"]
        named = (
            [f"{car['year']} {car['make']} {car['vin']}" for car in vehicles]
            if isinstance(vehicles, list)
            else [str(vehicles)]
        )
        issued = [
            card_of(request.request, len(self.cards) + at + 1, vehicle)
            for at, vehicle in enumerate(named)
        ]
        self.cards += issued
        return protocol.Issued(issued)

    def _find(self, serial: str) -> protocol.CardInfo:
        return next(card for card in self.cards if card.serial == serial)

    def _watch(self, request: protocol.Watch, secrets: list[bytes]) -> Any:
        return protocol.CardState(self._find(request.serial))

    def _handover(self, request: protocol.HandOver, secrets: list[bytes]) -> Any:
        after = replace(
            self._find(request.serial),
            paper=replace(self._find(request.serial).paper, state="HANDED_OVER"),
        )
        self.cards = [after if card.serial == after.serial else card for card in self.cards]
        return protocol.CardState(after)

    def _open(self, request: Any, secrets: list[bytes]) -> Any:
        return protocol.Cards(self.opened)

    def _search(self, request: protocol.Search, secrets: list[bytes]) -> Any:
        words = request.words.upper().split()
        found = [
            card
            for card in reversed(self.cards)
            if all(word in f"{card.names} {card.serial} {card.vehicle}" for word in words)
        ]
        return protocol.Cards(found[: request.limit])

    def _listqueues(self, request: Any, secrets: list[bytes]) -> Any:
        return protocol.Queues(self.queues)

    def _getoptions(self, request: Any, secrets: list[bytes]) -> Any:
        return protocol.Options(self.options)

    def _recentinsurers(self, request: Any, secrets: list[bytes]) -> Any:
        codes = dict.fromkeys(card.icc for card in reversed(self.cards))
        return protocol.Insurers([_insurer(i) for i in INSURERS if i.icc in codes])

    def _findcustomers(self, request: protocol.FindCustomers, secrets: list[bytes]) -> Any:
        words = request.words.upper().split()
        found = [one for one in self.customers if all(word in one.names for word in words)]
        return protocol.Customers(found)

    def _lookatvin(self, request: protocol.LookAtVin, secrets: list[bytes]) -> Any:
        make = {"1HG": "HONDA", "1FT": "FORD"}.get(request.vin[:3])
        return (
            protocol.VinKnown(make=make, name=make, model="MODEL") if make else protocol.VinKnown()
        )

    def _copycard(self, request: protocol.CopyCard, secrets: list[bytes]) -> Any:
        issued = next(one.request for one in self.asked if isinstance(one, protocol.Issue))
        return protocol.Copied({**issued, "effective": "", "expiration": ""})

    def _setoptions(self, request: protocol.SetOptions, secrets: list[bytes]) -> Any:
        by_icc = {insurer.icc: insurer for insurer in INSURERS}
        values = {**self.options.texts(), **request.values}
        made, found = options.parse(values, insurer=by_icc.get, today=TODAY)
        if found.problems:
            return Failed(code="options_refused", problems=[_info(one) for one in found.problems])
        self.options = made
        return protocol.Options(self.options)

    def _startmail(self, request: Any, secrets: list[bytes]) -> Any:
        return protocol.Mails([one for one in self.mails if one.state not in ("SENT", "SAVED")])

    def _listmail(self, request: protocol.ListMail, secrets: list[bytes]) -> Any:
        return protocol.Mails([one for one in self.mails if request.serial in ("", one.serial)])

    def _sendmail(self, request: protocol.SendMail, secrets: list[bytes]) -> Any:
        mail = protocol.MailInfo(
            id=f"{len(self.mails):016x}",
            serial=request.serial,
            address=request.address,
            fax_sheet=request.fax_sheet,
            state="SAVED" if request.save else "QUEUED",
            attempts=0,
            queued_at="2026-11-22T15:00:00Z",
            due="2026-11-22T15:00:00Z",
        )
        self.mails.append(mail)
        saved = f"/home/clerk/IIES cards/{request.serial}.eml"
        return protocol.Mailed(mail, saved if request.save else "")

    def _answermail(self, request: protocol.AnswerMail, secrets: list[bytes]) -> Any:
        after = {"arrived": "SENT", "again": "QUEUED", "cancel": "CANCELLED"}[request.answer]
        found = next(one for one in self.mails if one.id == request.id)
        self.mails = [replace(o, state=after) if o is found else o for o in self.mails]
        return protocol.Mailed(replace(found, state=after))

    def _verify(self, request: protocol.Verify, secrets: list[bytes]) -> Any:
        return protocol.Verified(
            [
                protocol.SymbolInfo(
                    source=request.path or "digits",
                    page=1,
                    verdict="SPECIMEN",
                    reason="a training bundle",
                    mode="training",
                    serial="7K3M9QXD-000001-X",
                    license=LICENSE,
                    kid="00" * 8,
                    issued_at="2026-11-22T15:00:00Z",
                    face="NOT CHECKED",
                    face_reason="no_face",
                    bundle=None,
                    claims=None,
                )
            ]
        )


def _insurer(one: Insurer) -> protocol.InsurerInfo:
    return protocol.InsurerInfo(icc=one.icc, name=one.name, active=one.active, signed=one.signed)


def _info(problem: Any) -> protocol.ProblemInfo:
    return protocol.ProblemInfo(
        field=problem.field, code=problem.code, params=dict(problem.params), row=problem.row
    )
