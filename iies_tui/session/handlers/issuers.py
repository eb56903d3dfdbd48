"""The issuer who signs on: sign-on, insurers, the draft, Options, the register."""

from __future__ import annotations

from collections.abc import Sequence

from iies_tui.domain import mail, new_york
from iies_tui.domain.delivery import State
from iies_tui.domain.errors import Refused
from iies_tui.domain.options import warn_before
from iies_tui.issuance import terminal_settings
from iies_tui.issuance.cards import recent
from iies_tui.issuance.cards.interrupted import void_unsealed
from iies_tui.issuance.delivery.deliver import Delivered
from iies_tui.issuance.keys.sign_on import SignedOnIssuer, standing
from iies_tui.issuance.options import change_options, options_of
from iies_tui.session import protocol, to_protocol
from iies_tui.session.handlers.batches import open_batches
from iies_tui.session.handlers.state import (
    DRAFT,
    SessionState,
    Table,
    entry_of,
    listed,
    secret,
    told,
)
from iies_tui.session.protocol.frames import Call


class IssuerHandlers:
    def __init__(self, session: SessionState) -> None:
        self._session = session

    def table(self) -> Table:
        return dict(
            [
                protocol.SignOn.by(self._sign_on),
                protocol.FindInsurers.by(self._find_insurers),
                protocol.SaveDraft.by(self._save_draft),
                protocol.GetOptions.by(self._get_options),
                protocol.SetOptions.by(self._set_options),
                protocol.Search.by(self._search),
                protocol.Open.by(self._open),
                protocol.RecentInsurers.by(self._recent_insurers),
                protocol.FindCustomers.by(self._find_customers),
                protocol.LookAtVin.by(self._look_at_vin),
                protocol.CopyCard.by(self._copy_card),
            ]
        )

    def _sign_on(self, call: Call[protocol.SignOn]) -> protocol.SignedOn:
        services, terminal = self._session.services, self._session.services.terminal
        if self._session.issuer is not None:
            raise Refused("signed_on_already")
        if call.body.year:
            services.confirm_clock.check(call.body.year)
        pin_again = call.secrets[1] if len(call.secrets) > 1 else None
        issuer = services.sign_on(call.body.license, secret(call, 0), pin_again, call.body.clerk)
        if call.body.year:
            services.confirm_clock(issuer.license, issuer.clerk, call.body.year)
        void_unsealed(issuer, services.trail)
        found = services.recover(issuer)
        services.send_mail.steps.settle(issuer)
        self._session.issuer = issuer
        if issuer.enrolled_now:  # what was changed before its time is no news
            terminal_settings.confirm(issuer.register, services.trail)
        chosen = options_of(issuer.register)
        idle = chosen.sign_off_seconds or terminal.idle_seconds
        self._session.begin(idle, terminal.absolute_seconds)
        mode = standing(issuer, services.trust.installed(), services.clock)
        draft = issuer.register.setting(DRAFT)
        services.insurers()  # indexed now, so that the first letter typed does not wait for it
        return protocol.SignedOn(
            license=issuer.license,
            name=issuer.name,
            clerk=issuer.clerk,
            mode=mode.mode.name.lower(),
            reason=mode.reason.value,
            enrolled_now=issuer.enrolled_now,
            draft=draft if isinstance(draft, dict) else None,
            options=chosen,
            open=self._opened(issuer, found),
            batches=open_batches(self._session),
            recovery=services.registers.recovery_made(issuer.license),
            sign_off_seconds=idle,
            warn_seconds=warn_before(idle),
            settings_changed=list(terminal_settings.unseen(issuer.register, services.trail)),
        )

    def _find_insurers(self, call: Call[protocol.FindInsurers]) -> protocol.Insurers:
        self._session.signed_on()
        found = self._session.services.insurers().find(call.body.words, call.body.limit)
        return protocol.Insurers([to_protocol.insurer(one) for one in found])

    def _save_draft(self, call: Call[protocol.SaveDraft]) -> protocol.Done:
        self._session.signed_on().register.set_setting(DRAFT, call.body.form or None)
        return protocol.Done()

    def _get_options(self, call: Call[protocol.GetOptions]) -> protocol.Options:
        return protocol.Options(options_of(self._session.signed_on().register))

    def _set_options(self, call: Call[protocol.SetOptions]) -> protocol.Options:
        issuer, services = self._session.signed_on(), self._session.services
        made = change_options(
            issuer.register,
            call.body.values,
            insurer=services.insurers().by_icc,
            today=new_york.day_of(services.clock.now()),
        )
        return protocol.Options(made)

    def _recent_insurers(self, call: Call[protocol.RecentInsurers]) -> protocol.Insurers:
        codes = recent.insurers(self._session.signed_on().register)
        found = [self._session.services.insurers().by_icc(icc) for icc in codes]
        return protocol.Insurers([to_protocol.insurer(one) for one in found if one is not None])

    def _find_customers(self, call: Call[protocol.FindCustomers]) -> protocol.Customers:
        register = self._session.signed_on().register
        found = recent.customers(register, call.body.words, call.body.limit)
        return protocol.Customers([to_protocol.customer(facts) for facts in found])

    def _look_at_vin(self, call: Call[protocol.LookAtVin]) -> protocol.VinKnown:
        self._session.signed_on()
        known = self._session.services.vehicles.look_up(call.body.vin, call.body.year or None)
        return to_protocol.vin_known(known) if known else protocol.VinKnown()

    def _copy_card(self, call: Call[protocol.CopyCard]) -> protocol.Copied:
        facts = entry_of(self._session.signed_on(), call.body.serial).card.facts
        request = {**to_protocol.request_of(facts), "effective": "", "expiration": ""}
        return protocol.Copied(request)

    def _search(self, call: Call[protocol.Search]) -> protocol.Cards:
        issuer = self._session.signed_on()
        entries = issuer.register.search(call.body.words, call.body.limit)
        return protocol.Cards([listed(issuer, to_protocol.card(entry)) for entry in entries])

    def _open(self, call: Call[protocol.Open]) -> protocol.Cards:
        issuer = self._session.signed_on()
        return protocol.Cards(self._opened(issuer, self._session.services.recover(issuer)))

    def _opened(
        self, issuer: SignedOnIssuer, found: Sequence[Delivered]
    ) -> list[protocol.CardInfo]:
        """Cards whose paper is open, newest first, then those of which only an e-mail is."""
        cards = [told(one).card for one in found if not _with_its_batch(one)]
        mailing = issuer.register.outbox.in_state((*mail.MOVING, *mail.ASKING))
        others = dict.fromkeys(one.serial for one in reversed(mailing))
        shown = {card.serial for card in cards}
        for serial in (one for one in others if one not in shown):
            entry = issuer.register.get(serial)
            cards += [to_protocol.card(entry)] if entry else []
        return [listed(issuer, card) for card in cards]


def _with_its_batch(found: Delivered) -> bool:
    """True for what is told with the batch and not card by card."""
    entry = found.entry
    return bool(entry.batch) and entry.state in (State.COMPLETED, State.SEALED)
