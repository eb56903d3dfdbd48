"""The notice of a compromised KEY as text, as an e-mail to send from elsewhere, and on paper."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

from iies_tui.adapters.paper.sheet import sheet
from iies_tui.domain import new_york
from iies_tui.domain.compromise import ADDRESS, SUBJECT, Notice
from iies_tui.text import words

_BLANK = "_" * 40


def notice_text(notice: Notice) -> str:
    """The notice's body: the four fields that DFS asks for first, then what we know besides."""
    contact = notice.contact
    fields = [
        ("license", notice.license),
        ("licensee", contact.licensee),
        ("contact", contact.name),
        ("telephone", contact.telephone),
    ]
    lines = [words(f"notice_letter.{name}", value=value or _BLANK) for name, value in fields]
    lines += [
        "",
        words("notice_letter.what", tail=notice.key_tail or "-", kid=notice.kid.hex() or "-"),
        words("notice_letter.when", at=new_york.written(notice.at)),
        words("notice_letter.destroyed"),
        "",
        words("notice_letter.serials", count=len(notice.serials)),
        *(f"  {serial}" for serial in notice.serials),
    ]
    return "\n".join(lines)


def notice_mail(notice: Notice) -> bytes:
    """An ``.eml`` file: a draft for any mail program (RFC 5322), unsent."""
    message = EmailMessage(policy=SMTP)
    message["To"] = ADDRESS
    message["Subject"] = SUBJECT
    message["X-Unsent"] = "1"
    message.set_content(notice_text(notice))
    return message.as_bytes()


def notice_page(notice: Notice, version: str) -> bytes:
    """The same on paper, as PDF."""
    head = [words("notice_letter.to", address=ADDRESS), ""]
    return sheet(SUBJECT, [*head, *notice_text(notice).splitlines()], version)
