"""One retraining at a time in a directory."""

from __future__ import annotations

import fcntl
import os
import platform
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from anirec.errors import AnirecError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK_FILE: Final = "lock"


class AlreadyRunningError(AnirecError):
    """Another process is retraining in the same directory."""

    def __init__(self, directory: Path, who: str) -> None:
        super().__init__(f"another retraining is at work in {directory}: {who}; nothing was done")


@contextmanager
def alone(directory: Path) -> Iterator[None]:
    """Hold the lock of a directory, made if missing; the system lets go of it when a process dies.

    Raises
    ------
    AlreadyRunningError
        If somebody holds it; told is who and since when.
    """
    directory.mkdir(parents=True, exist_ok=True)
    # The file stays: if it were removed, two could hold locks on two files of one name.
    with (directory / LOCK_FILE).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise AlreadyRunningError(directory, lock.read().strip() or "just started") from None
        lock.truncate(0)
        since = datetime.now(UTC).isoformat(timespec="seconds")
        lock.write(f"process {os.getpid()} on {platform.node()}, since {since}\n")
        lock.flush()
        yield
