"""A directory of published bundles, one of which is current.

::

    bundles/<version>/     a bundle
    bundles/current        a relative link to one of them
    bundles/history.jsonl  who moved `current`, when, why and what the gate said
    bundles/.unfinished-*  bundles being written; those of killed publishes are cleared by the next

Every change is a rename, which the file system does at once: a reader sees the old or the new.
"""

from __future__ import annotations

import fcntl
import getpass
import json
import os
import shutil
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal
from uuid import uuid4

from anirec.bundle.bundle import CURRENT, local_path, verify_bundle
from anirec.bundle.manifest import MANIFEST_FILE, Manifest
from anirec.errors import BundleError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HISTORY_FILE: Final = "history.jsonl"
LOCK_FILE: Final = ".lock"
UNFINISHED: Final = ".unfinished-"


@dataclass(frozen=True)
class Move:
    """One line of the history."""

    at: str
    """UTC, ISO 8601."""
    action: Literal["publish", "promote", "rollback"]
    version: str
    current: str
    """The version that was current afterwards."""
    who: str
    why: str
    gate: str = ""
    """What the gate said, where it was asked."""
    forced: bool = False
    """Whether it had refused."""


@dataclass(frozen=True)
class GateNote:
    """What a promotion's gate leaves in the history."""

    says: str = ""
    forced: bool = False


class Registry:
    """Publishes bundles and moves ``current`` between them.

    Parameters
    ----------
    directory
        Made by the first ``publish``.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = local_path(directory)

    def versions(self) -> list[str]:
        """Return the versions there are, oldest first."""
        if not self.directory.is_dir():
            return []
        return sorted(
            path.name
            for path in self.directory.iterdir()
            if not path.is_symlink()
            and not path.name.startswith(".")
            and (path / MANIFEST_FILE).is_file()
        )

    def current(self) -> str | None:
        """Return the current version, None before the first ``publish``."""
        try:
            return (self.directory / CURRENT).readlink().name
        except OSError:
            return None

    def history(self) -> list[Move]:
        """Return what was done, oldest first; lines cut short by a crash are left out."""
        path = self.directory / HISTORY_FILE
        if not path.exists():
            return []
        moves = []
        for line in path.read_text(errors="replace").splitlines():
            with suppress(ValueError, TypeError):
                moves.append(Move(**json.loads(line)))
        return moves

    def publish(self, write: Callable[[Path], Manifest], why: str = "") -> Manifest:
        """Add a bundle; the first one becomes current.

        Parameters
        ----------
        write
            Called with a directory inside the registry that does not exist; writes a bundle there
            and returns its manifest. The directory is then renamed to the manifest's version.
        why
            Kept in the history.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        with self._workplace() as workplace:
            unfinished = workplace / "bundle"
            manifest = write(unfinished)
            with self._locked():
                place = self.directory / manifest.version
                # The version names time and content: what is there already is the same bundle.
                if not place.exists():
                    unfinished.rename(place)
                if self.current() is None:
                    self._move_current(manifest.version)
                self._record("publish", manifest.version, why)
        return manifest

    def promote(
        self, version: str, why: str = "", gate: Callable[[str | None], GateNote] | None = None
    ) -> None:
        """Make ``version`` the current bundle, after verifying it.

        Parameters
        ----------
        why
            Kept in the history.
        gate
            Called with the current version (None if there is none) while nobody else can move it;
            raises to refuse.

        Raises
        ------
        BundleError
            If there is no such version, or it is damaged.
        """
        with self._locked():
            if version not in self.versions():
                known = ", ".join(self.versions()) or "none"
                raise BundleError(f"no bundle {version} in {self.directory}; there are: {known}")
            verify_bundle(self.directory / version)
            note = gate(self.current()) if gate is not None else GateNote()
            self._move_current(version)
            self._record("promote", version, why, note)

    def rollback(self, why: str = "") -> str:
        """Go back to the bundle that was current before; returns its version.

        Rolling back twice goes two bundles back.

        Raises
        ------
        BundleError
            If no other bundle was current before, or that one is gone or damaged.
        """
        with self._locked():
            trail = self._trail()
            if len(trail) < 2:
                raise BundleError(
                    f"nothing to roll back to in {self.directory}: "
                    "no other bundle was current before"
                )
            version = trail[-2]
            verify_bundle(self.directory / version)
            self._move_current(version)
            self._record("rollback", version, why)
        return version

    def _trail(self) -> list[str]:
        """Return the versions that led to the current one, as rollback undoes them."""
        trail: list[str] = []
        for move in self.history():
            if move.action == "rollback":
                del trail[-1:]
            if trail[-1:] != [move.current]:
                trail.append(move.current)
        # A crash between moving `current` and recording it leaves the link ahead of the history.
        current = self.current()
        if current is not None and trail[-1:] != [current]:
            trail.append(current)
        return trail

    def _move_current(self, version: str) -> None:
        link = self.directory / f"{UNFINISHED}{uuid4().hex}"
        link.symlink_to(version, target_is_directory=True)
        link.replace(self.directory / CURRENT)

    def _record(
        self,
        action: Literal["publish", "promote", "rollback"],
        version: str,
        why: str,
        note: GateNote = GateNote(),
    ) -> None:
        move = Move(
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            action=action,
            version=version,
            current=self.current() or version,
            who=_who(),
            why=why,
            gate=note.says,
            forced=note.forced,
        )
        line = json.dumps(asdict(move)).encode() + b"\n"
        with (self.directory / HISTORY_FILE).open("a+b") as history:
            if history.tell() > 0:
                history.seek(-1, os.SEEK_END)
                if history.read(1) != b"\n":
                    line = b"\n" + line
            history.write(line)
            history.flush()
            os.fsync(history.fileno())

    @contextmanager
    def _workplace(self) -> Iterator[Path]:
        """Make a directory that is ours until the end; clear those that nobody holds any more."""
        workplace = self.directory / f"{UNFINISHED}{uuid4().hex}"
        with self._locked():
            self._clear_unfinished()
            workplace.mkdir()
            lock = (workplace / LOCK_FILE).open("w")
            fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield workplace
        finally:
            shutil.rmtree(workplace, ignore_errors=True)
            lock.close()

    def _clear_unfinished(self) -> None:
        """Remove what killed processes left behind; the caller holds the registry's lock."""
        for left in self.directory.glob(f"{UNFINISHED}*"):
            if left.is_symlink():
                left.unlink()
                continue
            # Refused where a live publish holds it, or another person owns it.
            with suppress(OSError), (left / LOCK_FILE).open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Let one process at a time change the registry; a crash frees the lock."""
        if not self.directory.is_dir():
            raise BundleError(f"no registry at {self.directory}: `anirec publish` makes one")
        with (self.directory / LOCK_FILE).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container may run under a number that has no name.
        return str(os.getuid())
