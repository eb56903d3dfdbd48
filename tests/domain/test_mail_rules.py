"""Which cards may go by e-mail, and what a server's no means."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iies_tui.domain.card import CardFacts, Form
from iies_tui.domain.mail import (
    ALLOWED,
    ANSWERS,
    ASKING,
    FINAL,
    MAX_DETAIL,
    MOVING,
    MailState,
    Result,
    Stage,
    headline,
    judge_reply,
    one_line,
    refusal,
)
from iies_tui.text import has
from tests.support import samples
from tests.support.mail_samples import entry

USUAL = samples.facts()


@pytest.mark.parametrize(
    ("facts", "insurers", "code"),
    [
        (USUAL, frozenset(), ""),
        (USUAL, frozenset({"901", "017"}), ""),
        (USUAL, frozenset({"017"}), "mail_insurer"),
        (replace(USUAL, form=Form.FS_21), frozenset({"901"}), "mail_temporary"),
        (samples.fleet().facts, frozenset(), "mail_fleet"),
    ],
)
def test_15_nycrr_32_16(facts: CardFacts, insurers: frozenset[str], code: str) -> None:
    assert refusal(facts, insurers) == code
    assert not code or has(f"error.{code}")


@pytest.mark.parametrize(
    ("code", "text", "stage", "result", "reason"),
    [
        (550, "5.1.1 <x@y>: unknown user", Stage.RECIPIENT, Result.NEVER, "no_such_address"),
        (550, "no mailbox here", Stage.RECIPIENT, Result.NEVER, "no_such_address"),
        (553, "5.1.2 no such domain", Stage.RECIPIENT, Result.NEVER, "no_such_domain"),
        (552, "5.2.2 over quota", Stage.RECIPIENT, Result.NEVER, "mailbox_full"),
        (452, "4.2.2 over quota", Stage.RECIPIENT, Result.LATER, "mailbox_full"),
        (450, "4.7.1 greylisted", Stage.RECIPIENT, Result.LATER, "server_later"),
        (421, "4.3.2 going down", Stage.DATA, Result.LATER, "server_later"),
        (550, "5.7.1 refused by policy", Stage.RECIPIENT, Result.NEVER, "policy"),
        (554, "5.7.1 spam", Stage.DATA, Result.NEVER, "policy"),
        (552, "too much", Stage.DATA, Result.NEVER, "too_large"),
        (554, "no", Stage.DATA, Result.NEVER, "server_refused"),
        (550, "5.7.60 not your address", Stage.SENDER, Result.FAULT, "sender_refused"),
        (554, "go away", Stage.GREETING, Result.FAULT, "server_refused"),
        (530, "5.7.0 authenticate first", Stage.SENDER, Result.FAULT, "login_wanted"),
        (250, "what?", Stage.DATA, Result.LATER, "no_smtp"),
        (-1, "", Stage.GREETING, Result.LATER, "no_smtp"),
    ],
)
def test_a_reply_in_our_words(
    code: int, text: str, stage: Stage, result: Result, reason: str
) -> None:
    outcome = judge_reply(code, text, stage)
    assert (outcome.result, outcome.reason) == (result, reason)
    assert has(f"mail_reason.{reason}")
    assert text in outcome.detail


def test_a_servers_words_never_command_a_terminal() -> None:
    assert one_line("no\r\n\x1b[2J  such \x00 user é") == "no [2J such user"
    assert len(one_line("x" * 5000)) == MAX_DETAIL


def test_every_state_has_words_and_a_way_out() -> None:
    for state in MailState:
        assert has(f"mail.{state}")
        assert has(f"mail_short.{state}")
        assert bool(ALLOWED[state]) != (state in FINAL)
    for to, of in ANSWERS.values():
        assert all(to in ALLOWED[state] for state in of)


def test_nothing_leaves_doubtful_by_itself() -> None:
    asked = {to for to, of in ANSWERS.values() if MailState.DOUBTFUL in of}
    assert ALLOWED[MailState.DOUBTFUL] == asked
    assert MailState.DOUBTFUL in ASKING
    assert MailState.DOUBTFUL not in MOVING


@pytest.mark.parametrize(
    ("states", "speaks"),
    [
        ("SENT QUEUED DOUBTFUL SENT", 2),
        ("QUEUED SENT SENT", 0),
        ("SENT SENT CANCELLED", 1),
        ("CANCELLED", 0),
        ("REFUSED STALLED", 1),
    ],
)
def test_the_message_that_speaks_for_a_card(states: str, speaks: int) -> None:
    entries = [entry(MailState(s), id=str(at)) for at, s in enumerate(states.split())]
    found = headline(entries)
    assert found is not None
    assert found.id == str(speaks)


def test_no_message_says_nothing() -> None:
    assert headline([]) is None
