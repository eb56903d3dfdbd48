"""From a keystroke to the insurer list, as the screen gets it: ``python -m tests.bench.look_up``.

A session process of its own on a training terminal with 1,000 insurers, asked over its socket;
milliseconds of wall time from the request to the decoded reply, and 60 frames a second are 16.7.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from iies_tui.session import protocol
from iies_tui.session.client import SessionClient, session_command
from tests.bench.insurers import PREFIXES, SLIPS, fictional_names

COUNT, LIMIT, ROUNDS = 1000, 50, 15


async def figures(state: Path) -> dict[str, float]:
    """Median and slowest milliseconds over all queries."""
    client = SessionClient(session_command(sys.executable, state))
    client.start()
    try:
        made = await client.ask(protocol.MakeTraining(str(state)))
        insurers = fictional_names(COUNT)
        csv = state / "many.csv"
        csv.write_text("".join(f'{one.icc},"{one.name}"\n' for one in insurers))
        await client.ask(protocol.ImportInsurers(str(csv)))
        pin = bytearray(made.pin.encode())
        await client.ask(protocol.SignOn(made.license), [pin, bytearray(pin)])
        taken = []
        for _ in range(ROUNDS):
            for query in (*PREFIXES, *SLIPS):
                began = time.perf_counter()
                await client.ask(protocol.FindInsurers(query, LIMIT))
                taken.append((time.perf_counter() - began) * 1000)
    finally:
        client.kill()
    first, taken = taken[0], sorted(taken)
    return {
        "insurers": COUNT,
        "first_ms": round(first, 2),
        "median_ms": round(statistics.median(taken), 2),
        "p99_ms": round(taken[int(len(taken) * 0.99)], 2),
        "slowest_ms": round(taken[-1], 2),
    }


def measure() -> dict[str, float]:
    """On a terminal in a temporary directory."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["XDG_CONFIG_HOME"] = home
        state = Path(home) / "state"
        return asyncio.run(figures(state))


if __name__ == "__main__":
    print(measure())
