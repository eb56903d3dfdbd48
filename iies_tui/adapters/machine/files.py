"""Files that are wholly old or wholly new, whatever dies in between.

Write to a temporary name in the same directory, flush it to the disk, rename it over the old one,
flush the directory. Every error of the disk becomes ``MachineFailed`` with what to do.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from pathlib import Path

from iies_tui.domain.errors import MachineFailed

SECRET_MODE = 0o600


def failed(error: OSError, path: Path | str, *, reading: bool = False) -> MachineFailed:
    """The error of the disk as one of ours: full, not allowed, or failed.

    ``reading``: nothing was to be written, so that it must not be said.
    """
    where = os.fspath(path)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return MachineFailed("disk_full", path=where)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return MachineFailed("not_readable" if reading else "not_allowed", path=where)
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return MachineFailed("no_such_path", path=where)
    return MachineFailed("disk_failed", path=where, reason=error.strerror or type(error).__name__)


def write_atomically(path: Path, data: bytes, mode: int = SECRET_MODE) -> None:
    """Replace ``path`` by ``data``, on disk on return. Raise MachineFailed; the old stays."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(handle, view) :]
            os.fsync(handle)
        finally:
            os.close(handle)
        temporary.replace(path)
        flush_directory(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise failed(error, path) from error


def move_into_place(staged: Path, path: Path) -> None:
    """Replace ``path`` by a file that is on disk already; on disk on return. Raise MachineFailed.

    Nothing where ``staged`` is not there: somebody else was first.
    """
    try:
        staged.replace(path)
        flush_directory(path.parent)
    except FileNotFoundError:
        return
    except OSError as error:
        raise failed(error, path) from error


def remove_leftovers(path: Path) -> None:
    """Remove what a kill in the middle of ``write_atomically(path)`` left. One writer only."""
    try:
        for leftover in path.parent.glob(f".{path.name}.*.new"):
            leftover.unlink(missing_ok=True)
    except OSError as error:
        raise failed(error, path) from error


def flush_directory(directory: Path) -> None:
    """Make a rename or an unlink in ``directory`` durable. Raise OSError."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_private(path: Path, limit: int) -> bytes | None:
    """A private file of at most ``limit`` bytes, None where there is none.

    Raise MachineFailed where it is a link, somebody else's, readable by others, or larger.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise MachineFailed("is_a_link", path=os.fspath(path)) from error
        raise failed(error, path, reading=True) from error
    try:
        _check_private(os.fstat(handle), path, stat.S_ISREG, 0o600)
        with os.fdopen(handle, "rb", closefd=False) as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise failed(error, path) from error
    finally:
        os.close(handle)
    if len(data) > limit:
        raise MachineFailed("file_too_large", path=os.fspath(path), limit=limit)
    return data


def destroy(path: Path, size: int) -> None:
    """Overwrite ``size`` bytes of a file and remove it, on disk on return; nothing where there is
    none. Raise MachineFailed."""
    try:
        # A link is not followed: what it leads to is not ours to overwrite.
        handle = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        return
    except OSError as error:
        raise failed(error, path) from error
    try:
        try:
            os.write(handle, bytes(size))
            os.fsync(handle)
        finally:
            os.close(handle)
        path.unlink()
        flush_directory(path.parent)
    except OSError as error:
        raise failed(error, path) from error


def remove_left_over(directory: Path) -> None:
    """Remove the temporaries that a writer which died left in ``directory``.

    Only for a directory with one writer, which the caller is. Raise MachineFailed.
    """
    try:
        for path in directory.glob(".*.new"):
            path.unlink()
    except OSError as error:
        raise failed(error, directory) from error


def private_directory(path: Path) -> Path:
    """Make ``path`` a directory of ours alone (0700), or check that it is one."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check_private(path.lstat(), path, stat.S_ISDIR, 0o700)
    except FileExistsError as error:
        raise MachineFailed("not_a_directory", path=os.fspath(path)) from error
    except OSError as error:
        raise failed(error, path) from error
    return path


def check_private_directory(path: Path) -> None:
    """A directory of ours alone (0700), or MachineFailed with the fix; nothing is made."""
    try:
        _check_private(path.lstat(), path, stat.S_ISDIR, 0o700)
    except OSError as error:
        raise failed(error, path) from error


def check_private_file(path: Path) -> None:
    """A file of ours alone (0600), or MachineFailed with the fix."""
    try:
        _check_private(path.lstat(), path, stat.S_ISREG, 0o600)
    except OSError as error:
        raise failed(error, path) from error


def check_private_tree(directory: Path) -> None:
    """Everything below is ours alone: no link, no other owner, nothing that others may read.

    A file that comes or goes meanwhile is none of ours to judge. Raise MachineFailed.
    """
    for path in directory.rglob("*"):
        try:
            is_directory = stat.S_ISDIR(path.lstat().st_mode)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise failed(error, path) from error
        (check_private_directory if is_directory else check_private_file)(path)


def _check_private(status: os.stat_result, path: Path, kind: object, mode: int) -> None:
    where = os.fspath(path)
    if stat.S_ISLNK(status.st_mode):
        raise MachineFailed("is_a_link", path=where)
    if not callable(kind) or not kind(status.st_mode):
        raise MachineFailed("not_a_directory" if mode == 0o700 else "not_a_file", path=where)
    if status.st_uid != os.geteuid():
        raise MachineFailed("foreign_owner", path=where, owner=status.st_uid)
    # The bits of group and others; a set-group-ID bit comes from the parent and opens nothing.
    if status.st_mode & 0o077:
        found = f"{stat.S_IMODE(status.st_mode):04o}"
        raise MachineFailed("too_open", path=where, found=found, mode=f"{mode:04o}")


def file_stem(license: str) -> str:
    """A license number as part of a file name: its one unfit character, the slash, is a plus."""
    return license.replace("/", "+")
