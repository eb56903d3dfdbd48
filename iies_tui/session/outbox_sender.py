"""Sends the outbox while its issuer is signed on: the network in threads of its own, every record
by the working thread.

One message at a time. ``post`` hands a job to the working thread, which does it between two
requests; so a mail server that hangs holds nobody up, and a long request holds up a message only.
Nothing is undone at sign-off: the process is killed, and the outbox has it all.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future

from iies_tui.domain.errors import IiesError
from iies_tui.domain.mail import Outcome, Result
from iies_tui.issuance.delivery.outbox import OutboxSteps, Taken
from iies_tui.issuance.keys.sign_on import SignedOnIssuer
from iies_tui.issuance.ports.delivery import Mailer

Job = Callable[[], None]
LONGEST_NAP = 60.0
"""Seconds after which the outbox is looked at again: the wall clock may have been moved."""


class OutboxSender:
    """Idle until ``begin``. All methods but ``_carry`` are for the working thread."""

    def __init__(self, steps: OutboxSteps, mailer: Mailer, post: Callable[[Job], None]) -> None:
        self._steps = steps
        self._mailer = mailer
        self._post = post
        self._issuer: SignedOnIssuer | None = None
        self._busy = False
        self._nap: threading.Timer | None = None

    def begin(self, issuer: SignedOnIssuer) -> None:
        """What waits is sent from now on, until the process ends."""
        self._issuer = issuer
        self.wake()

    def wake(self) -> None:
        """There may be something to send.

        Records that cannot be written stop the post for this session: what is SENDING or HANDING
        then is settled at the next sign-on, on the safe side.
        """
        try:
            self._next()
        except IiesError:
            self._issuer = None

    def _next(self) -> None:
        if self._nap is not None:
            self._nap.cancel()
            self._nap = None
        if self._issuer is None or self._busy:
            return
        taken = self._steps.take(self._issuer)
        if taken is not None:
            self._busy = True
            threading.Thread(target=self._carry, args=(taken,), daemon=True).start()
            return
        wait = self._steps.next_due(self._issuer)
        if wait is not None:
            self._nap = threading.Timer(min(wait, LONGEST_NAP), self._post, (self.wake,))
            self._nap.daemon = True
            self._nap.start()

    def _carry(self, taken: Taken) -> None:
        """In a thread of its own: one attempt, then its outcome to the working thread."""
        entry = taken.entry
        handed: list[bool] = []

        def hand_over() -> bool:
            granted: Future[bool] = Future()
            self._post(lambda: self._grant(entry.id, granted))
            handed.append(granted.result())
            return handed[-1]

        try:
            outcome = self._mailer.send(entry.address, taken.message, hand_over)
        except Exception:  # noqa: BLE001 (a thread's edge: nobody else would hear of it)
            outcome = Outcome(Result.DOUBTFUL if any(handed) else Result.LATER, "no_reply")
        self._post(lambda: self._carried(entry.id, outcome))

    def _grant(self, id: str, granted: Future[bool]) -> None:
        try:
            issuer = self._issuer
            granted.set_result(issuer is not None and self._steps.hand_over(issuer, id))
        except IiesError:
            self._issuer = None
            granted.set_result(False)

    def _carried(self, id: str, outcome: Outcome) -> None:
        self._busy = False
        if self._issuer is None:
            return
        try:
            self._steps.finish(self._issuer, id, outcome)
        except IiesError:
            self._issuer = None
        self.wake()
