"""An issuer leaves this terminal: the sealed KEY goes, the register stays."""

from __future__ import annotations

from dataclasses import dataclass

from iies_tui.domain.errors import Refused
from iies_tui.domain.issuer import normalize_license
from iies_tui.domain.trail import TERMINAL, Event
from iies_tui.issuance.keys.sign_on import SignOn


@dataclass(frozen=True, slots=True)
class RemoveIssuer:
    """With the PIN; an issuer who never signed on has none that could be asked for."""

    sign_on: SignOn

    def __call__(self, license: str, pin: bytes | bytearray | None) -> None:
        """Trail it, then overwrite and remove the sealed KEY.

        Raise Refused ``pin_needed_to_remove`` and what ``SignOn.prove`` raises.
        """
        at, license = self.sign_on, normalize_license(license)
        issuer = next((one for one in at.vault.issuers() if one.license == license), None)
        if issuer is None:
            raise Refused("no_such_issuer", license=license)
        if issuer.kid is not None:
            if not pin:
                raise Refused("pin_needed_to_remove", license=license)
            at.prove(license, pin)
        details = {"license": license, "key_tail": issuer.key_tail}
        at.trail.append(Event.ISSUER_REMOVED, TERMINAL, details)
        at.vault.remove(license)
