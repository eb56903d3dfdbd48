"""A card's face as a verifier gives it: in a JSON file, or typed from the paper, field by field."""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path

from iies_tui.cli.speech import plain
from iies_tui.domain import strict_json
from iies_tui.domain.errors import Refused, WrongUsage
from iies_tui.domain.face import Face, is_check_code
from iies_tui.text import words

MAX_FILE = 65_536
CHECK_CODE = "check_code"
NAMES = (*(field.name for field in fields(Face)), CHECK_CODE)


def typed_faces(arguments: argparse.Namespace) -> tuple[tuple[Face, str], ...]:
    """What ``--face`` or ``--type-face`` gives, nothing without them. Refused ``face_file``."""
    if arguments.face:
        return (_read(arguments.face),)
    if not arguments.type_face:
        return ()
    if "-" in arguments.sources:
        raise WrongUsage("face_with_digits")
    return (_ask(),)


def _read(path: str) -> tuple[Face, str]:
    """An object with the fields of the face and ``check_code``; a field left out is empty."""
    try:
        with Path(path).open("rb") as file:
            given = strict_json.load(file.read(MAX_FILE + 1), strict_json.Bounds(MAX_FILE))
    except OSError as error:
        raise Refused("cannot_read", path=path, reason=error.strerror or "") from error
    except strict_json.NotStrict as error:
        raise Refused("face_file", path=path, reason="JSON") from error
    if not isinstance(given, dict):
        raise Refused("face_file", path=path, reason="JSON")
    for name, value in given.items():
        if name not in NAMES or not isinstance(value, str):
            raise Refused("face_file", path=path, reason=ascii(name)[:40])
    code = given.pop(CHECK_CODE, "")
    if not is_check_code(code):
        raise Refused("face_file", path=path, reason=CHECK_CODE)
    return Face(**{name: given.get(name, "") for name in NAMES if name != CHECK_CODE}), code


def _ask() -> tuple[Face, str]:
    values: dict[str, str] = {}
    for name in NAMES:
        question = words(f"face_field.{name}")
        try:
            values[name] = input(f"{plain(question)}: ").strip()
        except EOFError as error:
            raise Refused("face_file", path="-", reason=name) from error
        if name == CHECK_CODE and not is_check_code(values[name]):
            raise Refused("face_file", path="-", reason=name)
    code = values.pop(CHECK_CODE)
    return Face(**values), code
