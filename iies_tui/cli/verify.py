"""``iies-tui verify``: verdicts on pages, pictures, faxes, scanner keystrokes; needs no lock."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

from iies_tui import bootstrap
from iies_tui.cli.faces import typed_faces
from iies_tui.cli.secrets import authority_passphrase
from iies_tui.cli.speech import answer, message, say, tell
from iies_tui.domain import new_york
from iies_tui.domain.bundle import Bundle
from iies_tui.domain.envelope import Verdict
from iies_tui.domain.errors import IiesError, Refused
from iies_tui.issuance.checking.verify import Faces, SymbolReport, Verify
from iies_tui.text import has, words

ENDINGS = (".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff")
_BAR = 40


def verify(arguments: argparse.Namespace) -> int:
    """0 where there are symbols and every one is GENUINE, 1 otherwise."""
    return report_cards(arguments)


def report_cards(
    arguments: argparse.Namespace, *, own_record: bool = False, need_claims: bool = False
) -> int:
    """Judge and tell: by the bundle, or with ``own_record`` by what the authority has on record.

    With ``need_claims``, 0 means that every symbol's claims were opened.
    """
    faces = typed_faces(arguments)
    with _judging(arguments, own_record) as verifier:
        reports, unread = _judge_all(arguments.sources, verifier, faces)
    if arguments.json:
        answer({"symbols": [report.as_json() for report in reports], "unread": unread})
    else:
        for report, same in groupby(reports):
            _print(report, len(list(same)))
        if len({report.source for report in reports}) + len(unread) > 1:
            _summary(reports, len(unread))
    fine = all(report.claims if need_claims else report.good for report in reports)
    specimens = any(report.verdict is Verdict.SPECIMEN for report in reports)
    if specimens and not (fine or arguments.json or need_claims):
        say(words("cli.verify_specimen"))
    return 0 if reports and not unread and fine else 1


@contextlib.contextmanager
def _judging(arguments: argparse.Namespace, own_record: bool) -> Iterator[Verify]:
    def bundle() -> Bundle | None:
        state = bootstrap.state_directory(arguments.state)
        return bootstrap.installed_bundle(state, arguments.bundle)

    if arguments.authority is None:
        yield bootstrap.verifier(bundle())
        return
    passphrase = authority_passphrase(arguments.authority, arguments.passphrase_file)
    with bootstrap.authority(Path(arguments.authority)) as office:
        opener = office.opener(passphrase, bootstrap.profile())
        trusted = office.own_bundle() if own_record else bundle()
        yield bootstrap.verifier(trusted, opener)


def _judge_all(
    sources: list[str], verify: Verify, faces: Faces
) -> tuple[list[SymbolReport], list[dict[str, str]]]:
    """Of several, one that cannot be read does not keep the others from being judged."""
    if len(sources) == 1:
        return _judge(sources[0], verify, faces)
    reports: list[SymbolReport] = []
    unread: list[dict[str, str]] = []
    for source in sources:
        try:
            found, lost = _judge(source, verify, faces)
        except IiesError as error:
            found, lost = [], [_unread(source, error)]
        reports += found
        unread += lost
    return reports, unread


def _unread(source: str, error: IiesError) -> dict[str, str]:
    tell(f"{source}: {message(error.code, error.params)}")
    return {"source": source, "code": error.code}


def _judge(
    source: str, verify: Verify, faces: Faces
) -> tuple[list[SymbolReport], list[dict[str, str]]]:
    """Reports, and the files of a directory that could not be read at all."""
    if source == "-":
        data = bootstrap.read_whole(sys.stdin.buffer, "-")
        return list(bootstrap.verify_data("-", data, verify, faces)), []
    files = files_of(source)
    if not Path(source).is_dir():
        return list(bootstrap.verify_source(files[0], verify, faces)), []
    reports: list[SymbolReport] = []
    unread = []
    for number, file in enumerate(files, start=1):
        _progress(number, len(files))
        try:
            reports += bootstrap.verify_source(file, verify, faces)
        except IiesError as error:
            unread.append(_unread(str(file), error))
    return reports, unread


def files_of(source: str) -> list[Path]:
    """A file itself; of a directory its PDFs and pictures. Raise Refused where it has none."""
    path = Path(source)
    if not path.is_dir():
        return [path]
    try:
        files = sorted(one for one in path.iterdir() if one.suffix.lower() in ENDINGS)
    except OSError as error:
        raise Refused("cannot_read", path=source, reason=error.strerror or "") from error
    if not files:
        raise Refused("nothing_to_verify", path=source)
    return files


def _progress(number: int, total: int) -> None:
    """A bar on standard error, where somebody looks at it."""
    if sys.stderr.isatty():
        full = _BAR * number // total
        bar = f"[{'#' * full}{'.' * (_BAR - full)}]"
        end = "\n" if number == total else ""
        told = words("cli.verifying", number=number, total=total)
        print(f"\r{bar} {told}", end=end, file=sys.stderr, flush=True)


def _summary(reports: list[SymbolReport], unread: int) -> None:
    found = [report for report in reports if report.verdict is not Verdict.UNREADABLE]
    files = len({report.source for report in reports}) + unread
    good = sum(report.good for report in found)
    say(words("cli.verify_summary", files=files, symbols=len(found), good=good))
    if unread:
        say(words("cli.unread", count=unread))


def _print(report: SymbolReport, times: int) -> None:
    same = "" if times == 1 else f"   ({words('verify.identical', count=times)})"
    say(f"{report.source}, page {report.page}: {report.verdict}{same}")
    key = f"verify_reason.{report.reason}"
    say("  " + (words(key) if has(key) else report.reason))
    if report.serial:
        issued = new_york.written(report.issued_at) if report.issued_at else "?"
        mode = report.mode.name if report.mode else "?"
        say("  " + words("cli.symbol", serial=report.serial, mode=mode, issued=issued))
        say("  " + words("cli.issued_by", license=report.license or "?", kid=_hex(report.kid)))
        key = f"face_reason.{report.face_reason}" if report.face_reason else f"face.{report.face}"
        told = words(key)
        say("  " + words("cli.face", face=report.face.value, told=told))
    if report.bundle:
        age = report.bundle
        say("  " + words("cli.bundle_age", name=age.authority, version=age.version, days=age.days))
    for name, value in (report.claims or {}).items():
        if shown := _claim(value):
            say(f"    {name:<12} {shown}")


def _hex(kid: bytes | None) -> str:
    return kid.hex() if kid else "?"


def _claim(value: object) -> str:
    """A claim's values in a line, however deep; nothing for what is empty.

    A name is told once where what is printed is its parts; shortened, both are told.
    """
    if isinstance(value, Mapping):
        parts = [str(value.get(name, "")) for name in ("last", "first", "middle", "suffix")]
        if sorted(str(value.get("printed", "")).replace(",", " ").split()) == sorted(
            " ".join(parts).split()
        ):
            value = {name: one for name, one in value.items() if name != "printed"}
        return " ".join(filter(None, map(_claim, value.values())))
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, map(_claim, value)))
    return "" if value is None else str(value)
