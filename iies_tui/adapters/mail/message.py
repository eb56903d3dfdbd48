"""A card's message: headers that are right, words for the customer, the pages attached.

Seven-bit throughout, so that no server on the way has to change it: names are encoded (RFC 2047),
text is quoted-printable, PDF is base64. A header that would hold a line break is refused by
``email`` itself; addresses come from ``email-validator``, the rest is ours.
"""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from iies_tui.domain.card import Mode
from iies_tui.issuance.ports.delivery import Letter
from iies_tui.text import words

_PLACE = "iies-tui.invalid"
"""The right side of a Message-ID where no From is set: a name that nobody has (RFC 6761)."""


def compose(letter: Letter, sender: str, sender_name: str) -> bytes:
    """The whole message. Without a ``sender`` it is a draft for another mail program."""
    message = EmailMessage(policy=SMTP)
    message["Date"] = format_datetime(letter.date)
    domain = sender.rpartition("@")[2] or _PLACE
    message["Message-ID"] = f"<iies.{letter.id}@{domain}>"
    if sender:
        message["From"] = Address(display_name=sender_name, addr_spec=sender)
    else:
        message["X-Unsent"] = "1"
    message["To"] = Address(addr_spec=letter.address)
    specimen = "" if letter.card.mode is Mode.LIVE else words("mail_letter.specimen_subject")
    message["Subject"] = specimen + words("mail_letter.subject", serial=letter.card.serial)
    message["Content-Language"] = "en"
    message.set_content(_text(letter), cte="quoted-printable")
    for name, data in letter.files:
        message.add_attachment(data, maintype="application", subtype="pdf", filename=name)
    if letter.files:
        # Not drawn by lot, so that the same letter is the same bytes.
        message.set_boundary(f"iies-{letter.id}")
    return message.as_bytes()


def test_message(address: str, sender: str, sender_name: str, id: str, date: datetime) -> bytes:
    """A message that is no card: it shows that e-mail works from here."""
    message = EmailMessage(policy=SMTP)
    message["Date"] = format_datetime(date)
    message["Message-ID"] = f"<iies.test.{id}@{sender.rpartition('@')[2]}>"
    message["From"] = Address(display_name=sender_name, addr_spec=sender)
    message["To"] = Address(addr_spec=address)
    message["Subject"] = words("mail_test.subject")
    message.set_content(words("mail_test.text") + "\n", cte="quoted-printable")
    return message.as_bytes()


def _text(letter: Letter) -> str:
    """What the customer must know: print at 100 %, what to bring to DMV, whom to ask."""
    card = letter.card
    parts = [] if card.mode is Mode.LIVE else [words("mail_letter.specimen").strip()]
    parts.append(words("mail_letter.begin", serial=card.serial, insurer=card.facts.insurer_name))
    parts.append(words("mail_letter.files", names=", ".join(name for name, _ in letter.files)))
    parts.append(words("mail_letter.print"))
    if letter.fax_sheet:
        parts.append(words("mail_letter.fax_sheet"))
    parts.append(words("mail_letter.bring"))
    agency = card.agency
    if agency.name:
        lines = [agency.name, *agency.address, *([agency.telephone] if agency.telephone else [])]
        parts.append("\n".join(lines))
    return "\n\n".join(part.strip() for part in parts) + "\n"
