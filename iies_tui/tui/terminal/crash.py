"""A crash in one line that holds nothing of the clerk's work."""

from __future__ import annotations

from pathlib import PurePath


def code_of(error: BaseException) -> str:
    """``KeyError-generator-120``: kind, file and line of our own code where it got to.

    Never the message, which may quote a field, and never a local variable.
    """
    error = getattr(error, "error", None) or error
    place = ""
    step = error.__traceback__
    while step is not None:
        path = PurePath(step.tb_frame.f_code.co_filename)
        if "iies_tui" in path.parts or not place:
            place = f"{path.stem}-{step.tb_lineno}"
        step = step.tb_next
    return "-".join(part for part in (type(error).__name__, place) if part)
