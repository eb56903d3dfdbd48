"""What the owner changes on the *Terminal* page, and how each issuer is told of it.

A password is meant for one server. So whatever leads it elsewhere (server, port, security, user)
erases it, before the change is written: whoever has the owner's code for a minute can turn the
terminal to another server, and cannot have the old password sent to it. And no outbox is sent
until somebody of that issuer has seen what was changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from iies_tui.domain.errors import Problem, Refused
from iies_tui.domain.owner import OWNER
from iies_tui.domain.trail import Event
from iies_tui.issuance.ports.delivery import Printer
from iies_tui.issuance.ports.records import Register, Trail
from iies_tui.issuance.ports.settings import MailPassword, SettingsStore

PASSWORD = "mail.password"  # noqa: S105 (its name in the trail)
NOT_HERE = frozenset({"mail.password_file", "mail.ca_file"})
"""Set by whoever may write the file: they say which file is read as a secret, and whom we trust."""
LEADS_ELSEWHERE = frozenset(
    {"mail.server", "mail.port", "mail.security", "mail.user", "mail.ca_file"}
)
SEEN = "settings_seen"
"""The register's setting: the last ``settings_changed`` row that this issuer has confirmed."""


@dataclass(frozen=True, slots=True)
class TerminalSettings:
    """For whoever gave the owner's code. ``password`` is the mail server's."""

    store: SettingsStore
    password: MailPassword
    printer: Printer
    trail: Trail

    def texts(self) -> dict[str, str]:
        """The settings that can be changed here, by name."""
        return {name: text for name, text in self.store.texts().items() if name not in NOT_HERE}

    def change(
        self, values: Mapping[str, str], password: bytes | bytearray | None = None
    ) -> tuple[str, ...]:
        """Change those that differ; the names of what was changed. The caller wipes ``password``.

        A ``password`` is stored after the settings, so that it belongs to the new server.

        Raise Refused ``settings_refused`` with a problem at each setting that is wrong,
        ``mail_password_fixed``, ``mail_password_typed``; MachineFailed. Whatever dies or fails in
        between, the change was trailed first, and the old password never meets the new server.
        """
        before = self.texts()
        if unknown := sorted(values.keys() - before.keys()):
            raise Refused("setting_not_here", name=unknown[0])
        changed = {
            name: text.strip() for name, text in values.items() if text.strip() != before[name]
        }
        problems = [*self.store.problems(changed), *self._queue_problems(changed)]
        if problems:
            raise Refused("settings_refused", tuple(problems))
        names = sorted({*changed, *([PASSWORD] if password is not None else [])})
        if not names:
            return ()
        erases = bool(LEADS_ELSEWHERE & changed.keys())
        if (erases or password is not None) and self.password.is_fixed():
            raise Refused("mail_password_fixed")
        if erases and self.password.is_set():
            names = sorted({*names, PASSWORD})
        if password is not None:
            self.password.check(password)
        self.trail.append(Event.SETTINGS_CHANGED, OWNER, {"names": " ".join(names)})
        if erases:
            self.password.erase()
        if changed:
            self.store.write(changed)
        if password is not None:
            self.password.put(password)
        return tuple(names)

    def _queue_problems(self, changed: Mapping[str, str]) -> list[Problem]:
        """A printer that does not exist cannot be saved."""
        name = changed.get("printer.queue", "")
        if not name or any(queue.name == name for queue in self.printer.queues()):
            return []
        return [Problem("printer.queue", "no_such_queue", {"queue": name})]


def unseen(register: Register, trail: Trail) -> tuple[str, ...]:
    """The settings that were changed since this issuer last confirmed them, sorted."""
    rows = [row for row in trail.of_kind(Event.SETTINGS_CHANGED) if row.seq > _seen(register)]
    return tuple(sorted({name for row in rows for name in str(row.details["names"]).split()}))


def confirm(register: Register, trail: Trail) -> None:
    """The issuer knows of every change so far."""
    last = trail.last(Event.SETTINGS_CHANGED)
    if last is not None and last.seq > _seen(register):
        register.set_setting(SEEN, last.seq)


def _seen(register: Register) -> int:
    kept = register.setting(SEEN)
    return kept if type(kept) is int else 0
