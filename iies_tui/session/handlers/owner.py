"""The terminal's owner: the code, and the settings behind it. Nobody is signed on meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

from iies_tui.domain.errors import Refused
from iies_tui.session import protocol
from iies_tui.session.handlers.state import SessionState, Table, secret
from iies_tui.session.protocol.frames import Call


@dataclass(slots=True)
class OwnerHandlers:
    """``opened``: the code was given in this session, which the page's end ends."""

    session: SessionState
    opened: bool = False

    def table(self) -> Table:
        return dict(
            [
                protocol.MakeOwnerCode.by(self._make),
                protocol.OpenSettings.by(self._open),
                protocol.ChangeOwnerCode.by(self._change_code),
                protocol.ChangeSettings.by(self._change),
                protocol.TestMail.by(self._test_mail),
            ]
        )

    def _make(self, call: Call[protocol.MakeOwnerCode]) -> protocol.TerminalSettings:
        self._nobody()
        self.session.services.owner_code.make(secret(call, 0), secret(call, 1))
        self.opened = True
        return self._settings()

    def _open(self, call: Call[protocol.OpenSettings]) -> protocol.TerminalSettings:
        self._nobody()
        self.session.services.owner_code.prove(secret(call, 0))
        self.opened = True
        return self._settings()

    def _change_code(self, call: Call[protocol.ChangeOwnerCode]) -> protocol.Done:
        self._owner()
        self.session.services.owner_code.change(*(secret(call, at) for at in range(3)))
        return protocol.Done()

    def _change(self, call: Call[protocol.ChangeSettings]) -> protocol.SettingsChanged:
        self._owner()
        password = call.secrets[0] if call.secrets else None
        names = self.session.services.settings.change(call.body.values, password)
        return protocol.SettingsChanged(list(names), self._settings())

    def _test_mail(self, call: Call[protocol.TestMail]) -> protocol.MailTested:
        self._owner()
        outcome = self.session.services.test_mail(call.body.address)
        return protocol.MailTested(outcome.result.value, outcome.reason, outcome.detail)

    def _settings(self) -> protocol.TerminalSettings:
        services = self.session.services
        password = services.settings.password
        return protocol.TerminalSettings(
            values=services.settings.texts(),
            defaults=dict(services.setting_defaults),
            password=password.is_set(),
            fixed=password.is_fixed(),
        )

    def _nobody(self) -> None:
        if self.session.issuer is not None:
            raise Refused("signed_on_already")

    def _owner(self) -> None:
        self._nobody()
        if not self.opened:
            raise Refused("owner_code_needed")
