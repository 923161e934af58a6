"""The directory of a run: what is handed to trackers lies here, so that it outlives the original."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

LOCK: Final = ".lock"
MODELS: Final = "models"
KEEP_MODELS: Final = 5
"""Of so many runs with models, the newest, models are kept; of older ones all but the models."""


class RunFolder:
    """``<runs>/<UTC time>-<verb>-<random>/``, locked by the process that writes to it.

    Parameters
    ----------
    runs
        The directory of all runs; made if missing.
    verb
        What runs: ``train``, ``evaluate``, ``publish``.

    Raises
    ------
    OSError
        If nothing can be written there.
    """

    def __init__(self, runs: Path, verb: str) -> None:
        self.runs = runs.absolute()
        self.runs.mkdir(parents=True, exist_ok=True)
        began = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        self.directory = self.runs / f"{began}-{verb}-{os.urandom(3).hex()}"
        self.directory.mkdir()
        self._lock = (self.directory / LOCK).open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    @property
    def run_id(self) -> str:
        """The name of the directory."""
        return self.directory.name

    def place(self, kind: str, name: str) -> Path:
        """Return a path for a file of this run, in a directory that exists."""
        path = self.directory / kind / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def take(self, source: Path, kind: str, name: str) -> Path:
        """Take a file, or all files of a directory, over; returns where it is now.

        A file is copied: a person may edit the original where it lies. The files of a directory are
        linked where the file system allows, which takes no time and no space: the pipeline writes
        models and bundles beside and renames, so that what it replaces stays here as it was.
        """
        target = self.place(kind, name)
        if source.is_dir():
            for path in sorted(source.rglob("*")):
                if path.is_file() and not path.is_symlink():
                    _link(path, target / path.relative_to(source))
        else:
            _copy(source, target)
        return target

    def close(self) -> None:
        """Give up the lock: nothing writes here any more."""
        self._lock.close()


def is_running(directory: Path) -> bool:
    """Return whether a living process writes to this run."""
    try:
        with (directory / LOCK).open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        pass
    return False


def run_directories(runs: Path) -> list[Path]:
    """Return the directories of all runs, the newest first."""
    found = [path.parent for path in runs.glob(f"*/{LOCK}")]
    return sorted(found, key=lambda path: path.name, reverse=True)


def drop_old_models(runs: Path) -> None:
    """Remove the models of all but the newest runs; those that still run keep theirs."""
    with_models = [path for path in run_directories(runs) if (path / MODELS).exists()]
    for directory in with_models[KEEP_MODELS:]:
        if not is_running(directory):
            shutil.rmtree(directory / MODELS, ignore_errors=True)


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        _copy(source, target)


def _copy(source: Path, target: Path) -> None:
    beside = target.with_name(f".{target.name}.part")
    shutil.copyfile(source, beside)
    beside.replace(target)
