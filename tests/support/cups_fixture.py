"""A private cupsd on the terminal's own settings (``kiosk/cups``), with a back end of ours.

Own ServerRoot, spool and socket under a short scratch directory; runs as root or as anybody; ended
by its process id. The back end writes each printed job's bytes to ``printed/`` and does what
``orders/<queue>`` says: an exit code, a hang, a printer's state.
"""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.places import KIOSK

SETTINGS = KIOSK / "cups"
SYSTEM_BIN = Path("/usr/lib/cups")
SCHEME = "iies-test"

# argv: job, user, title, copies, options [, file]. One directory for all queues, told by the URI
# (iies-test:/DIRECTORY?QUEUE). An order is lines of "state TEXT" (to CUPS), "sleep SECONDS",
# "once" (forget the order when begun), "after" (print before the rest), "exit CODE".
BACKEND = """#!/bin/sh
if [ $# -eq 0 ]; then
    echo 'direct iies-test "Unknown" "Test printer"'
    exit 0
fi
rest=${DEVICE_URI#iies-test:}
dir=${rest%%\\?*}
queue=${rest##*\\?}
order=$dir/orders/$queue
print() {
    cat ${6:+"$6"} > "$dir/printed/.$1.$$" || exit 1
    mv "$dir/printed/.$1.$$" "$dir/printed/$(date +%s%N)-$queue-$1-$3"
}
echo "$1 $5" >> "$dir/options"
code=0
printed=
if [ -f "$order" ]; then
    lines=$(cat "$order")
    echo "$1" >> "$dir/begun"
    while read -r word value; do
        case $word in
        state) echo "STATE: $value" >&2 ;;
        sleep)
            sleep "$value" &
            child=$!
            trap 'kill $child; exit 1' TERM
            wait $child
            trap - TERM ;;
        once) rm -f "$order" ;;
        after) print "$@"; printed=yes ;;
        exit) code=$value ;;
        esac
    done <<END
$lines
END
    [ "$code" = 0 ] || exit "$code"
fi
[ -n "$printed" ] || print "$@"
exit 0
"""

# A PDF printer: bytes pass unchanged.
PPD = """*PPD-Adobe: "4.3"
*FormatVersion: "4.3"
*FileVersion: "1.0"
*LanguageVersion: English
*LanguageEncoding: ISOLatin1
*PCFileName: "IIES.PPD"
*Manufacturer: "Test"
*Product: "(Test)"
*ModelName: "Test PDF"
*ShortNickName: "Test PDF"
*NickName: "Test PDF"
*PSVersion: "(3010.000) 0"
*LanguageLevel: "3"
*ColorDevice: False
*DefaultColorSpace: Gray
*FileSystem: False
*cupsFilter: "application/pdf 0 -"
*OpenUI *PageSize/Media Size: PickOne
*OrderDependency: 10 AnySetup *PageSize
*DefaultPageSize: Letter
*PageSize Letter/US Letter: ""
*CloseUI: *PageSize
*OpenUI *PageRegion: PickOne
*OrderDependency: 10 AnySetup *PageRegion
*DefaultPageRegion: Letter
*PageRegion Letter/US Letter: ""
*CloseUI: *PageRegion
*DefaultImageableArea: Letter
*ImageableArea Letter/US Letter: "0 0 612 792"
*DefaultPaperDimension: Letter
*PaperDimension Letter/US Letter: "612 792"
*DefaultFont: Courier
"""


def _option(keyword: str, default: str, *others: str, group: str = "Finishing") -> str:
    """An option of a driver's own, as office printers have them."""
    choices = "".join(f'*{keyword} {one}/{one}: ""\n' for one in (default, *others))
    return (
        f"*OpenGroup: {group}\n*OpenUI *{keyword}/{keyword}: PickOne\n"
        f"*OrderDependency: 20 AnySetup *{keyword}\n*Default{keyword}: {default}\n"
        f"{choices}*CloseUI: *{keyword}\n*CloseGroup: {group}\n"
    )


# What CUPS' own filters make of a page, still as a PDF, for a printer that has margins.
FILTERED = PPD.replace("application/pdf 0 -", "application/vnd.cups-pdf 0 -").replace(
    "0 0 612 792", "18 18 594 774"
)
for _size, _a4 in (
    ('*PageSize Letter/US Letter: ""', '*PageSize A4/A4: ""'),
    ('*PageRegion Letter/US Letter: ""', '*PageRegion A4/A4: ""'),
    ('*ImageableArea Letter: "18 18 594 774"', '*ImageableArea A4: "18 18 577 824"'),
    ('*PaperDimension Letter: "612 792"', '*PaperDimension A4: "595 842"'),
):
    FILTERED = FILTERED.replace(_size, f"{_size}\n{_a4}")
OFFICE = (
    FILTERED
    + _option("Duplex", "DuplexTumble", "None", "DuplexNoTumble")
    + _option("MirrorPrint", "True", "False")
    + _option("ABWatermark", "Confidential", "Draft", "NoWatermark")
    + _option("StapleLocation", "NorthWest", "None")
    + _option("PrintGrayscale", "True", "False")
    + _option("OptionDuplexer", "True", "False", group="InstallableOptions")
)

PPDS = {
    "test": PPD,
    "filtered": FILTERED,
    "office": OFFICE,
    "stubborn": FILTERED + _option("Overlay", "Letterhead", "Invoice"),
    "a4": PPD.replace("Letter/US Letter", "A4/A4")
    .replace("Letter", "A4")
    .replace("612 792", "595 842"),
    "fax": PPD + "*cupsFax: True\n",
    # As cups-pdf's: what the filters make of a page in PostScript, for a distiller.
    "postscript": PPD.replace("application/pdf", "application/vnd.cups-postscript"),
}


@dataclass(frozen=True, slots=True)
class Printed:
    """One job that came out: its number, its name and its bytes, in the order of printing."""

    queue: str
    job: int
    title: str
    data: bytes


@dataclass(slots=True)
class PrivateCups:
    """A cupsd of the tests' own. ``socket`` is what ``CUPS_SERVER`` takes."""

    root: Path
    socket: Path = field(init=False)
    _process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.socket = self.root / "sock"

    # -- the server ------------------------------------------------------------------------

    def prepare(self) -> None:
        for name in ("etc", "cache", "state", "spool", "spool/tmp", "log", "orders", "printed"):
            (self.root / name).mkdir(parents=True)
        binaries = self.root / "bin"
        binaries.mkdir()
        for entry in SYSTEM_BIN.iterdir():
            if entry.name != "backend":
                (binaries / entry.name).symlink_to(entry)
        (binaries / "backend").mkdir()
        (binaries / "backend" / "ipp").symlink_to(SYSTEM_BIN / "backend" / "ipp")
        backend = binaries / "backend" / SCHEME
        backend.write_text(BACKEND)
        # For its owner alone: a root's cupsd then runs it as root, who may write to the scratch.
        backend.chmod(0o700)
        for name, text in PPDS.items():
            (self.root / f"{name}.ppd").write_text(text)
        (self.root / "etc" / "cupsd.conf").write_text(self._cupsd_conf())
        (self.root / "etc" / "cups-files.conf").write_text(self._cups_files_conf())

    def _cupsd_conf(self) -> str:
        lines = (SETTINGS / "cupsd.conf").read_text().splitlines()
        kept = [line for line in lines if not line.startswith("Listen ")]
        return "\n".join([f"Listen {self.socket}", *kept, ""])

    def _cups_files_conf(self) -> str:
        lines = (SETTINGS / "cups-files.conf").read_text().splitlines()
        ours = ("SystemGroup", "LogFileGroup", "AccessLog", "ErrorLog", "PageLog")
        kept = [line for line in lines if not line.startswith(ours)]
        group = grp.getgrgid(os.getegid()).gr_name
        root, places = self.root, []
        if os.geteuid() != 0:
            places += [f"User {pwd.getpwuid(os.geteuid()).pw_name}", f"Group {group}"]
        places += [
            f"SystemGroup {group}",
            f"ServerRoot {root}/etc",
            f"ServerBin {root}/bin",
            f"CacheDir {root}/cache",
            f"StateDir {root}/state",
            f"RequestRoot {root}/spool",
            f"TempDir {root}/spool/tmp",
            f"AccessLog {root}/log/access",
            f"ErrorLog {root}/log/error",
            f"PageLog {root}/log/page",
        ]
        return "\n".join([*kept, *places, ""])

    def start(self, as_unit: bool = True) -> None:
        """Start it as the terminal's unit does, and wait until it answers."""
        self.socket.unlink(missing_ok=True)
        before = [SETTINGS / "before-start.sh", self.root / "cache", self.root / "spool"]
        if as_unit:
            subprocess.run(before, check=True)
        etc = self.root / "etc"
        with (self.root / "log" / "stderr").open("ab") as log:
            self._process = subprocess.Popen(
                ["cupsd", "-f", "-c", etc / "cupsd.conf", "-s", etc / "cups-files.conf"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin"},
                start_new_session=True,
            )
        self.wait_for(self._answers, "cupsd answers")

    def _answers(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise AssertionError(f"cupsd ended: {self.log()}")
        done = self.run("lpstat", "-r", check=False)
        return "is running" in done

    def kill(self) -> None:
        """SIGKILL to cupsd and to what it started (its own session): a crash."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def crash(self) -> None:
        """As ``kill``, and its back ends with it, as systemd does."""
        self.kill()
        self._end_back_ends()

    def stop_server(self) -> None:
        """Ended in an orderly way; ``start`` starts it again."""
        assert self._process is not None
        self._process.terminate()
        self._process.wait(120)
        self._end_back_ends()

    def pause(self) -> None:
        """It goes on accepting connections and answers nothing."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP)

    def resume(self) -> None:
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGCONT)

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            os.kill(self._process.pid, signal.SIGCONT)
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
        self.kill()
        self._end_back_ends()

    def _end_back_ends(self) -> None:
        """Back ends outlive a killed cupsd: ended by id, known by this server's own directory."""
        ours = os.fsencode(f"CUPS_SERVERBIN={self.root}/bin")
        for process in Path("/proc").iterdir():
            if not process.name.isdigit():
                continue
            with contextlib.suppress(OSError):
                if ours in (process / "environ").read_bytes().split(b"\0"):
                    os.kill(int(process.name), signal.SIGKILL)

    def log(self) -> str:
        return "\n".join(
            path.read_text(errors="replace")
            for name in ("stderr", "error")
            if (path := self.root / "log" / name).is_file()
        )

    # -- queues and what comes out ---------------------------------------------------------

    def run(self, *command: str, check: bool = True) -> str:
        """A CUPS command against this server; what it printed."""
        done = subprocess.run(
            command,
            env={**os.environ, "CUPS_SERVER": str(self.socket), "LC_ALL": "C"},
            capture_output=True,
            text=True,
            timeout=120,
        )
        if check and done.returncode != 0:
            raise AssertionError(f"{command}: {done.stderr}\n{self.log()}")
        return done.stdout

    def add_queue(self, name: str, *options: str, kind: str = "test") -> str:
        """A queue to our back end, started and accepting; ``kind`` of PPDS."""
        uri = f"{SCHEME}:{self.root}?{name}"
        ppd = str(self.root / f"{kind}.ppd")
        self.run("lpadmin", "-p", name, "-E", "-v", uri, "-P", ppd, *options)
        return name

    def order(self, queue: str, *lines: str) -> None:
        """What the back end does with the queue's next jobs (see BACKEND); none: prints."""
        path = self.root / "orders" / queue
        if lines:
            path.write_text("\n".join(lines) + "\n")
        else:
            path.unlink(missing_ok=True)

    def options(self) -> dict[int, str]:
        """What each job that a back end began was asked for, by its number."""
        lines = (self.root / "options").read_text().splitlines()
        return {int(job): asked for job, _, asked in (line.partition(" ") for line in lines)}

    def printed(self) -> list[Printed]:
        """Everything that came out so far."""
        found = []
        for path in sorted((self.root / "printed").iterdir()):
            if not path.name.startswith("."):
                _, queue, job, title = path.name.split("-", 3)
                found.append(Printed(queue, int(job), title, path.read_bytes()))
        return found

    def wait_for(self, test: Callable[[], bool], what: str, seconds: float = 120.0) -> None:
        """Poll ``test``; AssertionError with cupsd's log where it stays false."""
        end = time.monotonic() + seconds
        while not test():
            if time.monotonic() > end:
                raise AssertionError(f"not in {seconds} s: {what}\n{self.log()[-3000:]}")
            time.sleep(0.05)


@contextlib.contextmanager
def running_cups() -> Iterator[PrivateCups]:
    """A private cupsd; ``socket`` of it is for those who ask it."""
    # A socket's path has 108 bytes at most; pytest's own directories may be longer.
    root = Path(tempfile.mkdtemp(prefix="iies-cups-"))
    root.chmod(0o711)  # filters run as another user, under a cupsd of root's
    server = PrivateCups(root)
    try:
        server.prepare()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(root)


@pytest.fixture
def private_cups(monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateCups]:
    """A running private cupsd; ``CUPS_SERVER`` names it for this process and its children."""
    with running_cups() as server:
        monkeypatch.setenv("CUPS_SERVER", str(server.socket))
        yield server
