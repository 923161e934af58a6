"""A directory of published bundles, one of which is current.

::

    bundles/<version>/     a bundle
    bundles/current        a relative link to one of them
    bundles/history.jsonl  who moved `current`, when, why and what the gate said
    bundles/.unfinished-*  bundles being written or removed; killed ones are cleared by the next
                           publish

Every change is a rename, which the file system does at once: a reader sees the old or the new.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from anirec.bundle.bundle import CURRENT, verify_bundle
from anirec.bundle.manifest import MANIFEST_FILE, Manifest
from anirec.bundle.registry.moves import Move, State, a_move
from anirec.bundle.registry.registry import Registry, check_unmoved, removals
from anirec.bundle.registry.unfinished import (
    clear_unfinished,
    discard,
    locked,
    unfinished_name,
    workplace,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HISTORY_FILE: Final = "history.jsonl"


class LocalRegistry(Registry):
    """A registry in a directory.

    Parameters
    ----------
    directory
        Made by the first ``publish``.
    """

    def __init__(self, directory: Path) -> None:
        super().__init__(str(directory))
        self.directory = directory

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

    def state(self) -> State:
        """Return where the link leads, and the history; lines cut short by a crash are left out."""
        path = self.directory / HISTORY_FILE
        moves = []
        if path.exists():
            for line in path.read_text(errors="replace").splitlines():
                with suppress(ValueError, TypeError):
                    moves.append(Move(**json.loads(line)))
        return State(self.current(), tuple(moves))

    def publish(self, write: Callable[[Path], Manifest], why: str = "") -> Manifest:
        """Let ``write`` write beside the others, then rename it to its version."""
        self.directory.mkdir(parents=True, exist_ok=True)
        with workplace(self.directory) as place:
            unfinished = place / "bundle"
            manifest = write(unfinished)
            with self._locked():
                published = self.directory / manifest.version
                # The version names time and content: what is there already is the same bundle.
                if not published.exists():
                    unfinished.rename(published)
                current = self.current()
                if current is None:
                    current = self._link(manifest.version)
                self._record(a_move("publish", manifest.version, current, why))
        return manifest

    def clear_abandoned(self) -> None:
        """Remove what killed publishes and removals left."""
        if self.directory.is_dir():
            with locked(self.directory):
                clear_unfinished(self.directory)

    def fetch(self, version: str) -> Path:
        """Return the bundle's directory, verified."""
        self._check_has(version)
        verify_bundle(self.directory / version)
        return self.directory / version

    def _move(self, seen: State, move: Move) -> None:
        with self._locked():
            check_unmoved(self.address, seen, self.state())
            self._check_has(move.version)
            self._link(move.version)
            self._record(move)

    def _remove(self, seen: State, versions: list[str], why: str) -> None:
        with self._locked():
            now = self.state()
            check_unmoved(self.address, seen, now)
            for move in removals(now, versions, why):
                if (self.directory / move.version).exists():
                    discard(self.directory / move.version)
                    self._record(move)

    def _link(self, version: str) -> str:
        link = unfinished_name(self.directory)
        link.symlink_to(version, target_is_directory=True)
        link.replace(self.directory / CURRENT)
        return version

    def _record(self, move: Move) -> None:
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
    def _locked(self) -> Iterator[None]:
        if not self.directory.is_dir():
            self._check_exists()
        with locked(self.directory):
            yield
