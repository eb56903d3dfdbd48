"""The terminal itself: Setup, training, the trust bundle, printers, verify. Nobody need sign on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from iies_tui.domain import new_york
from iies_tui.domain.errors import IiesError, MachineFailed, Refused
from iies_tui.issuance.checking.verify import SymbolReport
from iies_tui.session import protocol, to_protocol
from iies_tui.session.handlers.state import SessionState, Table, secret
from iies_tui.session.protocol.frames import Call


class TerminalHandlers:
    def __init__(self, session: SessionState) -> None:
        self._session = session

    def table(self) -> Table:
        return dict(
            [
                protocol.Hello.by(self._hello),
                protocol.AddIssuer.by(self._add_issuer),
                protocol.MakeTraining.by(self._make_training),
                protocol.ListQueues.by(self._list_queues),
                protocol.Verify.by(self._verify),
            ]
        )

    def _hello(self, call: Call[protocol.Hello]) -> protocol.Terminal:
        return self.terminal()

    def terminal(self) -> protocol.Terminal:
        """What Start shows, as it is now."""
        services, terminal = self._session.services, self._session.services.terminal
        bundle = services.trust.installed()
        today = new_york.day_of(services.clock.now())
        training = bundle is not None and bundle.training
        issuers = [
            replace(
                to_protocol.issuer(
                    one, bundle, disabled=services.throttle.state(one.license).disabled
                ),
                recovery=services.registers.recovery_made(one.license),
            )
            for one in services.vault.issuers()
        ]
        return protocol.Terminal(
            version=terminal.version,
            state_dir=str(terminal.state),
            training=training,
            issuers=issuers,
            bundle=to_protocol.bundle(bundle, today) if bundle else None,
            notices=[
                to_protocol.problem(one) for one in services.notices(self._session.interrupted)
            ],
            sign_off_seconds=terminal.idle_seconds,
            warn_seconds=terminal.warn_seconds,
            absolute_seconds=terminal.absolute_seconds,
            printer=terminal.queue,
            folder=str(terminal.folder),
            mail_server=terminal.mail_server,
            mail_sender=terminal.mail_sender,
            mail_fault=self._mail_fault() if terminal.mail_server else None,
            contact=terminal.contact,
            owner=services.owner_code.exists(),
        )

    def _mail_fault(self) -> protocol.ProblemInfo | None:
        try:
            self._session.services.send_mail.mailer.ready()
        except IiesError as error:
            return protocol.ProblemInfo(field="", code=error.code, params=dict(error.params))
        return None

    def _add_issuer(self, call: Call[protocol.AddIssuer]) -> protocol.Terminal:
        key = secret(call, 0)
        self._session.services.add_issuer(call.body.license, key, use_anyway=call.body.use_anyway)
        return self.terminal()

    def _make_training(self, call: Call[protocol.MakeTraining]) -> protocol.TrainingMade:
        directory = Path(call.body.directory)
        made = self._session.services.make_training(directory)
        return protocol.TrainingMade(
            directory=str(directory),
            license=made.license,
            key=made.key,
            pin=made.pin,
            bundle=str(made.bundle),
            authority=str(made.authority),
        )

    def _list_queues(self, call: Call[protocol.ListQueues]) -> protocol.Queues:
        try:
            queues = self._session.services.printer.queues()
        except MachineFailed as error:
            return protocol.Queues([], error.code)
        return protocol.Queues([to_protocol.queue(one) for one in queues])

    def _verify(self, call: Call[protocol.Verify]) -> protocol.Verified:
        services = self._session.services
        bundle = services.trust.installed()
        found: tuple[SymbolReport, ...]
        if call.body.path:
            _not_a_pipe(Path(call.body.path))
            found = services.verify_file(Path(call.body.path), bundle)
        else:
            found = services.verify_digits(call.body.digits, bundle)
        return protocol.Verified([to_protocol.symbol(one) for one in found])


def _not_a_pipe(path: Path) -> None:
    """Opening one would keep the session waiting, and its lock with it."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise Refused("not_a_plain_file", path=str(path))
