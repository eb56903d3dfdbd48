"""The Verify screen takes files and a scanner's keystrokes; an import shows what it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import words
from iies_tui.tui.app import IiesApp
from iies_tui.tui.dialogs.question import Question
from iies_tui.tui.screens import verify
from iies_tui.tui.screens.start import StartScreen
from iies_tui.tui.screens.verify import VerifyScreen, is_scan
from tests.support.driving import at, press, shown, until
from tests.support.fake_session import BUNDLE, EMPTY_TERMINAL, FakeSession

MakeApp = Callable[..., IiesApp]
DIGITS = "1234567890" * 60
GENUINE = protocol.SymbolInfo(
    source="-",
    page=1,
    verdict="GENUINE",
    reason="genuine",
    mode="live",
    serial="7K3M9QXD-000123-X",
    license="PC-123456",
    kid="00" * 8,
    issued_at="2026-11-22T15:04:05Z",
    face="NOT CHECKED",
    face_reason="no_face",
    bundle=None,
    claims=None,
)


def session(symbol: protocol.SymbolInfo = GENUINE) -> FakeSession:
    return FakeSession(script={protocol.Verify: lambda _: protocol.Verified([symbol])})


async def to_verify(pilot: Any) -> None:
    await at(pilot, StartScreen)
    await press(pilot, "<f5>")
    await at(pilot, VerifyScreen)


def asked(fake: FakeSession) -> list[protocol.Verify]:
    return [one for one in fake.asked if isinstance(one, protocol.Verify)]


@pytest.mark.parametrize(
    "lines",
    [
        (DIGITS,),
        ("]L2" + DIGITS,),
        ("]l2" + DIGITS + "xy",),
        (DIGITS[:300], DIGITS[300:]),
        (DIGITS, DIGITS),
    ],
    ids=["plain", "aim", "lower-case", "two lines", "two symbols"],
)
async def test_a_scan(
    make_app: MakeApp, lines: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keystrokes, all in one burst; a busy machine may be slow between two lines."""
    monkeypatch.setattr(verify, "QUIET", 2.0 if len(lines) > 1 else verify.QUIET)
    fake = session()
    app = make_app(fake)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_verify(pilot)
        await press(pilot, *(part for line in lines for part in (line, "<enter>")))
        await until(pilot, lambda: "GENUINE" in shown(app))
        assert asked(fake) == [protocol.Verify(digits="\n".join(lines))]
        assert "The signature, the issuer and the KEY are valid" in shown(app)


async def test_a_file(make_app: MakeApp) -> None:
    differs = replace(GENUINE, face="DIFFERS")
    fake = session(differs)
    app = make_app(fake)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_verify(pilot)
        await press(pilot, "/tmp/7K3M9QXD-000123-X.pdf", "<enter>")
        await until(pilot, lambda: "DIFFERS" in shown(app))
        assert asked(fake) == [protocol.Verify(path="/tmp/7K3M9QXD-000123-X.pdf")]
        assert "belongs to another card" in " ".join(shown(app).split())


async def test_an_earlier_verdict_does_not_stand_beside_the_next_file(make_app: MakeApp) -> None:
    def judged(request: protocol.Verify) -> protocol.Verified:
        if request.path and request.path.endswith("none.pdf"):
            raise RequestFailed(
                protocol.Failed(code="cannot_read", params={"path": "none.pdf", "reason": ""})
            )
        return protocol.Verified([replace(GENUINE, source=request.path)])

    app = make_app(FakeSession(script={protocol.Verify: judged}))
    async with app.run_test(size=(80, 24)) as pilot:
        await to_verify(pilot)
        await press(pilot, "/tmp/good.pdf", "<enter>")
        await until(pilot, lambda: "GENUINE" in shown(app))
        assert "good.pdf" in shown(app)
        await press(pilot, "/tmp/none.pdf", "<enter>")
        await until(pilot, lambda: "cannot be read" in shown(app))
        assert "GENUINE" not in shown(app)


async def test_after_an_error_the_next_entry_replaces_what_stands_there(make_app: MakeApp) -> None:
    def judged(request: protocol.Verify) -> protocol.Verified:
        if request.path:
            raise RequestFailed(
                protocol.Failed(code="cannot_read", params={"path": "no.pdf", "reason": ""})
            )
        return protocol.Verified([replace(GENUINE, verdict="MALFORMED")])

    fake = FakeSession(script={protocol.Verify: judged})
    app = make_app(fake)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_verify(pilot)
        await press(pilot, "/tmp/no.pdf", "<enter>")
        await until(pilot, lambda: "cannot be read" in shown(app))
        await press(pilot, "12345", "<enter>")
        await until(pilot, lambda: "MALFORMED" in shown(app))
    assert [one.digits for one in asked(fake)][1:] == ["12345"]


@pytest.mark.parametrize(
    ("typed", "scan"),
    [
        (DIGITS, True),
        ("]L2" + DIGITS[:40], True),
        ("/media/usb/20261122-scan-0001.pdf", False),
        ("20261122.pdf", False),
        ("123", True),
        ("", False),
    ],
)
def test_what_is_a_scan(typed: str, scan: bool) -> None:
    assert is_scan(typed) is scan


async def test_an_import_shows_what_it_changes_and_pins_the_words_shown(make_app: MakeApp) -> None:
    proposed = protocol.BundleProposed(
        bundle=BUNDLE,
        new_root=True,
        insurers_added=9,
        insurers_renamed=1,
        insurers_withdrawn=1,
        issuers_changed=1,
        revocations_added=1,
        added=[f"90{number} LAKE [/red] CO" for number in range(9)],
        renamed=["017 ADIRONDACK FARM MUTUAL"],
        withdrawn=["230 FINGER LAKES INDEMNITY"],
        issuers=["PC-123456 suspended"],
        revoked=["0011223344556677 compromised"],
        digest="ab" * 32,
    )
    confirmed: list[protocol.ImportBundle] = []

    def imported(request: protocol.ImportBundle) -> Any:
        confirmed.append(request)
        return replace(EMPTY_TERMINAL, bundle=BUNDLE)

    app = make_app(
        FakeSession(
            terminal=EMPTY_TERMINAL,
            script={protocol.ProposeBundle: lambda _: proposed, protocol.ImportBundle: imported},
        )
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, "<f4>", "/media/usb/new.iies", "<enter>")
        await at(pilot, Question)
        told = " ".join(shown(app).split())
        for words in ("0011223344556677 compromised", "230 FINGER LAKES", "017 ADIRONDACK FARM"):
            assert words in told
        assert "PC-123456 suspended" in told and "and 7 more" in told
        assert "copper lantern orbit sugar" in told
        assert confirmed == []
        await press(pilot, "y")
        await until(pilot, lambda: bool(confirmed))
    (request,) = confirmed
    assert (request.root, request.digest) == (BUNDLE.root_words, "ab" * 32)


@pytest.mark.parametrize(
    ("reason", "told"),
    [("no_face", ""), ("not_drawn", "older format"), ("layout_unknown", "newer")],
)
def test_why_a_face_at_hand_is_not_checked_is_told(reason: str, told: str) -> None:
    said = str(verify.verdict(replace(GENUINE, face_reason=reason)))
    assert told in said
    assert (words(f"face_reason.{reason}") in said) is bool(told)
