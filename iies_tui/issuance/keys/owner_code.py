"""The owner's code: made at the first start, asked for before the settings are shown."""

from __future__ import annotations

from dataclasses import dataclass

from iies_tui.domain.errors import Refused
from iies_tui.domain.owner import CODE_SETTING, MAX_CODE, MIN_CODE, OWNER, is_owner_code
from iies_tui.domain.trail import TERMINAL, Event
from iies_tui.issuance.ports.keys import OwnerVault, Throttle
from iies_tui.issuance.ports.machine import Clock
from iies_tui.issuance.ports.records import Trail

Secret = bytes | bytearray


@dataclass(frozen=True, slots=True)
class OwnerCode:
    """The caller wipes every code. ``throttle`` counts by its own name, ``domain.owner.OWNER``."""

    vault: OwnerVault
    throttle: Throttle
    trail: Trail
    clock: Clock

    def exists(self) -> bool:
        """True once a code was made, though its file may be damaged."""
        return self.vault.exists()

    def make(self, code: Secret, again: Secret) -> None:
        """The first code of this terminal.

        Raise Refused ``owner_code_exists``, ``owner_code_form``, ``owner_code_differs``.
        """
        if self.vault.exists():
            raise Refused("owner_code_exists")
        self._put(code, again, TERMINAL)

    def change(self, old: Secret, code: Secret, again: Secret) -> None:
        """Another code in place of the old one. Raise as ``prove`` and as ``make``."""
        _check_form(code, again)
        self.prove(old)
        self._put(code, again, OWNER)

    def reset(self, code: Secret, again: Secret) -> None:
        """Another code without the old one: for whoever may write the state directory anyway.

        Raise Refused ``owner_code_form``, ``owner_code_differs``.
        """
        self._put(code, again, TERMINAL)

    def prove(self, code: Secret) -> None:
        """Counted before it is tried, as a PIN is, and by the same waits and limit.

        Raise Refused ``owner_code_missing``, ``owner_code_wrong``, ``owner_code_wait`` with
        ``seconds``, ``owner_code_disabled``; MachineFailed ``owner_code_damaged``.
        """
        if not self.vault.exists():
            raise Refused("owner_code_missing")
        before = self.throttle.state(OWNER)
        if before.alarm:
            self.trail.append(Event.COUNTER_ALARM, TERMINAL, {"license": OWNER})
        if before.disabled:
            raise Refused("owner_code_disabled")
        if before.wait > 0:
            raise Refused("owner_code_wait", seconds=int(before.wait) + 1)
        self.throttle.count(OWNER)
        if not self.vault.fits(code):
            details = {"license": TERMINAL, "reason": "wrong_owner_code"}
            self.trail.append(Event.SIGN_ON_FAILED, TERMINAL, details)
            raise Refused("owner_code_wrong")
        self.throttle.clear(OWNER)

    def _put(self, code: Secret, again: Secret, actor: str) -> None:
        """Trailed first: whoever signs on next is told, whatever dies in between."""
        _check_form(code, again)
        self.trail.append(Event.SETTINGS_CHANGED, actor, {"names": CODE_SETTING})
        self.vault.put(code, self.clock.now())
        self.throttle.clear(OWNER)


def _check_form(code: Secret, again: Secret) -> None:
    if not is_owner_code(bytes(code).decode("utf-8", "replace")):
        raise Refused("owner_code_form", least=MIN_CODE, most=MAX_CODE)
    if bytes(code) != bytes(again):
        raise Refused("owner_code_differs")
