"""A card in words and rows, as Result and the register show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual.content import Content

from iies_tui.domain.face import show_check_code
from iies_tui.domain.mail import ASKING, FINAL, MailState, headline
from iies_tui.session import protocol
from iies_tui.text import words
from iies_tui.tui.words.wording import local_time, say


def with_paths(now: protocol.CardInfo, before: protocol.CardInfo) -> protocol.CardInfo:
    """Where its files are is said at the delivery only, and stays true."""
    new, old = now.paper, before.paper
    paper = replace(
        new,
        pdf=new.pdf or old.pdf,
        fax_pdf=new.fax_pdf or old.fax_pdf,
        fax_tiff=new.fax_tiff or old.fax_tiff,
        mail=new.mail or old.mail,
    )
    return replace(now, trail_seq=now.trail_seq or before.trail_seq, paper=paper)


def mail_words(mail: protocol.MailInfo) -> str:
    """A message in words: to whom, how it stands, why, and what the server said."""
    lines = [words("mail_dialog.line", address=mail.address, state=say("mail", mail.state))]
    if mail.state not in (*FINAL, MailState.SENDING, MailState.HANDING) and mail.reason:
        lines.append(say("mail_reason", mail.reason))
        if mail.detail:
            lines.append(words("mail_says.server", detail=mail.detail))
    if mail.state == MailState.QUEUED and mail.attempts:
        at = local_time(mail.due)[-5:]
        lines.append(words("mail_says.attempts", attempts=mail.attempts))
        lines.append(words("mail_says.next", at=at))
    return " ".join(lines)


def mail_line(mails: Sequence[protocol.MailInfo]) -> Content:
    """A card's e-mail as one more of its rows."""
    speaks = headline(mails)
    if speaks is None:
        return Content("")
    text = words("mail_dialog.line", address=speaks.address, state=say("mail", speaks.state))
    if speaks.state == MailState.QUEUED and speaks.attempts:
        text += " " + words("mail_says.next", at=local_time(speaks.due)[-5:])
    if speaks.state in ASKING:
        text += " " + words("mail_says.why")
    if len(mails) > 1:
        text += f" ({words('mail_dialog.more', count=len(mails) - 1)})"
    style = "bold" if speaks.state in ASKING else ""
    return Content.assemble(f"{words('result.mail'):<14}", (text, style))


def describe(card: protocol.CardInfo) -> Content:
    """A card as Result and the register show it."""
    paper = card.paper
    mode = "" if card.mode == "live" else f"   {words(f'status.{card.mode}')}"
    rows: list[tuple[str, str]] = [
        (words("result.serial"), f"{card.serial}{mode}"),
        (words("result.check_code"), show_check_code(card.check_code)),
        (words("result.read_back"), words("result.read_back_ok")),
        (words("result.for"), f"{card.names} · {card.vehicle}"),
    ]
    rows += [
        (words(f"result.{name}"), path)
        for name, path in (("pdf", paper.pdf), ("fax", paper.fax_pdf), ("tiff", paper.fax_tiff))
        if path
    ]
    if paper.queue:
        job = words("result.job", queue=paper.queue, job=paper.job)
        rows.append((words("result.printer"), job))
    lines = [say("delivery", paper.state), *(say("printer_reason", r) for r in paper.reasons)]
    rows.append((words("result.paper"), ". ".join(lines)))
    parts: list[Content | str | tuple[str, str]] = []
    for at, (name, value) in enumerate(rows):
        style = "bold" if at in (0, 1, len(rows) - 1) else ""
        parts += [f"{name:<14}", (value, style), "\n" if at < len(rows) - 1 else ""]
    return Content.assemble(*parts)
