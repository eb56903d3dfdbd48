"""What voids a card that was announced and never came to be: a failure at once, after a crash the
next start and the next sign-on."""

from __future__ import annotations

from iies_tui.domain.delivery import State
from iies_tui.domain.trail import TERMINAL, Event, TrailRow
from iies_tui.issuance.keys.sign_on import SignedOnIssuer
from iies_tui.issuance.ports.records import RegisterEntry, Trail


def void(trail: Trail, intent: TrailRow, reason: str) -> None:
    """An announced card that never came to be; its serial is not used again."""
    serial = str(intent.details["serial"])
    trail.append(Event.VOID, TERMINAL, {"serial": serial, "reason": reason})


def void_open_intents(trail: Trail) -> int:
    """At every start: what a crash left announced and unsealed becomes VOID. How many."""
    intents = trail.open_intents()
    for intent in intents:
        void(trail, intent, "interrupted")
    return len(intents)


def void_unsealed(issuer: SignedOnIssuer, trail: Trail) -> None:
    """At every sign-on: a register row whose card was never sealed is VOID."""
    for entry in issuer.register.in_state([State.SEALED]):
        if trail.find_serial(Event.SEALED, entry.card.serial) is None:
            issuer.register.update(
                RegisterEntry(card=entry.card, state=State.VOID, trail_seq=entry.trail_seq)
            )
