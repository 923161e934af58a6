"""Directories in the making: ours while we live, cleared by the next process if we were killed."""

from __future__ import annotations

import fcntl
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK_FILE: Final = ".lock"
UNFINISHED: Final = ".unfinished-"


def unfinished_name(directory: Path) -> Path:
    """Return a path in ``directory`` at which nothing is, hidden from those who list versions."""
    return directory / f"{UNFINISHED}{uuid4().hex}"


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Let one process at a time change what is in ``directory``; a crash frees the lock."""
    with (directory / LOCK_FILE).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def workplace(directory: Path) -> Iterator[Path]:
    """Make a directory inside ``directory`` that is ours until the end, and is then removed.

    Those that nobody holds any more are cleared before.
    """
    place = unfinished_name(directory)
    with locked(directory):
        clear_unfinished(directory)
        place.mkdir()
        lock = (place / LOCK_FILE).open("w")
        fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        lock.close()


def clear_unfinished(directory: Path) -> None:
    """Remove what killed processes left behind; the caller holds the lock of ``directory``."""
    for left in directory.glob(f"{UNFINISHED}*"):
        if left.is_symlink():
            left.unlink()
            continue
        # Refused where a live process holds it, or another person owns it.
        with suppress(OSError), (left / LOCK_FILE).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left)


def discard(path: Path) -> None:
    """Remove a version at once for whoever looks, then its files.

    The caller holds the lock of the directory that it lies in.
    """
    doomed = unfinished_name(path.parent)
    path.rename(doomed)
    shutil.rmtree(doomed)
