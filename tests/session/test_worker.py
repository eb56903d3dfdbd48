"""The session process ends by itself once hung calls have used it up, after its answer."""

from __future__ import annotations

import os
import socket
import threading

import pytest

from iies_tui.adapters.cups.connection import CupsConnection
from iies_tui.domain.errors import MachineFailed
from iies_tui.session import codec, handlers, protocol
from iies_tui.session.worker import Worker
from tests.support.fakes import FakeClock


class Worn:
    """Handlers whose print service hung once too often at the second request."""

    def __init__(self, *_: object) -> None:
        self.asked = 0

    def handle(self, *_: object) -> protocol.Done:
        self.asked += 1
        return protocol.Done()

    def worn_out(self) -> bool:
        return self.asked > 1


def test_it_answers_and_makes_place_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "Handlers", Worn)
    ours, theirs = socket.socketpair()
    ours.settimeout(20)
    pid = os.fork()
    if pid == 0:
        ours.close()
        Worker(theirs, lambda: None, FakeClock()).run()  # type: ignore[arg-type,return-value]
    theirs.close()
    with ours:
        for number in (1, 2):
            ours.sendall(codec.pack(codec.Message(number, protocol.Hello())))
            length, _ = codec.read_head(ours.recv(5, socket.MSG_WAITALL))
            answer = codec.unpack(ours.recv(length, socket.MSG_WAITALL))
            assert (answer.id, answer.body) == (number, protocol.Done())
        assert ours.recv(1) == b""
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_hung_calls_use_a_connection_up(monkeypatch: pytest.MonkeyPatch) -> None:
    cups = pytest.importorskip("cups")
    monkeypatch.setattr(cups, "Connection", lambda: None)
    never = threading.Event()
    connection = CupsConnection(hang_seconds=0.05, lost_after=2, word_seconds=0)
    for _ in range(2):
        assert not connection.lost
        with pytest.raises(MachineFailed, match="cups_hangs"):
            connection.call(lambda _: never.wait(30))
    assert connection.lost
    never.set()
