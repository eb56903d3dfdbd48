"""The owner's code, and the terminal's settings behind it (``docs/settings.md``)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from iies_tui.session.protocol.answers import Done
from iies_tui.session.protocol.frames import Request
from iies_tui.session.protocol.mail import Mails


@dataclass(frozen=True, slots=True)
class MakeOwnerCode(Request["TerminalSettings"]):
    """The first code of this terminal. Secrets: the code, the code again."""


@dataclass(frozen=True, slots=True)
class OpenSettings(Request["TerminalSettings"]):
    """One secret: the owner's code. Then the settings may be changed until the session ends.

    ``Failed`` with ``owner_code_missing`` where none was made yet, ``owner_code_wrong``,
    ``owner_code_wait`` with ``seconds``, ``owner_code_disabled``.
    """


@dataclass(frozen=True, slots=True)
class ChangeOwnerCode(Request[Done]):
    """Secrets: the old code, the new one, the new one again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalSettings:
    """``values`` are texts by the settings' names, empty where the default of ``defaults`` holds.

    ``password``: one is stored; ``fixed``: the system's unit gives it, so it stays as it is.
    """

    values: dict[str, str]
    defaults: dict[str, str]
    password: bool
    fixed: bool


@dataclass(frozen=True, slots=True)
class ChangeSettings(Request["SettingsChanged"]):
    """Change those that differ. One secret: the mail server's new password, or none.

    ``Failed`` with ``settings_refused`` and a problem at each that is wrong.
    """

    values: dict[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    """The ``names`` of what was changed, and the settings as they are now."""

    names: list[str]
    settings: TerminalSettings


@dataclass(frozen=True, slots=True)
class TestMail(Request["MailTested"]):
    """A message that is no card, by the settings as they were saved."""

    address: str


@dataclass(frozen=True, slots=True)
class MailTested:
    """``result`` is a ``domain.mail.Result``; ``reason`` and ``detail`` say why not."""

    result: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class ConfirmSettings(Request[Mails]):
    """Whoever is signed on knows what was changed; the outbox is sent from now on."""
