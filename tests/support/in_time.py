"""Bounds in seconds, measured on a machine that may have other work.

Whatever only has to happen at all is waited for in minutes. What a user relies on has its bound in
seconds; it is measured up to three times, because a program that is late is late each time and a
machine that is busy is not. A program that is always too slow fails; one that is late now and then
may pass here, and is found by the counts of ``--full`` (``tests/system/test_left_alone.py``).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

TRIES = 3


async def in_time(bound: float, measure: Callable[[], Awaitable[float]]) -> None:
    """AssertionError where each of TRIES measurements is more than ``bound`` seconds.

    ``measure`` raises where its run shows nothing: the work had ended before it was cut off.
    """
    took: list[float] = []
    while len(took) < TRIES:
        took.append(await measure())
        if took[-1] <= bound:
            return
    raise AssertionError(f"never within {bound} s: {took}")
