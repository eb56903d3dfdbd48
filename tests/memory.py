"""What root finds in our processes' memory: every form in which a secret could stand there."""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

_READABLE = ("r--", "rw-", "r-x", "rwx")
_BLOCK = 4 * 1024 * 1024


def forms(secret: bytes) -> dict[str, bytes]:
    """As it is, in UTF-16 and UTF-32 as wide strings keep it, in hexadecimal and base 64."""
    found = {"raw": secret, "hex": secret.hex().encode(), "HEX": secret.hex().upper().encode()}
    found["base64"] = base64.b64encode(secret)
    try:
        text = secret.decode("ascii")
    except UnicodeDecodeError:
        return found
    return {
        **found,
        "utf-16-le": text.encode("utf-16-le"),
        "utf-16-be": text.encode("utf-16-be"),
        "utf-32-le": text.encode("utf-32-le"),
    }


def processes(mark: str) -> list[int]:
    """Every process whose command line names ``mark`` (a state directory of ours)."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if mark.encode() in command:
            found.append(int(entry.name))
    return found


def regions(pid: int) -> Iterator[tuple[int, int]]:
    """(start, end) of what can be read. A file's pages that nobody wrote to hold no secret."""
    for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
        span, mode, _, _, inode, *_ = [*line.split(maxsplit=5), ""]
        if mode[:3] not in _READABLE or (inode != "0" and mode[1] != "w"):
            continue
        if line.endswith(("[vvar]", "[vsyscall]", "[vvar_vclock]")):
            continue
        start, end = (int(part, 16) for part in span.split("-"))
        yield start, end


def search(pids: list[int], secrets: Mapping[str, bytes]) -> tuple[list[str], float, int]:
    """(what was found where, seconds, bytes read). Processes that end meanwhile hold nothing."""
    begun, read, found = time.monotonic(), 0, []
    needles = {
        f"{name} {form}": data
        for name, secret in secrets.items()
        for form, data in forms(secret).items()
    }
    overlap = max(map(len, needles.values()))
    for pid in pids:
        try:
            spans = list(regions(pid))
            memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
        except (FileNotFoundError, ProcessLookupError):
            continue
        try:
            for start, end in spans:
                at = start
                while at < end:
                    try:
                        data = os.pread(memory, min(_BLOCK + overlap, end - at), at)
                    except OSError:
                        break
                    if not data:
                        break
                    read += len(data)
                    found += [f"{name} in {pid}" for name, one in needles.items() if one in data]
                    at += _BLOCK
        finally:
            os.close(memory)
    return found, time.monotonic() - begun, read
