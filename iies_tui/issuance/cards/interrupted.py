"""What voids a card that was announced and never came to be: a failure at once, after a crash the
next start and the next sign-on."""

from __future__ import annotations

from dataclasses import replace

from iies_tui.domain.delivery import State
from iies_tui.domain.trail import TERMINAL, Detail, Event, TrailRow
from iies_tui.issuance.keys.sign_on import SignedOnIssuer
from iies_tui.issuance.ports.records import RegisterEntry, Trail

LATEST = 200
"""VOID rows that are looked at: each sign-on looks, so that only those since the last one count."""


def void(trail: Trail, intent: TrailRow, reason: str) -> None:
    """An announced card that never came to be; its serial is not used again."""
    serial = str(intent.details["serial"])
    trail.append(Event.VOID, TERMINAL, {"serial": serial, "reason": reason})


def voided(old: RegisterEntry, by: str) -> dict[str, Detail]:
    """The VOID row of a card that the serial ``by`` corrects, as a delivery writes it."""
    return {
        "serial": old.card.serial,
        "state": State.VOID.value,
        "queue": old.queue,
        "job": old.job,
        "reason": "correction",
        "replaced_by": by,
    }


def void_open_intents(trail: Trail) -> int:
    """At every start: what a crash left announced and unsealed becomes VOID. How many."""
    intents = trail.open_intents()
    for intent in intents:
        void(trail, intent, "interrupted")
    return len(intents)


def void_unsealed(issuer: SignedOnIssuer, trail: Trail) -> None:
    """At every sign-on, the register follows the trail: a card that was never sealed is VOID, and
    so is one that the trail calls VOID, also where it died before it wrote that here.
    """
    for entry in issuer.register.in_state([State.SEALED]):
        if trail.find_serial(Event.SEALED, entry.card.serial) is None:
            # Without its batch: the row gets another card.
            issuer.register.update(
                RegisterEntry(card=entry.card, state=State.VOID, trail_seq=entry.trail_seq)
            )
    for row in trail.newest(Event.VOID, LATEST):
        known = issuer.register.get(str(row.details.get("serial", "")))
        if known is not None and known.state is not State.VOID:
            issuer.register.update(replace(known, state=State.VOID))
