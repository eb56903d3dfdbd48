"""What the customer gets: right headers, plain words, the exact pages; and nothing injected."""

from __future__ import annotations

import email
import email.policy
import email.utils
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, strategies as st

from iies_tui.adapters.mail.message import compose
from iies_tui.adapters.mail.settings import MailSettings
from iies_tui.adapters.mail.smtp import SmtpMailer
from iies_tui.domain.card import Mode
from iies_tui.domain.errors import Refused
from iies_tui.issuance.ports.delivery import Letter
from tests.support import samples

NOW = datetime(2026, 11, 22, 15, 4, 5, tzinfo=UTC)
CARD = samples.sealed()
PDF = bytes(range(256)) * 300
FROM = "cards@agency.example"


def letter(**changes: Any) -> Letter:
    made: dict[str, Any] = {
        "id": "0123456789abcdef",
        "date": NOW,
        "address": "jane.doe@customer.example",
        "card": CARD,
        "files": ((f"{CARD.serial}.pdf", PDF),),
        "fax_sheet": False,
        **changes,
    }
    return Letter(**made)


def read(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_headers_are_right_and_name_nobody_but_the_address() -> None:
    data = compose(letter(), FROM, "Empire Street Agéncy, Inc.")
    message = read(data)
    assert email.utils.parsedate_to_datetime(message["Date"]) == NOW
    assert message["Message-ID"] == "<iies.0123456789abcdef@agency.example>"
    (sender,), (to,) = message["From"].addresses, message["To"].addresses
    assert (sender.display_name, sender.addr_spec) == ("Empire Street Agéncy, Inc.", FROM)
    assert (to.display_name, to.addr_spec) == ("", "jane.doe@customer.example")
    assert message["Subject"] == f"New York State insurance ID card {CARD.serial}"
    head = data.partition(b"\r\n\r\n")[0].decode()
    for secret in ("DOE J", CARD.facts.policy, "1HGCM82633A004352", "127.0.0.1", "localhost"):
        assert secret not in head
    assert all(len(line) <= 998 for line in data.split(b"\r\n"))
    assert data.isascii()
    assert b"\n" not in data.replace(b"\r\n", b"")


def test_the_pages_are_attached_byte_for_byte() -> None:
    files = ((f"{CARD.serial}.pdf", PDF), (f"{CARD.serial}-fax.pdf", PDF[::-1]))
    message = read(compose(letter(files=files, fax_sheet=True), FROM, ""))
    found = [(part.get_filename(), part.get_content()) for part in message.iter_attachments()]
    assert found == list(files)
    assert {part.get_content_type() for part in message.iter_attachments()} == {"application/pdf"}


def test_the_words_say_how_to_print_and_what_to_bring() -> None:
    text = text_of(read(compose(letter(), FROM, "")))
    for wanted in ("100 %", "shrink to fit", "DMV", "BOTH pages", CARD.serial,
                   CARD.facts.insurer_name, CARD.agency.telephone):  # fmt: skip
        assert wanted in text
    assert "fax sheet" not in text
    assert "SPECIMEN" not in text
    assert "fax sheet" in text_of(read(compose(letter(fax_sheet=True), FROM, "")))


@pytest.mark.parametrize("mode", [Mode.SPECIMEN, Mode.TRAINING])
def test_a_specimen_is_called_one(mode: Mode) -> None:
    message = read(compose(letter(card=replace(CARD, mode=mode)), FROM, ""))
    assert str(message["Subject"]).startswith("SPECIMEN")
    assert "NOT PROOF OF INSURANCE" in text_of(message)


def test_the_same_letter_is_the_same_bytes() -> None:
    assert compose(letter(), FROM, "x") == compose(letter(), FROM, "x")


def test_without_a_sender_it_is_a_draft() -> None:
    message = read(compose(letter(), "", ""))
    assert message["X-Unsent"] == "1"
    assert message["From"] is None
    assert str(message["Message-ID"]).endswith(".invalid>")


@given(name=st.text(max_size=40), insurer=st.text(min_size=1, max_size=60))
def test_whatever_names_hold_adds_no_header_and_no_part(name: str, insurer: str) -> None:
    card = replace(CARD, facts=replace(CARD.facts, insurer_name=insurer))
    try:
        data = compose(letter(card=card), FROM, name)
    except (ValueError, UnicodeEncodeError):
        return  # refused whole is good too
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert sorted(message.keys()) == sorted(read(compose(letter(), FROM, "x")).keys())
    assert len(list(message.iter_attachments())) == 1


@pytest.mark.parametrize(
    "typed",
    ["", "jane", "jane@", "@x.org", "jane@customer", "jane doe@customer.example",
     "jane@customer.example\r\nBcc: spy@other.example", "jane@customer.example, spy@other.example",
     "<jane@customer.example>", "jane@[127.0.0.1]", "jürgen@customer.example", "j@localhost",
     "jane@customer.example\0", "jane@-x.example", "a" * 65 + "@customer.example"],
)  # fmt: skip
def test_what_is_no_address_is_refused_without_a_look_at_the_network(typed: str) -> None:
    with pytest.raises(Refused, match="mail_address"):
        SmtpMailer(MailSettings()).address(typed)


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        (" Jane.Doe+card@Customer.Example ", "Jane.Doe+card@customer.example"),
        ("o'hara@customer.example", "o'hara@customer.example"),
        ("jane@bücher.example", "jane@xn--bcher-kva.example"),
    ],
)
def test_an_address_as_it_goes_out(typed: str, taken: str) -> None:
    assert SmtpMailer(MailSettings()).address(typed) == taken
