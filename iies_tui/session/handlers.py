"""What the session process does with each request: protocol in, use case, protocol out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from iies_tui.domain.bundle import Bundle
from iies_tui.domain.delivery import State
from iies_tui.domain.errors import IiesError, MachineFailed, Refused
from iies_tui.issuance.deliver import Delivered
from iies_tui.issuance.issue import (
    OPTIONS,
    IssuedCard,
    void_open_intents,
    void_unsealed,
)
from iies_tui.issuance.ports import RegisterEntry
from iies_tui.issuance.recover import OPEN
from iies_tui.issuance.sign_on import SignedOnIssuer, standing
from iies_tui.issuance.verify import SymbolReport
from iies_tui.session import infos, protocol
from iies_tui.session.services import Services

Progress = Callable[[str, int, int], None]
DRAFT = "draft"
ASKED = frozenset(OPEN) - {State.SAVED}
"""What is told after sign-on: on its way, doubtful, or printed and not handed over. What was only
saved is the customer's file already."""

MAX_BUNDLE = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Call:
    body: Any
    secrets: tuple[bytearray, ...]
    progress: Progress


class Handlers:
    """One method a request. Lives in the working thread; at most one issuer is signed on."""

    def __init__(self, services: Services, begin: Callable[[float, float], None]) -> None:
        """``begin(idle, absolute)`` starts the deadlines once somebody has signed on."""
        self._services = services
        self._begin = begin
        self._issuer: SignedOnIssuer | None = None
        self._interrupted = void_open_intents(services.trail)
        self._table: dict[type, Callable[[_Call], object]] = {
            protocol.Hello: self._hello,
            protocol.AddIssuer: self._add_issuer,
            protocol.MakeTraining: self._make_training,
            protocol.SignOn: self._sign_on,
            protocol.FindInsurers: self._find_insurers,
            protocol.Check: self._check,
            protocol.Issue: self._issue,
            protocol.Watch: self._watch,
            protocol.HandOver: self._hand_over,
            protocol.Open: self._open,
            protocol.Search: self._search,
            protocol.SaveDraft: self._save_draft,
            protocol.ListQueues: self._list_queues,
            protocol.GetOptions: self._get_options,
            protocol.SetOptions: self._set_options,
            protocol.ImportBundle: self._import_bundle,
            protocol.Verify: self._verify,
        }

    def handle(self, body: object, secrets: tuple[bytearray, ...], progress: Progress) -> object:
        """The reply to one request. Raise IiesError."""
        handler = self._table.get(type(body))
        if handler is None:
            raise MachineFailed("unexpected", kind="request", place=type(body).__name__)
        return handler(_Call(body, secrets, progress))

    # -- the terminal --------------------------------------------------------------------------

    def _hello(self, call: _Call) -> protocol.Terminal:
        services, terminal = self._services, self._services.terminal
        bundle = services.trust.installed()
        today = services.clock.today()
        issuers = [
            infos.issuer(one, bundle, disabled=services.throttle.state(one.license).disabled)
            for one in services.vault.issuers()
        ]
        notices = infos.notices(bundle, services.clock.now(), self._interrupted)
        notices += [
            protocol.ProblemInfo("", "vault_damaged", {"license": license})
            for license in services.vault.damaged()
        ]
        return protocol.Terminal(
            version=terminal.version,
            state_dir=str(terminal.state),
            training=bundle is not None and bundle.training,
            issuers=issuers,
            bundle=infos.bundle(bundle, today) if bundle else None,
            notices=notices,
            sign_off_seconds=terminal.idle_seconds,
            warn_seconds=terminal.warn_seconds,
            absolute_seconds=terminal.absolute_seconds,
            printer=terminal.queue,
            folder=str(terminal.folder),
        )

    def _add_issuer(self, call: _Call) -> protocol.Terminal:
        key = _secret(call, 0)
        self._services.add_issuer(call.body.license, key, use_anyway=call.body.use_anyway)
        return self._hello(call)

    def _make_training(self, call: _Call) -> protocol.TrainingMade:
        directory = Path(call.body.directory)
        made = self._services.make_training(directory)
        return protocol.TrainingMade(
            directory=str(directory),
            license=made.license,
            key=made.key,
            pin=made.pin,
            bundle=str(made.bundle),
            authority=str(made.authority),
        )

    def _import_bundle(self, call: _Call) -> protocol.BundleProposed | protocol.Terminal:
        path = Path(call.body.path)
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BUNDLE + 1)
        except OSError as error:
            raise Refused("cannot_read", path=str(path), reason=error.strerror or "") from error
        change = self._services.trust.propose(data)
        if not call.body.confirm:
            return infos.proposal(change, self._services.clock.today())
        if change.new_root and not _root_matches(call.body.root, change.new):
            raise Refused("bundle_root_needed")
        self._services.import_bundle(data, change.new.root)
        return self._hello(call)

    def _list_queues(self, call: _Call) -> protocol.Queues:
        try:
            queues = self._services.printer.queues()
        except MachineFailed as error:
            return protocol.Queues([], error.code)
        return protocol.Queues([infos.queue(one) for one in queues])

    def _verify(self, call: _Call) -> protocol.Verified:
        services = self._services
        bundle = services.trust.installed()
        found: tuple[SymbolReport, ...]
        if call.body.path:
            found = services.verify_file(Path(call.body.path), bundle)
        else:
            found = services.verify_digits(call.body.digits, bundle)
        return protocol.Verified([infos.symbol(one) for one in found])

    # -- the issuer ----------------------------------------------------------------------------

    def _sign_on(self, call: _Call) -> protocol.SignedOn:
        services, terminal = self._services, self._services.terminal
        if self._issuer is not None:
            raise Refused("signed_on_already")
        pin_again = call.secrets[1] if len(call.secrets) > 1 else None
        issuer = services.sign_on(call.body.license, _secret(call, 0), pin_again, call.body.clerk)
        void_unsealed(issuer, services.trail)
        found = services.recover(issuer)
        self._issuer = issuer
        self._begin(terminal.idle_seconds, terminal.absolute_seconds)
        mode = standing(issuer, services.trust.installed(), services.clock)
        return protocol.SignedOn(
            license=issuer.license,
            name=issuer.name,
            clerk=issuer.clerk,
            mode=mode.mode.name.lower(),
            reason=mode.reason.value,
            enrolled_now=issuer.enrolled_now,
            draft=json.loads(issuer.register.setting(DRAFT) or "null"),
            options=_options(issuer),
            open=[self._told(one).card for one in found if one.entry.state in ASKED],
        )

    def _find_insurers(self, call: _Call) -> protocol.Insurers:
        self._signed_on()
        found = self._services.insurers().find(call.body.words, call.body.limit)
        return protocol.Insurers([infos.insurer(one) for one in found])

    def _save_draft(self, call: _Call) -> protocol.Done:
        form = call.body.form
        self._signed_on().register.set_setting(DRAFT, json.dumps(form) if form else None)
        return protocol.Done()

    def _get_options(self, call: _Call) -> protocol.Options:
        return protocol.Options(_options(self._signed_on()))

    def _set_options(self, call: _Call) -> protocol.Options:
        issuer = self._signed_on()
        values = {**_options(issuer), **call.body.values}
        issuer.register.set_setting(OPTIONS, json.dumps(values))
        return protocol.Options(values)

    def _search(self, call: _Call) -> protocol.Cards:
        entries = self._signed_on().register.search(call.body.words, call.body.limit)
        return protocol.Cards([infos.card(entry) for entry in entries])

    def _open(self, call: _Call) -> protocol.Cards:
        found = self._services.recover(self._signed_on())
        return protocol.Cards([self._told(one).card for one in found if one.entry.state in ASKED])

    # -- the card --------------------------------------------------------------------------------

    def _check(self, call: _Call) -> protocol.Checked:
        findings = self._services.issue.check(self._signed_on(), call.body.request).findings
        return protocol.Checked(
            [infos.problem(one) for one in findings.problems],
            [infos.problem(one) for one in findings.notes],
        )

    def _issue(self, call: _Call) -> protocol.Issued:
        issuer, services, wanted = self._signed_on(), self._services, call.body
        folder = Path(wanted.folder) if wanted.folder else services.terminal.folder
        services.save.folder.check(folder)
        if wanted.queue:
            services.deliver.preflight(wanted.queue)
        issued, errors = self._seal(issuer, call)
        cards = []
        for number, one in enumerate(issued):
            call.progress("delivering", number, len(issued))
            saved: dict[str, Path] = {}
            try:
                saved = self._save(issuer, one, folder, wanted)
                if wanted.queue:
                    services.deliver.print_card(issuer, one.card.serial, one.page.pdf, wanted.queue)
            except IiesError as error:
                # The card is sealed: it is told, with what its delivery lacks, never lost.
                params = {**error.params, "serial": one.card.serial}
                errors.append(protocol.ProblemInfo("", error.code, params))
            entry = self._entry(issuer, one.card.serial)
            cards.append(infos.card(entry, saved=saved, trail_seq=one.trail_seq))
        call.progress("delivering", len(issued), len(issued))
        return protocol.Issued(cards, errors)

    def _seal(
        self, issuer: SignedOnIssuer, call: _Call
    ) -> tuple[list[IssuedCard], list[protocol.ProblemInfo]]:
        """What was sealed before the machine failed is delivered, and the failure told."""
        issued: list[IssuedCard] = []
        try:
            for one in self._services.issue(issuer, call.body.request, call.progress):
                issued.append(one)
        except IiesError as error:
            if not issued:
                raise
            return issued, [protocol.ProblemInfo("", error.code, dict(error.params))]
        return issued, []

    def _save(
        self, issuer: SignedOnIssuer, issued: IssuedCard, folder: Path, wanted: protocol.Issue
    ) -> dict[str, Path]:
        extras: dict[str, bytes] = {}
        if wanted.fax_sheet:
            extras["-fax.pdf"] = issued.fax.pdf
        if wanted.tiff:
            extras["-fax.tiff"] = self._services.fax_tiff(issued.fax.pdf)
        return self._services.save(issuer, issued, folder, extras)

    def _watch(self, call: _Call) -> protocol.CardState:
        return self._told(self._services.deliver.watch(self._signed_on(), call.body.serial))

    def _hand_over(self, call: _Call) -> protocol.CardState:
        return self._told(self._services.deliver.hand_over(self._signed_on(), call.body.serial))

    def _told(self, delivered: Delivered) -> protocol.CardState:
        reasons = [*delivered.reasons, *([delivered.failure] if delivered.failure else [])]
        return protocol.CardState(infos.card(delivered.entry, reasons=reasons))

    # -- shared ------------------------------------------------------------------------------------

    def _signed_on(self) -> SignedOnIssuer:
        if self._issuer is None:
            raise Refused("not_signed_on")
        return self._issuer

    def _entry(self, issuer: SignedOnIssuer, serial: str) -> RegisterEntry:
        entry = issuer.register.get(serial)
        if entry is None:
            raise Refused("no_such_card", serial=serial)
        return entry


def _secret(call: _Call, number: int) -> bytearray:
    if len(call.secrets) <= number:
        raise MachineFailed("unexpected", kind="secret", place=type(call.body).__name__)
    return call.secrets[number]


def _options(issuer: SignedOnIssuer) -> dict[str, str]:
    return dict(json.loads(issuer.register.setting(OPTIONS) or "{}"))


def _root_matches(given: str, bundle: Bundle) -> bool:
    """The fingerprint as hexadecimal or as words, blanks and case aside."""
    folded = "".join(given.split()).lower()
    fingerprint = hashlib.sha256(bundle.root).hexdigest()
    return bool(folded) and folded in (fingerprint, "".join(bundle.root_words.split()).lower())
