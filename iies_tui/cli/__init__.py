"""The ``iies-tui`` command: which words it takes, which room does the work, which exit code.

Nothing heavy is imported before its command runs: the parser names modules, and only the module of
the command that was given is loaded.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

from iies_tui.cli.parser import SESSION, build
from iies_tui.cli.speech import explain
from iies_tui.domain.errors import IiesError, MachineFailed
from iies_tui.session.hardening import no_core_dumps, quiet_interpreter


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. 0 done, 1 refused with reasons, 2 wrong usage, 3 the machine failed."""
    if argv is None:  # a process of our own
        no_core_dumps()
        quiet_interpreter()
    words = list(sys.argv[1:] if argv is None else argv)
    _fill_standard_files()
    code = _run(words)
    return code if _written_out() else MachineFailed.exit_code


def _run(words: list[str]) -> int:
    arguments = argparse.Namespace()
    try:
        arguments = build(session=SESSION in words).parse_args(words)
        module = importlib.import_module(f"iies_tui.cli.{arguments.module}")
        return int(getattr(module, arguments.function)(arguments))
    except IiesError as error:
        explain(error, **_wanted(arguments))
        return error.exit_code
    except KeyboardInterrupt:
        explain(MachineFailed("interrupted"), json_wanted=False)
        return 3
    except BrokenPipeError:
        return 3
    except Exception as error:  # noqa: BLE001 (the process's edge)
        explain(_unexpected(error), **_wanted(arguments))
        return 3


def _wanted(arguments: argparse.Namespace) -> dict[str, Any]:
    """How this command's errors are told."""
    return {
        "json_wanted": getattr(arguments, "json", False),
        "shape": getattr(arguments, "shape", None),
    }


def _fill_standard_files() -> None:
    """A file that we open must not get the number of a standard one that came closed."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _written_out() -> bool:
    """False where the answer did not reach whoever asked: a full disk, a reader who left."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
        return True
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or the interpreter tries again at its end
        if not isinstance(error, BrokenPipeError):
            lost = MachineFailed("answer_lost", reason=error.strerror or type(error).__name__)
            explain(lost, json_wanted=False)
        return False


def _unexpected(error: Exception) -> MachineFailed:
    """What went wrong and where in our code, never the values it went wrong with."""
    from iies_tui.domain.errors import place_of

    return MachineFailed("unexpected", kind=type(error).__name__, place=place_of(error))
