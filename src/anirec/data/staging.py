"""A directory that is written beside its place and renamed when it is whole."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from anirec.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_LOCK = ".lock"


def check_replaceable(directory: Path, own_files: Collection[str]) -> None:
    """Refuse a directory that holds anything but what the same writer put there.

    Raises
    ------
    DataError
        If the directory is a file, or holds a file that is not one of ``own_files``.
    """
    if directory.is_dir():
        foreign = sorted(path.name for path in directory.iterdir() if path.name not in own_files)
        if foreign:
            raise DataError(
                f"{directory} holds {foreign[0]}, which is no output of this command: "
                "choose a directory of its own"
            )
    elif directory.exists():
        raise DataError(f"{directory} is a file, not a directory")


@contextmanager
def staged_directory(directory: Path) -> Iterator[Path]:
    """Yield an empty directory that takes the place of ``directory`` when the block succeeds.

    After an exception (an interrupt too) the old directory is as it was. What a killed run
    left beside it is cleared away by the next.
    """
    directory = directory.absolute()
    directory.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as at_end:
        with sole_writer(
            directory
        ):  # so nobody takes a directory for abandoned that has no lock yet
            _clear(directory)
            staging = Path(tempfile.mkdtemp(prefix=_prefix(directory), dir=directory.parent))
            at_end.callback(shutil.rmtree, staging, ignore_errors=True)
            lock = at_end.enter_context((staging / _LOCK).open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        new = staging / "new"
        new.mkdir()
        yield new
        with sole_writer(directory):
            _swap(new, directory, staging / "old")


def clear_abandoned(directory: Path) -> None:
    """Clear away what killed runs left beside ``directory``; put back what they had moved away.

    For who keeps a directory that is whole, and so does not write it again.
    """
    directory = directory.absolute()
    if directory.parent.is_dir():
        with sole_writer(directory):
            _clear(directory)


def _prefix(directory: Path) -> str:
    return f".{directory.name}.partial-"


def _clear(directory: Path) -> None:
    for leftover in directory.parent.glob(f"{_prefix(directory)}*"):
        _remove_if_abandoned(leftover, directory)


@contextmanager
def sole_writer(directory: Path) -> Iterator[None]:
    """Wait until nobody else cleans up, begins or swaps beside ``directory``, which may be a file.

    The system lets go of the lock of a process that dies.
    """
    path = directory.with_name(f".{directory.name}{_LOCK}")
    while True:
        with path.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not _is_at(path, lock.fileno()):  # who held it before has removed it
                continue
            try:
                yield
            finally:
                path.unlink()
            return


def _is_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _swap(new: Path, directory: Path, old: Path) -> None:
    if not directory.exists():
        new.rename(directory)
        return
    directory.rename(old)
    try:
        new.rename(directory)
    except BaseException:
        old.rename(directory)
        raise


def _remove_if_abandoned(leftover: Path, directory: Path) -> None:
    """Remove what no living process holds the lock of; put back what it had moved away."""
    try:
        with (leftover / _LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not directory.exists() and (leftover / "old").exists():
                (leftover / "old").rename(directory)
            shutil.rmtree(leftover, ignore_errors=True)
    except OSError:  # somebody is at work there
        return
