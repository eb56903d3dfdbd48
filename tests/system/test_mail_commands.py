"""``register mail`` and ``register outbox`` of the shipped program, with a real mail server."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import mail_server
from tests.support.mail_server import PASSWORD, TO, MailServer, Order
from tests.support.terminal import Terminal


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    with mail_server.running(mail_server.make_papers(tmp_path / "papers")) as running:
        yield running


def set_up(terminal: Terminal, server: MailServer, **more: object) -> None:
    secret = terminal.file("mail-password", PASSWORD + "\n")
    secret.chmod(0o600)
    path = terminal.state / "config.toml"
    path.write_text(mail_server.settings_toml(server, secret, **more))
    path.chmod(0o600)


def attachments(data: bytes) -> dict[str, bytes]:
    message = email.message_from_bytes(data, policy=email.policy.default)
    return {str(part.get_filename()): part.get_content() for part in message.iter_attachments()}


def test_saved_sent_and_refused(terminal: Terminal, server: MailServer, tmp_path: Path) -> None:
    issued = terminal.issue(None, "--fax-sheet").json["cards"][0]
    serial = issued["serial"]
    pages = {
        Path(issued[name]).name: Path(issued[name]).read_bytes() for name in ("pdf", "fax_pdf")
    }

    mail = ["register", "mail", serial, "--to", TO, *terminal.signed(), "--json"]
    off = terminal.run(*mail)
    assert (off.code, off.json["errors"][0]["code"]) == (1, "mail_off")
    saved = terminal.run(*mail, "--fax-sheet", "--eml", tmp_path / "card.eml")
    assert saved.code == 0, saved.err
    assert saved.json["path"] == str(tmp_path / "card.eml")
    assert attachments((tmp_path / "card.eml").read_bytes()) == pages

    set_up(terminal, server)
    sent = terminal.run(*mail)
    assert (sent.code, sent.json["mail"]["state"]) == (0, "SENT"), sent.err
    assert attachments(server.raw[0]) == {f"{serial}.pdf": pages[f"{serial}.pdf"]}
    server.order = Order(rcpt="550 5.1.1 nobody here", times=1)
    refused = terminal.run(*mail)
    assert (refused.code, refused.json["errors"][0]["code"]) == (1, "mail_failed")
    assert "550 5.1.1 nobody here" in refused.json["errors"][0]["message"]

    id = refused.json["mail"]["id"]
    done = terminal.run("register", "outbox", "--cancel", id, *terminal.signed(), "--json")
    assert done.code == 0, done.err
    assert [one["state"] for one in done.json["mails"]] == ["SAVED", "SENT", "CANCELLED"]
    rows = [row["details"] for row in terminal.trail() if row["event"] == "mail"]
    assert {row["serial"] for row in rows} == {serial}
    assert TO not in repr(terminal.trail())


def test_settings_that_are_wrong_are_told_without_the_network(
    terminal: Terminal, server: MailServer
) -> None:
    set_up(terminal, server)
    terminal.file("mail-password", "")
    found = terminal.run("doctor", "--json").json["findings"]
    assert "mail_password_form" in [one["code"] for one in found if one["check"] == "mail"]
    set_up(terminal, server, security="none")
    ran = terminal.run("register", "outbox", *terminal.signed())
    assert ran.code == 2
    assert 'mail.security must be "starttls" or "tls"' in ran.err
    assert server.connections == 0
