"""A session's batches for the screens: cards one by one, wrong rows where they are wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from iies_tui.session import protocol
from tests.support.fake_session import FakeSession, card_of

DIGEST = "d" * 64
REQUEST: protocol.Json = {
    "registrants": [],
    "organization": {"name": "ELSEWHERE HAULING LLC"},
    "icc": "901",
    "policy": "FL-7654321-01",
    "effective": "2026-12-01",
    "expiration": "2027-12-01",
}


def problem(row: int, column: str, code: str, **params: str | int) -> protocol.ProblemInfo:
    return protocol.ProblemInfo(field=column, code=code, params=params, row=row)


@dataclass
class FakeBatches:
    """``problems`` and ``repeated`` are told with the first rows that are checked; ``steps`` are
    answered before the cards come (a printer that waits, a row that is refused)."""

    rows: int = 5
    problems: list[protocol.ProblemInfo] = field(default_factory=list)
    repeated: list[protocol.ProblemInfo] = field(default_factory=list)
    notes: list[protocol.NoteInfo] = field(default_factory=list)
    steps: list[protocol.BatchStepped] = field(default_factory=list)
    known: protocol.BatchInfo | None = None
    listed: list[protocol.BatchInfo] = field(default_factory=list)
    pause: float = 0.0
    heading: protocol.Failed | None = None
    begin_fails: list[protocol.Failed] = field(default_factory=list)
    looked: int = 0
    order: protocol.BeginBatch | None = None
    cards: list[protocol.CardInfo] = field(default_factory=list)
    given_up: bool = False

    def session(self, **fields: Any) -> FakeSession:
        script: dict[type[Any], Callable[..., Any]] = {
            protocol.ReadBatch: self._read,
            protocol.CheckBatch: self._check,
            protocol.SaveProblems: lambda _: protocol.ProblemsSaved(
                "/media/stick/fleet-problems.csv"
            ),
            protocol.BeginBatch: self._begin,
            protocol.StepBatch: self._step,
            protocol.ListBatches: lambda _: protocol.BatchList(self.batches()),
            protocol.BatchCards: lambda wanted: protocol.BatchCardList(
                self.cards[wanted.start : wanted.start + wanted.limit],
                list(range(2, 2 + len(self.cards))),
            ),
            protocol.GiveUpBatch: self._give_up,
            protocol.HandOverBatch: self._hand_over,
        }
        return FakeSession(script={**script, **fields.pop("script", {})}, **fields)

    def info(self, **changes: Any) -> protocol.BatchInfo:
        done = len(self.cards)
        state = "GIVEN_UP" if self.given_up else "DONE" if done >= self.rows else "OPEN"
        order = self.order or protocol.BeginBatch()
        made = protocol.BatchInfo(
            number=3,
            digest=DIGEST,
            rows=self.rows,
            done=done,
            skipped=0,
            state=state,
            begun="2026-11-22T15:00:00Z",
            folder="/home/clerk/IIES cards/batch-0003",
            queue=order.queue,
            one_pdf=order.one_pdf,
            fax_sheet=order.fax_sheet,
            printed=sum(card.paper.state == "COMPLETED" for card in self.cards),
            doubtful=sum(card.paper.state == "UNKNOWN" for card in self.cards),
        )
        return replace(made, **changes)

    def batches(self) -> list[protocol.BatchInfo]:
        now = [self.info()] if self.order or self.known or self.cards else []
        return [*now, *self.listed]

    def _read(self, wanted: protocol.ReadBatch) -> Any:
        if self.heading is not None:
            return self.heading
        self.looked = 0
        return protocol.BatchFound(
            digest=DIGEST, rows=self.rows, before=len(self.cards), known=self.known
        )

    async def _check(self, _: Any) -> protocol.BatchChecked:
        await asyncio.sleep(self.pause)
        total, first = self.rows - len(self.cards), self.looked == 0
        self.looked = min(total, self.looked + max(1, self.rows // 2))
        return protocol.BatchChecked(
            looked=self.looked,
            total=total,
            whole=self.looked >= total,
            problems=self.problems if first else [],
            repeated=self.repeated if first else [],
            wrong_rows=len({one.row for one in self.problems}),
            notes=self.notes,
        )

    def _begin(self, order: protocol.BeginBatch) -> Any:
        if self.begin_fails:
            return self.begin_fails.pop(0)
        self.order = order
        return protocol.BatchBegun(self.info())

    async def _step(self, _: Any) -> protocol.BatchStepped:
        await asyncio.sleep(self.pause)
        if self.steps:
            return self.steps.pop(0)
        if len(self.cards) >= self.rows or self.given_up:
            return protocol.BatchStepped(phase="done", done=len(self.cards), total=self.rows)
        number = len(self.cards) + 1
        card = card_of(REQUEST, number, f"2003 HONDA 1HGCM82603A{number:06d}")
        queue = self.order.queue if self.order else ""
        self.cards.append(
            replace(card, paper=replace(card.paper, state="COMPLETED" if queue else "SAVED"))
        )
        return protocol.BatchStepped(
            phase="issuing",
            done=len(self.cards),
            total=self.rows,
            card=self.cards[-1],
            row=number + 1,
        )

    def _give_up(self, _: Any) -> protocol.BatchBegun:
        self.given_up = True
        return protocol.BatchBegun(self.info())

    def _hand_over(self, _: Any) -> protocol.BatchHanded:
        at = next(at for at, card in enumerate(self.cards) if card.paper.state == "COMPLETED")
        self.cards[at] = replace(
            self.cards[at], paper=replace(self.cards[at].paper, state="HANDED_OVER")
        )
        info = self.info()
        return protocol.BatchHanded(info.printed, info)
