"""One attempt at a real mail server over TLS: what came of it is told as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from iies_tui.adapters.mail.settings import MailSettings, Security
from iies_tui.adapters.mail.smtp import SmtpMailer
from iies_tui.domain.mail import Result
from tests.support.mail_server import (
    PASSWORD,
    SENDER,
    TO,
    USER,
    MailServer,
    Order,
    Papers,
    make_papers,
    running,
)

MESSAGE = b"Subject: a card\r\nMessage-ID: <iies.1@agency.example>\r\n\r\n.hidden\r\n..\r\nend\r\n"
Serve = Callable[..., MailServer]


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    return make_papers(tmp_path_factory.mktemp("papers"))


@pytest.fixture
def serve(papers: Papers) -> Iterator[Serve]:
    with ExitStack() as stack:
        yield lambda papers=papers, **more: stack.enter_context(running(papers, **more))


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text(PASSWORD + "\n")
    path.chmod(0o600)
    return path


def mailer(there: MailServer, secret: Path, **changes: Any) -> SmtpMailer:
    made: dict[str, Any] = {
        "server": "127.0.0.1",
        "port": there.port,
        "security": Security.TLS if there.implicit else Security.STARTTLS,
        "sender": SENDER,
        "user": USER if there.login else "",
        "password_file": secret,
        "ca_file": there.papers.ca,
        "timeout_seconds": 20,
        **changes,
    }
    return SmtpMailer(MailSettings(**made))


def yes() -> bool:
    return True


@pytest.mark.parametrize("implicit", [False, True])
def test_delivered_as_it_is_over_tls_after_a_login(
    serve: Serve, secret: Path, implicit: bool
) -> None:
    server = serve(implicit=implicit)
    outcome = mailer(server, secret).send(TO, MESSAGE, yes)
    assert outcome.result is Result.SENT, outcome
    assert server.raw == [MESSAGE]
    assert server.envelopes == [(SENDER, [TO])]
    assert server.logins == [True]
    assert server.hosts[-1] == "[127.0.0.1]", "the machine's name is nobody's business"


def test_delivered_without_a_login_where_no_user_is_set(serve: Serve, secret: Path) -> None:
    server = serve(login=False)
    assert mailer(server, secret).send(TO, MESSAGE, yes).result is Result.SENT
    assert not server.logins


@pytest.mark.parametrize(
    ("order", "result", "reason"),
    [
        (Order(rcpt="550 5.1.1 no such user here"), Result.NEVER, "no_such_address"),
        (Order(rcpt="450 4.2.0 greylisted, come again"), Result.LATER, "server_later"),
        (Order(rcpt="452 4.2.2 over quota"), Result.LATER, "mailbox_full"),
        (Order(data="554 5.7.1 looks like spam"), Result.NEVER, "policy"),
        (Order(data="451 4.3.0 try later"), Result.LATER, "server_later"),
        (Order(data="552 5.3.4 too big"), Result.NEVER, "too_large"),
        (Order(die_in_data=10), Result.LATER, "hung_up"),
        (Order(die_after=True, taken=True), Result.DOUBTFUL, "no_reply"),
        (Order(die_after=True, taken=False), Result.DOUBTFUL, "no_reply"),
    ],
)
def test_what_a_server_does_is_told_as_it_is(
    serve: Serve, secret: Path, order: Order, result: Result, reason: str
) -> None:
    server = serve()
    server.order = order
    asked: list[bool] = []

    def hand_over() -> bool:
        asked.append(True)
        return True

    outcome = mailer(server, secret).send(TO, MESSAGE * 2000, hand_over)
    assert (outcome.result, outcome.reason) == (result, reason)
    assert bool(asked) == (order.die_in_data == 0 and not order.rcpt)
    if order.rcpt or order.data:
        assert outcome.detail == (order.rcpt or order.data)
    assert len(server.delivered) == (order.die_after and order.taken)


@pytest.mark.parametrize("hang", ["greeting", "data", "end"])
def test_one_that_hangs_is_given_up(serve: Serve, secret: Path, hang: str) -> None:
    server = serve()
    server.order = Order(hang=hang, taken=False)
    outcome = mailer(server, secret, timeout_seconds=1).send(TO, MESSAGE, yes)
    if hang == "end":
        assert (outcome.result, outcome.reason) == (Result.DOUBTFUL, "no_reply")
    else:
        assert outcome.result is Result.LATER
        assert outcome.reason in ("timed_out", "hung_up")


def test_what_the_other_side_has_not_confirmed_is_not_ended(serve: Serve, secret: Path) -> None:
    """As with a network cable pulled in the middle: all was sent, and lies here in the kernel."""
    server = serve()
    server.order = Order(hang="middle")
    asked: list[bool] = []

    def handing() -> bool:
        asked.append(True)
        return True

    outcome = mailer(server, secret, timeout_seconds=1).send(TO, MESSAGE * 400_000, handing)
    assert outcome.result is Result.LATER
    assert not asked


def test_taken_back_before_the_end_of_the_data_it_never_arrives(serve: Serve, secret: Path) -> None:
    server = serve()
    outcome = mailer(server, secret).send(TO, MESSAGE, lambda: False)
    assert outcome.result is Result.STOPPED
    again = mailer(server, secret).send(TO, MESSAGE, yes)
    assert again.result is Result.SENT
    assert len(server.delivered) == 1


def test_a_wrong_password_is_a_fault(serve: Serve, secret: Path) -> None:
    server = serve()
    secret.write_text("another\n")
    outcome = mailer(server, secret).send(TO, MESSAGE, yes)
    assert (outcome.result, outcome.reason) == (Result.FAULT, "wrong_password")
    assert server.logins == [False]


@pytest.mark.parametrize("implicit", [False, True])
@pytest.mark.parametrize("wrong", ["authority", "name", "expired"])
def test_a_wrong_certificate_stops_everything(
    serve: Serve, secret: Path, papers: Papers, tmp_path: Path, wrong: str, implicit: bool
) -> None:
    host = "mail.other.example" if wrong == "name" else "127.0.0.1"
    days = -1 if wrong == "expired" else 30
    theirs = make_papers(tmp_path / "theirs", host=host, days=days)
    server = serve(papers=theirs, implicit=implicit)
    trusted = papers.ca if wrong == "authority" else theirs.ca
    outcome = mailer(server, secret, ca_file=trusted).send(TO, MESSAGE, yes)
    assert (outcome.result, outcome.reason) == (Result.FAULT, "certificate"), outcome
    assert not server.logins
    assert not server.delivered


def test_without_encryption_nothing_is_said(serve: Serve, secret: Path) -> None:
    server = serve(starttls=False, login=False)
    outcome = mailer(server, secret, user=USER).send(TO, MESSAGE, yes)
    assert (outcome.result, outcome.reason) == (Result.FAULT, "no_starttls")
    assert not server.delivered


def test_a_message_that_is_too_large_is_not_begun(serve: Serve, secret: Path) -> None:
    server = serve(size_limit=100)
    outcome = mailer(server, secret).send(TO, MESSAGE * 10, yes)
    assert (outcome.result, outcome.reason) == (Result.NEVER, "too_large")


def test_nobody_there_is_for_another_time(secret: Path, serve: Serve) -> None:
    server = serve()
    server.stop()
    try:
        outcome = mailer(server, secret).send(TO, MESSAGE, yes)
        assert (outcome.result, outcome.reason) == (Result.LATER, "no_connection")
    finally:
        server.start()


def test_a_name_that_is_not_known_is_for_another_time(secret: Path, serve: Serve) -> None:
    outcome = mailer(serve(), secret, server="nowhere.invalid").send(TO, MESSAGE, yes)
    assert (outcome.result, outcome.reason) == (Result.LATER, "no_name")


def test_without_a_server_nothing_is_tried() -> None:
    outcome = SmtpMailer(MailSettings()).send(TO, MESSAGE, yes)
    assert (outcome.result, outcome.reason) == (Result.FAULT, "mail_off")
