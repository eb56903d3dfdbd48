"""The two sides of the session without a process: who answers what, who may ask, and the words."""

from __future__ import annotations

import ast
import asyncio
import dataclasses
import socket
import string
import sys
from collections.abc import Iterator

import pytest

from iies_tui.domain.errors import MachineFailed, Problem, Refused, WrongUsage
from iies_tui.domain.options import Options
from iies_tui.session import codec, protocol
from iies_tui.session.client import RequestFailed, SessionClient, SessionLost, session_command
from iies_tui.session.worker import Deadlines, failed
from iies_tui.text import has, words
from tests.support.fakes import FakeClock
from tests.support.places import PACKAGE

ECHO = """
import socket, sys
sys.path.insert(0, {root!r})
from iies_tui.domain.options import read
from iies_tui.session import codec, protocol
link = socket.socket(fileno=int(sys.argv[1]))
secrets = []
def receive(count):
    data = b""
    while len(data) < count:
        more = link.recv(count - len(data))
        if not more: sys.exit()
        data += more
    return data
while True:
    length, kind = codec.read_head(receive(5))
    body = receive(length)
    if kind == codec.KIND_SECRET:
        secrets.append(body.decode())
        continue
    message = codec.unpack(body)
    {answer}
    secrets = []
"""
"""A session of a few lines, for the client alone."""


def client(answer: str) -> SessionClient:
    text = ECHO.format(root=str(PACKAGE.parent), answer=answer.replace("\n", "\n    "))
    made = SessionClient([sys.executable, "-c", text])
    made.start()
    return made


def reply(body: str) -> str:
    return f"link.sendall(codec.pack(codec.Message(message.id, {body})))"


async def test_secrets_go_before_their_request_and_are_wiped() -> None:
    asking = client(reply("protocol.Options(read({'folder': '|'.join(secrets)}))"))
    pin, again = bytearray(b"1234"), bytearray(b"5678")
    answer = await asking.ask(protocol.GetOptions(), [pin, again])
    assert answer.chosen == Options(folder="1234|5678")
    assert pin == again == bytes(4)
    asking.kill()


async def test_secrets_are_wiped_where_nothing_is_sent() -> None:
    asking = SessionClient(["false"])
    pin = bytearray(b"1234")
    with pytest.raises(SessionLost):
        await asking.ask(protocol.SignOn("PC-1"), [pin])
    assert pin == bytes(4)


async def test_answers_find_their_questions() -> None:
    asking = client(reply("protocol.Options(read(message.body.values))"))
    asked = [
        asyncio.create_task(asking.ask(protocol.SetOptions({"folder": str(number)})))
        for number in range(50)
    ]
    found = [(await one).chosen.folder for one in asked]
    assert found == [str(number) for number in range(50)]
    asking.kill()


async def test_progress_is_told_before_the_answer() -> None:
    told: list[protocol.Progress] = []
    asking = client(reply("protocol.Progress('sealing', 1, 2)") + "\n" + reply("protocol.Done()"))
    await asking.ask(protocol.Activity(), progress=told.append)
    assert told == [protocol.Progress("sealing", 1, 2)]
    asking.kill()


async def test_a_refusal_has_its_code() -> None:
    asking = client(reply("protocol.Failed(code='wait', params={'seconds': 3})"))
    with pytest.raises(RequestFailed) as caught:
        await asking.ask(protocol.Hello())
    assert caught.value.failed.params == {"seconds": 3}
    asking.kill()


@pytest.mark.parametrize("answer", [
    reply("protocol.Done()"), "link.sendall(b'hello')", "sys.exit()", "link.close()",
    "link.sendall(codec.frame_head(4, codec.KIND_SECRET) + b'1234')",
    "link.sendall(codec.frame_head(9, codec.KIND_JSON) + b'{}{}{}{}{')",
])  # fmt: skip
async def test_what_is_no_answer_ends_the_session(answer: str) -> None:
    asking = client(answer)
    with pytest.raises(SessionLost):
        await asyncio.wait_for(asking.ask(protocol.Hello()), 10)
    asking.kill()
    assert asking.lost.is_set()


async def test_a_question_cut_off_in_the_middle_ends_the_session() -> None:
    """Half a frame would shift every later one."""
    asking = SessionClient([sys.executable, "-c", "import time; time.sleep(60)"])
    asking.start()
    large = protocol.SaveDraft({"form": "x" * 5_000_000})
    asked = asyncio.create_task(asking.ask(large))
    await asyncio.sleep(0.3)
    asked.cancel()
    with pytest.raises((asyncio.CancelledError, SessionLost)):
        await asked
    assert asking.lost.is_set() and asking._process is None


async def test_a_program_that_is_not_there_is_told() -> None:
    asking = SessionClient(["/no/such/program"])
    with pytest.raises(MachineFailed, match="session_not_started"):
        asking.start()
    asking.kill()


def test_no_environment_and_no_site_of_the_user_gets_in() -> None:
    assert session_command("python3", "/state")[:4] == ["python3", "-I", "-m", "iies_tui"]


# -- deadlines -----------------------------------------------------------------------------------


def test_nobody_signed_on_has_no_deadline() -> None:
    clock = FakeClock()
    deadlines = Deadlines(clock)
    deadlines.touch()
    clock.pass_seconds(1e9)
    assert not deadlines.passed()


def test_a_key_puts_the_idle_end_off_and_never_the_absolute_one() -> None:
    clock = FakeClock()
    deadlines = Deadlines(clock)
    deadlines.begin(60, 300)
    for _ in range(6):
        clock.pass_seconds(50)
        assert not deadlines.passed()
        deadlines.touch()
    clock.pass_seconds(5)
    assert deadlines.passed()


def test_a_key_after_the_end_comes_too_late() -> None:
    """A machine that was suspended over the end wakes to a key press."""
    clock = FakeClock()
    deadlines = Deadlines(clock)
    deadlines.begin(60, 300)
    clock.pass_seconds(70)
    deadlines.touch()
    assert deadlines.passed()


# -- errors and their words ----------------------------------------------------------------------


@pytest.mark.parametrize("error", [
    Refused("request_refused", (Problem("icc", "icc_unknown", {"icc": "999"}, 3),)),
    WrongUsage("config_unknown", path="x", name="y"), MachineFailed("disk_full", path="x"),
])  # fmt: skip
def test_errors_pass_the_boundary_whole(error: Refused) -> None:
    from iies_tui.cli.asking import raised

    told = codec.unpack(codec.pack(codec.Message(1, failed(error)))[5:]).body
    again = raised(told)
    assert type(again) is type(error)
    assert (again.code, again.params) == (error.code, error.params)
    assert getattr(again, "problems", ()) == getattr(error, "problems", ())


def calls_with_parameters() -> Iterator[tuple[str, str, set[str]]]:
    """(place, key, names given) of each ``words`` and each error whose code is written out."""
    errors = {"Refused", "WrongUsage", "MachineFailed"}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name, first = getattr(node.func, "id", ""), node.args[0]
            if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
                continue
            if any(keyword.arg is None for keyword in node.keywords):
                continue  # **params
            given = {str(keyword.arg) for keyword in node.keywords}
            place = f"{path.relative_to(PACKAGE)}:{node.lineno}"
            if name == "words" or name in errors:
                yield place, first.value if name == "words" else f"error.{first.value}", given


def test_every_parameter_of_the_words_is_given() -> None:
    """A missing one would be shown as a question mark."""
    lacking = []
    for place, key, given in calls_with_parameters():
        if not has(key):
            continue  # tests/system/test_hygiene.py tells of those
        wanted = {field for _, field, _, _ in string.Formatter().parse(raw_words(key)) if field}
        if wanted - given:
            lacking.append(f"{place}: {key} lacks {sorted(wanted - given)}")
    assert lacking == []


def raw_words(key: str) -> str:
    from iies_tui.text import _messages

    table, _, name = key.partition(".")
    return _messages()[table][name]


def test_words_without_a_parameter_show_it() -> None:
    assert "?" in words("error.disk_full")


def test_a_socket_pair_is_all_that_is_inherited() -> None:
    """pass_fds: every other file of the UI process stays its own."""
    left, right = socket.socketpair()
    with left, right:
        assert not left.get_inheritable() and not right.get_inheritable()


def test_every_request_names_a_reply_that_may_cross() -> None:
    kinds = [one for one in vars(protocol).values() if isinstance(one, type)]
    requests = [one for one in kinds if issubclass(one, protocol.Request)]
    requests.remove(protocol.Request)
    assert len(requests) > 50
    for request in requests:
        assert request.reply_type() in kinds, request


def test_messages_with_more_than_three_fields_take_them_by_name() -> None:
    for kind in vars(protocol).values():
        if isinstance(kind, type) and dataclasses.is_dataclass(kind):
            told = dataclasses.fields(kind)
            assert len(told) <= 3 or all(one.kw_only for one in told), kind


def test_every_request_has_one_handler() -> None:
    source = "\n".join(
        path.read_text() for path in sorted((PACKAGE / "session" / "handlers").glob("*.py"))
    )
    for name, kind in vars(protocol).items():
        if isinstance(kind, type) and issubclass(kind, protocol.Request) and name != "Request":
            expected = 0 if kind is protocol.Activity else 1  # the hearing thread answers that one
            assert source.count(f"protocol.{name}.by(") == expected, name
