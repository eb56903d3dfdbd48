"""KEYs: replaced, removed, recovered, compromised. Only the recovery code needs a sign-on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from iies_tui.domain import new_york, recovery
from iies_tui.domain.compromise import Contact
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.saved_files import Ending
from iies_tui.domain.wiping import wipe
from iies_tui.issuance.keys.compromise import answer
from iies_tui.issuance.keys.paper_copies import Document
from iies_tui.issuance.keys.recovery_code import Pending
from iies_tui.issuance.keys.replace_key import NewKey
from iies_tui.session import protocol
from iies_tui.session.handlers.state import SessionState, Table, secret
from iies_tui.session.protocol.frames import Call
from iies_tui.text import words


class KeyHandlers:
    """One method a request. ``terminal`` says what the terminal is after a change."""

    def __init__(self, session: SessionState, terminal: Callable[[], protocol.Terminal]) -> None:
        self._session = session
        self._terminal = terminal
        self._pending: Pending | None = None
        self._offered = False

    def table(self) -> Table:
        return dict(
            [
                protocol.ReplaceKey.by(self._replace),
                protocol.RemoveIssuer.by(self._remove),
                protocol.BeginRecoveryCode.by(self._begin_code),
                protocol.KeepRecoveryCode.by(self._keep_code),
                protocol.ConfirmRecoveryCode.by(self._confirm_code),
                protocol.Compromised.by(self._compromised),
                protocol.AnswerCompromised.by(self._answer),
            ]
        )

    def _replace(self, call: Call[protocol.ReplaceKey]) -> protocol.Terminal:
        new = NewKey(secret(call, 0), secret(call, 1), call.body.use_anyway)
        license, replace = call.body.license, self._session.services.replace_key
        match call.body.proof:
            case "pin":
                replace.by_pin(license, new, secret(call, 2))
            case "code":
                replace.by_code(license, new, secret(call, 2))
            case "old_key":
                replace.by_old_key(license, new, secret(call, 2), secret(call, 3))
            case other:
                raise MachineFailed("unexpected", kind="proof", place=other)
        return self._terminal()

    def _remove(self, call: Call[protocol.RemoveIssuer]) -> protocol.Terminal:
        pin = call.secrets[0] if call.secrets else None
        self._session.services.remove_issuer(call.body.license, pin)
        return self._terminal()

    # -- the recovery code ------------------------------------------------------------------

    def _begin_code(self, call: Call[protocol.BeginRecoveryCode]) -> protocol.RecoveryCode:
        """Without the PIN only once, right at the enrolment that the PIN has just made.

        A code opens the register for years: a minute at an unattended terminal must not give one.
        """
        issuer, services = self._session.signed_on(), self._session.services
        made = services.registers.recovery_made(issuer.license)
        if self._offered or made or not issuer.enrolled_now:
            if not call.secrets:
                raise Refused("code_needs_pin")
            services.sign_on.prove(issuer.license, secret(call, 0))
        self._offered = True
        self._forget()
        self._pending = self._session.services.recovery_code.begin()
        groups = recovery.groups(self._pending.code)
        return protocol.RecoveryCode(list(groups), list(self._pending.asked))

    def _keep_code(self, call: Call[protocol.KeepRecoveryCode]) -> protocol.Kept:
        issuer, pending = self._session.signed_on(), self._begun()
        title = words("recovery_sheet.title", license=issuer.license)
        lines = [
            words("recovery_sheet.what"),
            "",
            f"\t{recovery.show(pending.code)}",
            words("recovery_sheet.keep"),
            words("recovery_sheet.use", license=issuer.license),
        ]
        page = self._session.services.sheet(title, lines)
        name = f"recovery-{issuer.license.replace('/', '+')}"
        document = Document(title, page, {f"{name}{Ending.PDF}": page})
        folder = Path(call.body.folder) if call.body.folder else None
        return self._keep(document, folder, call.body.queue)

    def _confirm_code(self, call: Call[protocol.ConfirmRecoveryCode]) -> protocol.Done:
        issuer, pending = self._session.signed_on(), self._begun()
        typed = [bytes(one).decode("utf-8", "replace") for one in call.secrets]
        self._session.services.recovery_code.confirm(issuer, pending, typed)
        self._forget()
        return protocol.Done()

    def _begun(self) -> Pending:
        if self._pending is None:
            raise Refused("recovery_not_begun")
        return self._pending

    def _forget(self) -> None:
        if self._pending is not None:
            wipe(self._pending.code)
            self._pending = None

    # -- a compromised KEY ------------------------------------------------------------------

    def _compromised(self, call: Call[protocol.Compromised]) -> protocol.CompromiseTold:
        body, services = call.body, self._session.services
        listed = services.trust.installed()
        known = listed.issuer_by_license(body.license.upper()) if listed else None
        licensee = body.licensee or (known.name if known else "")
        told = services.compromise(body.license, Contact(licensee, body.contact, body.telephone))
        notice = told.notice
        text, mail, page = services.notice(notice)
        name = f"compromised-KEY-{notice.license.replace('/', '+')}-{notice.at:%Y%m%d-%H%M%S}"
        files = {
            f"{name}{Ending.TEXT}": text.encode(),
            f"{name}{Ending.EML}": mail,
            f"{name}{Ending.PDF}": page,
        }
        folder = Path(body.folder) if body.folder else services.terminal.folder
        return protocol.CompromiseTold(
            license=notice.license,
            key_tail=notice.key_tail,
            serials=list(notice.serials),
            due=new_york.in_json(notice.due),
            register_shut=told.register_shut,
            text=text,
            kept=self._keep(Document(name, page, files), folder, body.queue),
        )

    def _answer(self, call: Call[protocol.AnswerCompromised]) -> protocol.Terminal:
        services = self._session.services
        answer(services.trail, call.body.license, services.clock)
        return self._terminal()

    def _keep(self, document: Document, folder: Path | None, queue: str) -> protocol.Kept:
        kept = self._session.services.keep_document(document, folder, queue)
        failed = (("folder", kept.folder_failed), ("queue", kept.printer_failed))
        errors = [
            protocol.ProblemInfo(field=field, code=error.code, params=dict(error.params))
            for field, error in failed
            if error is not None
        ]
        return protocol.Kept([str(path) for path in kept.paths], kept.job, errors)
