"""E-mail: into the outbox, the clerk's word, what is open."""

from __future__ import annotations

from pathlib import Path

from iies_tui.domain import mail
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.mail import Answer
from iies_tui.issuance import terminal_settings
from iies_tui.issuance.delivery.hand_out import Order, ToMail
from iies_tui.session import protocol, to_protocol
from iies_tui.session.handlers.state import SessionState, Table, entry_of, prove
from iies_tui.session.protocol.frames import Call


class MailHandlers:
    def __init__(self, session: SessionState) -> None:
        self._session = session

    def table(self) -> Table:
        return dict(
            [
                protocol.StartMail.by(self._start),
                protocol.ConfirmSettings.by(self._confirm),
                protocol.ListMail.by(self._list),
                protocol.SendMail.by(self._send),
                protocol.AnswerMail.by(self._answer),
            ]
        )

    def _confirm(self, call: Call[protocol.ConfirmSettings]) -> protocol.Mails:
        terminal_settings.confirm(self._session.signed_on().register, self._session.services.trail)
        return self._begin()

    def _start(self, call: Call[protocol.StartMail]) -> protocol.Mails:
        """Refused ``settings_unseen`` while this issuer has not confirmed what the owner did."""
        trail = self._session.services.trail
        if names := terminal_settings.unseen(self._session.signed_on().register, trail):
            raise Refused("settings_unseen", names=", ".join(names))
        return self._begin()

    def _begin(self) -> protocol.Mails:
        issuer = self._session.signed_on()
        self._session.outbox_sender.begin(issuer)
        found = issuer.register.outbox.in_state((*mail.MOVING, *mail.ASKING))
        return protocol.Mails([to_protocol.mail(one) for one in found])

    def _list(self, call: Call[protocol.ListMail]) -> protocol.Mails:
        issuer, serial = self._session.signed_on(), call.body.serial
        listed = [to_protocol.mail(one) for one in issuer.register.outbox.of_card(serial)]
        if not serial:
            return protocol.Mails(listed)
        send_mail, entry = self._session.services.send_mail, entry_of(issuer, serial)
        refusal = None
        try:
            send_mail.check(entry)
        except Refused as refused:
            refusal = protocol.ProblemInfo(field="", code=refused.code, params=dict(refused.params))
        return protocol.Mails(listed, refusal, send_mail.another(issuer, entry))

    def _send(self, call: Call[protocol.SendMail]) -> protocol.Mailed:
        issuer, services, body = self._session.signed_on(), self._session.services, call.body
        file = Path(body.target or services.terminal.folder) if body.save else None
        order = Order(mail=ToMail(body.address, body.fax_sheet, file))
        out = services.hand_out.once_more(
            issuer, body.serial, order, lambda: prove(self._session, issuer, call)
        )
        if out.mail is None:
            raise MachineFailed("unexpected", kind="reply", place="mail")
        if not body.save:
            self._session.outbox_sender.wake()
        return protocol.Mailed(to_protocol.mail(out.mail), str(out.mail_file or ""))

    def _answer(self, call: Call[protocol.AnswerMail]) -> protocol.Mailed:
        issuer, body = self._session.signed_on(), call.body
        try:
            answer = Answer(body.answer)
        except ValueError as error:
            raise Refused("mail_not_asked", state=body.answer) from error
        made = self._session.services.send_mail.steps.answer(issuer, body.id, answer)
        self._session.outbox_sender.wake()
        return protocol.Mailed(to_protocol.mail(made))
