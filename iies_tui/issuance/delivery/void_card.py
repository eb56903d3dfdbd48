"""A card made void, also by the one that corrects it: its job canceled, its e-mail withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from iies_tui.domain.delivery import VOID_REASONS, State
from iies_tui.domain.errors import Refused
from iies_tui.issuance.delivery.deliver import Deliver, Delivered, Issuer
from iies_tui.issuance.delivery.outbox import OutboxSteps
from iies_tui.issuance.ports.records import RegisterEntry


@dataclass(frozen=True, slots=True)
class VoidCard:
    """``prove`` asks for the PIN and raises where it is missing or wrong."""

    deliver: Deliver
    outbox: OutboxSteps

    def __call__(
        self, issuer: Issuer, serial: str, reason: str, prove: Callable[[], None]
    ) -> Delivered:
        """VOID for good. Raise Refused ``no_such_card``, ``is_void``, ``void_reason``; what
        ``prove`` and ``Deliver.void`` raise."""
        if self.deliver.entry(issuer, serial).state is State.VOID:
            raise Refused("is_void", serial=serial)
        if reason not in VOID_REASONS:
            raise Refused("void_reason", reasons=", ".join(VOID_REASONS))
        prove()
        self.outbox.withdraw(issuer, serial)
        return self.deliver.void(issuer, serial, reason)

    def to_correct(self, issuer: Issuer, serial: str, prove: Callable[[], None]) -> RegisterEntry:
        """The card whose facts begin a corrected one; it stands until that one is sealed. A void
        card may be taken too, without the PIN."""
        entry = self.deliver.entry(issuer, serial)
        if entry.state is not State.VOID:
            prove()
        return entry

    def withdraw(self, issuer: Issuer, serial: str) -> RegisterEntry:
        """Nothing of the card may leave any more: its e-mail and its jobs are taken back.

        Raise Refused ``is_void``, ``job_still_there``; MachineFailed ``cups_…``.
        """
        if self.deliver.entry(issuer, serial).state is State.VOID:
            raise Refused("is_void", serial=serial)
        self.outbox.withdraw(issuer, serial)
        return self.deliver.clear(issuer, serial)
