"""How long the insurer look-up takes: ``python -m tests.bench.insurers [names]``, milliseconds."""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Sequence

from iies_tui.adapters.trust.insurers import InsurerIndex
from iies_tui.domain.insurer import Insurer

PREFIXES = (
    "N",
    "MUT CAS",
    "NORTH CO",
    "I C",
    "NOR",
    "NORTH COU",
    "COU NOR",
    "INS CO",
    "A B",
    "MUT FIRE NOR",
    "90",
    "ZZZ",
)
SLIPS = ("NROTH COUNTRY", "NORTH CONTRY MUT", "HARVAST", "RIVERSIED INSURANCE COMPANY", "QQQQQQQQ")


def fictional_names(count: int, seed: int = 1) -> list[Insurer]:
    """Invented insurers with invented syllables, so that words are many and names differ."""
    chance = random.Random(seed)
    syllables = [a + b for a in "BCDFGHKLMNPRSTVW" for b in ("A", "E", "IN", "O", "UR", "AND")]
    places = ["".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(count // 3)]
    places += [
        "NORTH",
        "COUNTRY",
        "RIVERSIDE",
        "HARVEST",
        "EMPIRE",
        "LAKE",
        "VALLEY",
        "GRANITE",
    ] * (max(1, count // 400))
    kinds = ("INS CO", "INSURANCE COMPANY", "MUTUAL INS CO", "MUT FIRE INS CO", "CAS & SURETY CO")
    return [
        Insurer(
            f"{number % 1000:03d}",
            f"{chance.choice(places)} {chance.choice(places)} {chance.choice(kinds)}",
        )
        for number in range(count)
    ]


def milliseconds(index: InsurerIndex, queries: Sequence[str], rounds: int) -> dict[str, float]:
    """The median processor time of each query, the whole call as the screen makes it."""
    times = {}
    for query in queries:
        taken = []
        for _ in range(rounds):
            start = time.thread_time()
            index.find(query, 50)
            taken.append((time.thread_time() - start) * 1000)
        times[query] = round(statistics.median(taken), 3)
    return times


def main() -> None:
    """Print the figures for a list of the usual size and one a hundred times as long."""
    counts = [int(argument) for argument in sys.argv[1:]] or [1_000, 100_000]
    for count in counts:
        insurers = fictional_names(count)
        start = time.perf_counter()
        index = InsurerIndex(insurers)
        print(f"{count} names: built in {(time.perf_counter() - start) * 1000:.0f} ms")
        print("  prefixes", milliseconds(index, PREFIXES, 7))
        print("  slips   ", milliseconds(index, SLIPS, 5))


if __name__ == "__main__":
    main()
