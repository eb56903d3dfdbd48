"""What is open from before, at sign-on: found out where CUPS can tell, asked where it cannot.

Only this issuer's cards of this terminal's present epoch are looked up; jobs of another user or
another name are never touched. Nothing is released here: a job that was found held waits for the
clerk's say (``docs/adr/0010-held-jobs.md``).
"""

from __future__ import annotations

from dataclasses import dataclass

from iies_tui.domain.delivery import State
from iies_tui.domain.errors import MachineFailed
from iies_tui.domain.serial import Serial
from iies_tui.domain.trail import Event
from iies_tui.issuance.delivery.deliver import Deliver, Delivered, Issuer
from iies_tui.issuance.ports.records import RegisterEntry, Trail

IN_FLIGHT = (State.SUBMITTING, State.HELD, State.RELEASED, State.BLOCKED)
OPEN = (*IN_FLIGHT, State.UNKNOWN, State.COMPLETED, State.SEALED)
"""What the clerk is shown after sign-on: on its way, doubtful, or printed and not handed over. What
was only saved is the customer's file already."""

OLD_EPOCH = "old-epoch"


@dataclass(frozen=True, slots=True)
class Recover:
    deliver: Deliver
    trail: Trail

    def __call__(self, issuer: Issuer) -> tuple[Delivered, ...]:
        """Every card that is open, newest first, after what could be found out.

        Where CUPS does not answer the cards stand as they stood, with the code in ``failure``;
        one that hangs is asked once, not once a card.
        """
        epoch = self._epoch()
        failure = ""
        found = []
        for entry in issuer.register.in_state(OPEN):
            if entry.state not in IN_FLIGHT and entry.state is not State.UNKNOWN:
                found.append(Delivered(entry))
                continue
            delivered, failure = self._settle(issuer, entry, epoch, failure)
            found.append(delivered)
        return tuple(found)

    def _settle(
        self, issuer: Issuer, entry: RegisterEntry, epoch: int | None, failure: str
    ) -> tuple[Delivered, str]:
        if Serial.parse(entry.card.serial).epoch != epoch:
            return self._of_old_epoch(issuer, entry), failure
        if failure:
            return Delivered(entry, failure=failure), failure
        try:
            return self.deliver.watch(issuer, entry.card.serial), ""
        except MachineFailed as error:
            if not error.code.startswith("cups_"):
                raise
            latest = issuer.register.get(entry.card.serial) or entry
            return Delivered(latest, failure=error.code), error.code

    def _of_old_epoch(self, issuer: Issuer, entry: RegisterEntry) -> Delivered:
        """From a restored copy, or another machine: what happened since is not known here."""
        if entry.state is not State.UNKNOWN:
            entry = self.deliver.step(issuer, entry, State.UNKNOWN, {"why": OLD_EPOCH})
        return Delivered(entry, (OLD_EPOCH,))

    def _epoch(self) -> int | None:
        row = self.trail.last(Event.EPOCH)
        return int.from_bytes(_bytes(row.details["epoch"]), "big") if row else None


def _bytes(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise MachineFailed("trail_damaged")
    return value
