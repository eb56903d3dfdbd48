"""What doctor makes of plain facts: each finding, its weight, and words for every one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from iies_tui.domain.bundle import IssuerStatus
from iies_tui.domain.compromise import OpenCompromise
from iies_tui.domain.delivery import Queue
from iies_tui.domain.issuer import IssuerOnTerminal, ModeReason
from iies_tui.issuance.checking.doctor import (
    Facts,
    IssuerFacts,
    MailFacts,
    Trouble,
    Weight,
    examine,
)
from iies_tui.text import has
from tests.support import trust_samples

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
BUNDLE = trust_samples.bundle()
KID = trust_samples.ISSUER.keys[0].kid
ISSUER = IssuerOnTerminal(trust_samples.ISSUER.license, "RS012", NOW, 1, KID)
GOOD = IssuerFacts(ISSUER, disabled=False, alarm=False, other_pepper=False, recovery=True)
QUEUE = Queue("FRONT", "", accepting=True, stopped=False, default=True, fax=False)
FACTS = Facts(
    state="/var/lib/iies-tui", pepper="credential", pepper_path="/run/credentials/x", files=(),
    holder=None, issuers=(GOOD,), damaged=(), bundle=BUNDLE, trail_rows=7, trail_faults=(),
    last_record=NOW - timedelta(hours=1), compromised=(), queues=(QUEUE,), now=NOW,
    dumpable=False, swaps=(), free=2**30, mail=MailFacts(),
)  # fmt: skip


def codes(facts: Facts, weight: Weight) -> set[str]:
    return {one.code for one in examine(facts) if one.weight is weight}


def test_all_is_well() -> None:
    assert {one.weight for one in examine(FACTS)} == {Weight.OK}
    assert "mode_live" in codes(FACTS, Weight.OK)


ACTS: list[tuple[str, dict[str, Any]]] = [
    ("clock_ahead", {"days_ahead": 40}),
    ("too_open", {"files": (Trouble("too_open", {"path": "x", "found": "0644"}),)}),
    ("pepper_missing", {"pepper": Trouble("pepper_missing", {"path": "x"})}),
    ("vault_damaged", {"damaged": ("PC-1",)}),
    ("compromised", {"compromised": (OpenCompromise("PC-1", NOW, 3600),)}),
    ("compromised_late", {"compromised": (OpenCompromise("PC-1", NOW, -3600),)}),
    ("pepper_differs", {"issuers": (replace(GOOD, other_pepper=True),)}),
    ("disabled", {"issuers": (replace(GOOD, disabled=True),)}),
    ("counter_alarm", {"issuers": (replace(GOOD, alarm=True),)}),
    ("mode_key_not_listed", {"issuers": (replace(GOOD, issuer=replace(ISSUER, kid=b"o" * 8)),)}),
    ("mode_not_listed", {"issuers": (replace(GOOD, issuer=replace(ISSUER, license="PC-9")),)}),
    ("mode_not_active", {"bundle": replace(BUNDLE, issuers=(
        replace(trust_samples.ISSUER, status=IssuerStatus.SUSPENDED),))}),
    ("no_bundle", {"bundle": None}),
    ("bundle_signature", {"bundle": Trouble("bundle_signature")}),
    ("bundle_expired", {"now": BUNDLE.expires + timedelta(days=1)}),
    ("mode_bundle_expired", {"now": BUNDLE.expires + timedelta(days=1)}),
    ("bundle_refresh", {"now": BUNDLE.refresh_by + timedelta(days=1)}),
    ("mail_no_password", {"mail": MailFacts("smtp.x", 587, "a@b.c", (
        Trouble("mail_no_password", {"path": "x"}),))}),
    ("config_mail_server", {"mail": Trouble("config_mail_server", {"path": "x", "name": "y"})}),
    ("fault_chain", {"trail_faults": (Trouble("fault_chain", {"row": 3}),)}),
    ("clock_early", {"now": datetime(2020, 1, 1, tzinfo=UTC)}),
    ("clock_back", {"last_record": NOW + timedelta(days=1)}),
    ("queue_stopped", {"queues": (replace(QUEUE, stopped=True),)}),
    ("dumpable", {"dumpable": True}),
    ("disk_low", {"free": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "changes"), ACTS, ids=[code for code, _ in ACTS])
def test_what_somebody_must_do(code: str, changes: dict[str, Any]) -> None:
    assert code in codes(replace(FACTS, **changes), Weight.ACT)


TOLD: list[tuple[str, dict[str, Any]]] = [
    ("held", {"holder": Trouble("state_locked", {"pid": "7", "command": "iies-tui"})}),
    ("pepper_file", {"pepper": "file"}),
    ("pepper_file_same_disk", {"pepper": "file_same_disk"}),
    ("no_issuer", {"issuers": ()}),
    ("not_enrolled", {"issuers": (replace(GOOD, issuer=replace(ISSUER, kid=None)),)}),
    ("no_recovery_code", {"issuers": (replace(GOOD, recovery=False),)}),
    ("cups_none", {"queues": Trouble("cups_down")}),
    ("swap", {"swaps": ("/dev/sda2",)}),
]


@pytest.mark.parametrize(("code", "changes"), TOLD, ids=[code for code, _ in TOLD])
def test_what_the_owner_weighs(code: str, changes: dict[str, Any]) -> None:
    facts = replace(FACTS, **changes)
    assert code in codes(facts, Weight.TOLD) and not codes(facts, Weight.ACT)


def test_every_finding_has_words() -> None:
    own = {code for code, _ in [*ACTS, *TOLD]} - {"too_open", "pepper_missing", "bundle_signature"}
    own |= {f"mode_{reason.value}" for reason in ModeReason if reason.value != "no_bundle"}
    own |= {one.code for one in examine(FACTS)} | {"pepper_none", "trail_none"}
    own -= {"mail_no_password", "config_mail_server"}  # errors have words of their own
    missing = [c for c in own if not c.startswith("fault_") and not has(f"doctor.{c}")]
    assert missing == []
    # And on the screens, at sign-on and in the status line, what the clerk can do.
    for table in ("mode", "mode_short"):
        assert [r for r in ModeReason if not has(f"{table}.{r.value}")] == []
