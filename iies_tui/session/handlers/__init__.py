"""What the session process does with each request: protocol in, use case, protocol out.

One file a subject; each has a table from the requests it answers to its methods.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from iies_tui.domain.errors import MachineFailed
from iies_tui.session.handlers.batches import BatchHandlers
from iies_tui.session.handlers.cards import CardHandlers
from iies_tui.session.handlers.delivery import DeliveryHandlers
from iies_tui.session.handlers.issuers import IssuerHandlers
from iies_tui.session.handlers.keys import KeyHandlers
from iies_tui.session.handlers.mail import MailHandlers
from iies_tui.session.handlers.owner import OwnerHandlers
from iies_tui.session.handlers.state import Progress, SessionState, Table
from iies_tui.session.handlers.terminals import TerminalHandlers
from iies_tui.session.handlers.trust import TrustHandlers
from iies_tui.session.protocol.frames import Call
from iies_tui.session.services import Services


class Handlers:
    """Every subject's table together. Lives in the working thread."""

    def __init__(
        self,
        services: Services,
        begin: Callable[[float, float], None],
        post: Callable[[Callable[[], None]], None],
    ) -> None:
        """``begin(idle, absolute)`` starts the deadlines once somebody has signed on; ``post``
        hands the working thread a job."""
        self.worn_out = services.worn_out
        session = SessionState(services, begin, post)
        terminals = TerminalHandlers(session)
        self._table: Table = {
            **terminals.table(),
            **TrustHandlers(session, terminals.terminal).table(),
            **KeyHandlers(session, terminals.terminal).table(),
            **IssuerHandlers(session).table(),
            **CardHandlers(session).table(),
            **DeliveryHandlers(session).table(),
            **MailHandlers(session).table(),
            **BatchHandlers(session).table(),
            **OwnerHandlers(session).table(),
        }

    def handle(self, body: Any, secrets: tuple[bytearray, ...], progress: Progress) -> object:
        """The reply to one request. Raise IiesError."""
        handler = self._table.get(type(body))
        if handler is None:
            raise MachineFailed("unexpected", kind="request", place=type(body).__name__)
        return handler(Call(body, secrets, progress))
