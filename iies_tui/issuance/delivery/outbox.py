"""The outbox: each message out once, or asked about (``docs/adr/0050-mail-once.md``).

The register has the message and its state, the trail every step before the act, without an
address. Two steps of an attempt are told apart: SENDING, in which the server has no whole message
yet, so that it may be sent again; and HANDING, recorded just before the end of the data, after
which only the server's reply says whether it took the message. What is found HANDING after a crash,
or whose reply never came, is DOUBTFUL and never sent again but on the clerk's word, under the same
Message-ID. All methods are for the working thread: it alone writes records.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import timedelta

from iies_tui.domain import mail
from iies_tui.domain.delivery import State
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.mail import Answer, MailEntry, MailState, Outcome, Result
from iies_tui.domain.trail import Detail, Event
from iies_tui.issuance.delivery.deliver import Issuer
from iies_tui.issuance.ports.machine import Clock
from iies_tui.issuance.ports.records import Trail

MAX_WAIT = timedelta(hours=2)
"""No message waits longer, should the clock have been moved back."""

_AFTER = {
    Result.SENT: MailState.SENT,
    Result.LATER: MailState.QUEUED,
    Result.NEVER: MailState.REFUSED,
    Result.FAULT: MailState.STALLED,
    Result.DOUBTFUL: MailState.DOUBTFUL,
    Result.STOPPED: MailState.QUEUED,
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that is to be sent now, with its bytes."""

    entry: MailEntry
    message: bytes


@dataclass(frozen=True, slots=True)
class OutboxSteps:
    """``first_wait``: seconds before a second attempt (``mail.retry_seconds``)."""

    trail: Trail
    clock: Clock
    first_wait: int = 60

    # -- what the outbox_sender does ---------------------------------------------------------------

    def settle(self, issuer: Issuer) -> None:
        """At sign-on: what an attempt that was interrupted left.

        What was queued before this epoch is from restored or moved records: the terminal that they
        were taken from may have sent it since, so it is asked about.
        """
        epoch = self.trail.last(Event.EPOCH)
        for entry in issuer.register.outbox.in_state(mail.MOVING):
            if epoch is not None and entry.queued_at < epoch.time:
                self._step(issuer, entry, MailState.DOUBTFUL, "old_epoch")
            elif entry.state is MailState.SENDING:
                self._step(issuer, entry, MailState.QUEUED, "interrupted")
            elif entry.state is MailState.HANDING:
                self._step(issuer, entry, MailState.DOUBTFUL, "interrupted")

    def take(self, issuer: Issuer) -> Taken | None:
        """The oldest message that is due, now SENDING; None where none is."""
        box, now = issuer.register.outbox, self.clock.now()
        for entry in box.in_state((MailState.QUEUED,)):
            if self._is_void(issuer, entry.serial):
                self._step(issuer, entry, MailState.CANCELLED, "void")
            elif entry.due <= now or entry.due > now + MAX_WAIT:
                entry = dataclasses.replace(entry, attempts=entry.attempts + 1)
                entry = self._step(issuer, entry, MailState.SENDING)
                return Taken(entry, box.message(entry.id))
        return None

    def next_due(self, issuer: Issuer) -> float | None:
        """Seconds until the next message may go, 0 for now; None where none waits."""
        now = self.clock.now()
        waiting = issuer.register.outbox.in_state((MailState.QUEUED,))
        waits = [min(entry.due - now, MAX_WAIT).total_seconds() for entry in waiting]
        return max(0.0, min(waits)) if waits else None

    def hand_over(self, issuer: Issuer, id: str) -> bool:
        """HANDING is on the disk: the data may be ended. False: it was taken back meanwhile."""
        entry = issuer.register.outbox.get(id)
        if entry is None or entry.state is not MailState.SENDING:
            return False
        if self._is_void(issuer, entry.serial):
            return False
        self._step(issuer, entry, MailState.HANDING)
        return True

    def finish(self, issuer: Issuer, id: str, outcome: Outcome) -> MailEntry | None:
        """What came of the attempt. After ``MAX_ATTEMPTS`` a message waits for the clerk's word."""
        entry = issuer.register.outbox.get(id)
        if entry is None or entry.state not in (MailState.SENDING, MailState.HANDING):
            return entry  # taken back while the server was spoken to
        state, result = _AFTER[outcome.result], outcome.result
        if result is Result.STOPPED and self._is_void(issuer, entry.serial):
            state = MailState.CANCELLED
        elif state is MailState.QUEUED and entry.attempts >= mail.MAX_ATTEMPTS:
            state = MailState.STALLED
        elif state is MailState.QUEUED:
            wait = mail.WAITS[min(entry.attempts, len(mail.WAITS)) - 1] * self.first_wait
            entry = dataclasses.replace(entry, due=self.clock.now() + timedelta(seconds=wait))
        done = self._step(issuer, entry, state, outcome.reason, outcome.detail)
        if result is Result.FAULT:
            self._stall_the_rest(issuer, outcome)
        return done

    def _stall_the_rest(self, issuer: Issuer, outcome: Outcome) -> None:
        """What stopped this one would stop each: eight wrong passwords lock an account."""
        for entry in issuer.register.outbox.in_state((MailState.QUEUED,)):
            self._step(issuer, entry, MailState.STALLED, outcome.reason, outcome.detail)

    # -- the clerk's word --------------------------------------------------------------------

    def answer(self, issuer: Issuer, id: str, answer: Answer) -> MailEntry:
        """Arrived, send it again (the same bytes), or leave it.

        Raise Refused ``no_such_mail``; ``mail_not_asked`` where its state takes no such answer;
        ``is_void`` where a void card's message would go out again.
        """
        entry = self._entry(issuer, id)
        state, of = mail.ANSWERS[answer]
        if entry.state not in of:
            raise Refused("mail_not_asked", state=entry.state.value)
        if answer is Answer.AGAIN:
            if self._is_void(issuer, entry.serial):
                raise Refused("is_void", serial=entry.serial)
            now = self.clock.now()
            entry = dataclasses.replace(entry, attempts=0, queued_at=now, due=now)
        return self._step(issuer, entry, state, "said")

    def withdraw(self, issuer: Issuer, serial: str) -> None:
        """Before a card is made void: nothing of it leaves any more that has not begun to.

        One that is HANDING or DOUBTFUL may be out and stays so; it is asked about as ever.
        """
        for entry in issuer.register.outbox.of_card(serial):
            if entry.state in (*mail.MOVING, *mail.ASKING) and entry.state not in mail.OUT:
                self._step(issuer, entry, MailState.CANCELLED, "void")

    # -- inside ------------------------------------------------------------------------------

    def record(self, issuer: Issuer, entry: MailEntry, why: str = "") -> None:
        """A row of the trail: the message by its number, never to whom it goes."""
        details: dict[str, Detail] = {
            "serial": entry.serial,
            "mail": entry.id,
            "state": entry.state.value,
            "attempt": entry.attempts,
        }
        if why:
            details["why"] = why
        self.trail.append(Event.MAIL, issuer.license, details, issuer.clerk)

    def _step(
        self, issuer: Issuer, entry: MailEntry, state: MailState, why: str = "", detail: str = ""
    ) -> MailEntry:
        if state not in mail.ALLOWED[entry.state]:
            raise MachineFailed("wrong_step", before=entry.state.value, after=state.value)
        entry = dataclasses.replace(entry, state=state, reason=why, detail=detail)
        self.record(issuer, entry, why)
        issuer.register.outbox.update(entry)
        return entry

    def _entry(self, issuer: Issuer, id: str) -> MailEntry:
        entry = issuer.register.outbox.get(id)
        if entry is None:
            raise Refused("no_such_mail")
        return entry

    def _is_void(self, issuer: Issuer, serial: str) -> bool:
        card = issuer.register.get(serial)
        return card is None or card.state is State.VOID
