"""What root finds in our processes' memory: every form in which a secret could stand there."""

from __future__ import annotations

import base64
import contextlib
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_READABLE = ("r--", "rw-", "r-x", "rwx")


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
    """Every process whose command line names ``mark`` (a state directory of ours), and what they
    started, whatever that calls itself."""
    found = _named(mark)
    for pid in found:
        found += [child for child in _children(pid) if child not in found]
    return found


def _children(pid: int) -> list[int]:
    children: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            children += map(int, (task / "children").read_text().split())
    return children


def _named(mark: str) -> list[int]:
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


@dataclass(frozen=True, slots=True)
class Picture:
    """What stood in the memory of some processes; ``seconds`` is how long reading it took."""

    parts: list[tuple[int, bytes]]
    seconds: float

    @property
    def size(self) -> int:
        return sum(len(data) for _, data in self.parts)


def take(pids: list[int]) -> Picture:
    """Read it all, quickly; a process that ends meanwhile holds nothing."""
    begun = time.monotonic()
    parts: list[tuple[int, bytes]] = []
    for pid in pids:
        try:
            spans = list(regions(pid))
            memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
        except (FileNotFoundError, ProcessLookupError):
            continue
        try:
            for start, end in spans:
                with contextlib.suppress(OSError):
                    parts.append((pid, os.pread(memory, end - start, start)))
        finally:
            os.close(memory)
    return Picture(parts, time.monotonic() - begun)


def search(picture: Picture, secrets: Mapping[str, bytes]) -> list[str]:
    """What was found where."""
    return [
        f"{name} {form} in {pid}"
        for name, secret in secrets.items()
        for form, needle in forms(secret).items()
        for pid, data in picture.parts
        if needle in data
    ]
