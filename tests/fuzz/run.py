"""Fuzz one parser: ``python -m tests.fuzz.run TARGET [libFuzzer options] [CORPUS…]``.

Ends with another exit code than 0 on a find, and leaves the input in the working directory. An
input may cost one second of processor time; ``-rss_limit_mb`` and ``-timeout`` guard the rest.
"""

from __future__ import annotations

import sys
import time

import atheris

with atheris.instrument_imports(include=["iies_tui"]):
    from tests.fuzz import targets

SECONDS = 1.0


class TooSlow(Exception):
    """An input cost more than its second."""


def main() -> None:
    """Fuzz until an option or a find ends it."""
    target = targets.TARGETS[sys.argv[1]]
    clock = time.process_time

    def one(data: bytes) -> None:
        began = clock()
        target(data)
        if clock() - began > SECONDS:
            raise TooSlow(len(data))

    atheris.Setup([sys.argv[0], *sys.argv[2:]], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
