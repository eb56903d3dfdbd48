"""The ``iies-tui`` command: which words it takes, which room does the work, which exit code.

Nothing heavy is imported before its command runs: the parser names modules, and only the module of
the command that was given is loaded.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

from iies_tui.cli.parser import build
from iies_tui.cli.speech import explain
from iies_tui.domain.errors import IiesError, MachineFailed


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. 0 done, 1 refused with reasons, 2 wrong usage, 3 the machine failed."""
    words = list(sys.argv[1:] if argv is None else argv)
    arguments = build().parse_args(words)
    try:
        module = importlib.import_module(f"iies_tui.cli.{arguments.module}")
        return int(getattr(module, arguments.function)(arguments))
    except IiesError as error:
        explain(error, json_wanted=getattr(arguments, "json", False))
        return error.exit_code
    except KeyboardInterrupt:
        explain(MachineFailed("interrupted"), json_wanted=False)
        return 3
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # nobody reads: nothing to flush at exit
        return 3
    except Exception as error:  # noqa: BLE001 (the process's edge)
        explain(_unexpected(error), json_wanted=getattr(arguments, "json", False))
        return 3


def _unexpected(error: Exception) -> MachineFailed:
    """What went wrong and where in our code, never the values it went wrong with."""
    from iies_tui.domain.errors import place_of

    return MachineFailed("unexpected", kind=type(error).__name__, place=place_of(error))
