"""A registry of bundles in a Google Cloud Storage bucket.

::

    gs://bucket/prefix/<version>/...            a bundle; its manifest.json is written last
    gs://bucket/prefix/current.json             which version is current, and the whole history
    gs://bucket/prefix/.unfinished/<version>    there while the version is being published

No object of a version is ever replaced. ``current.json`` is replaced only if it is still the
generation that was read, so that of two who move it at once one is told; pointer and history are one
object and cannot disagree. What has no manifest is no version: a killed publish leaves objects that
nobody sees and that a later publish clears. Nothing is ever deleted that no publish has announced: other
things may lie under the same prefix.
"""

from __future__ import annotations

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from anirec.bundle.bundle import CURRENT
from anirec.bundle.manifest import MANIFEST_FILE, REPAIR, Manifest
from anirec.bundle.registry.cache import BundleCache
from anirec.bundle.registry.gcs_objects import (
    ABSENT,
    EMULATOR,
    ChangedMeanwhileError,
    GcsObjects,
)
from anirec.bundle.registry.moves import Move, State, a_move
from anirec.bundle.registry.registry import Registry, check_unmoved, removals
from anirec.errors import BundleError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

POINTER: Final = f"{CURRENT}.json"

UNFINISHED: Final = ".unfinished"
VERSION: Final = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")

ABANDONED_AFTER: Final = timedelta(days=1)
"""A publish that was announced so long ago and has not ended was killed."""

_TRANSFERS: Final = 8
"""Files on their way at once."""


class GcsRegistry(Registry):
    """A registry under ``gs://bucket/prefix``.

    Parameters
    ----------
    bucket, prefix
        The bucket must exist.
    abandoned_after
        Age at which an unfinished version is cleared by the next publish.

    Raises
    ------
    MissingExtraError
        If google-cloud-storage is not installed.
    """

    def __init__(
        self, bucket: str, prefix: str, abandoned_after: timedelta = ABANDONED_AFTER
    ) -> None:
        self._objects = GcsObjects(bucket, prefix)
        super().__init__(self._objects.address)
        self._cache = BundleCache(self.address, os.environ.get(EMULATOR, ""))
        self._abandoned_after = abandoned_after
        self._last = (ABSENT, State())

    def versions(self) -> list[str]:
        """Return the versions there are, oldest first."""
        return self._whole(self.state(), self._files())

    def state(self) -> State:
        """Return the contents of the pointer; what it points to is not looked at."""
        return self._read()[1]

    def publish(self, write: Callable[[Path], Manifest], why: str = "") -> Manifest:
        """Let ``write`` write into the cache, upload the files, and the manifest last."""
        with self._cache.workplace() as place:
            manifest = write(place / "bundle")
            self.clear_abandoned()
            self._objects.announce(f"{UNFINISHED}/{manifest.version}")
            try:
                self._upload(place / "bundle", manifest)
            except ChangedMeanwhileError:
                raise BundleError(
                    f"{self.place(manifest.version)} exists with other contents: publish again"
                ) from None

        def record(now: State) -> list[Move]:
            current = now.current or manifest.version
            return [a_move("publish", manifest.version, current, why)]

        self._append(record)
        self._objects.delete(f"{UNFINISHED}/{manifest.version}")
        return manifest

    def fetch(self, version: str) -> Path:
        """Download and verify a bundle, unless the cache has it."""
        if not _is_name(version):
            raise BundleError(f"{version!r} is no name of a bundle in {self.address}")
        sealed = self._objects.read(f"{version}/{MANIFEST_FILE}")
        if sealed is None:
            self._check_has(version)
            raise BundleError(f"{self.place(version)} is incomplete: {REPAIR}")

        def download(directory: Path) -> None:
            manifest = Manifest.read(directory)
            files = [*manifest.files, *manifest.documents]
            for name in files:
                if not all(map(_is_name, name.split("/"))):
                    raise BundleError(f"{self.place(version)} names a file {name!r}: {REPAIR}")
            with ThreadPoolExecutor(_TRANSFERS) as pool:
                # What is missing is said by whoever verifies.
                list(
                    pool.map(
                        lambda name: self._objects.download(f"{version}/{name}", directory / name),
                        files,
                    )
                )

        return self._cache.get(version, sealed, download)

    def is_version(self) -> bool:
        """Tell whether the address is that of a single bundle inside a registry."""
        return self._objects.generation(MANIFEST_FILE) != ABSENT

    def _move(self, seen: State, move: Move) -> None:
        def record(now: State) -> list[Move]:
            check_unmoved(self.address, seen, now)
            if move.version in now.removed():
                raise BundleError(f"{self.place(move.version)} was removed: publish it again")
            return [move]

        self._append(record)

    def _remove(self, seen: State, versions: list[str], why: str) -> None:
        def record(now: State) -> list[Move]:
            check_unmoved(self.address, seen, now)
            return removals(now, versions, why)

        # Recorded first: whoever promotes one of them at this moment is told.
        self._append(record)
        files = self._files()
        for version in versions:
            self._delete(version, files.get(version, {}))

    def _append(self, record: Callable[[State], Iterable[Move]]) -> None:
        """Add moves to the history; ``record`` is asked again where somebody else was faster."""
        while True:
            generation, state = self._read()
            for move in record(state):
                state = state.then(move)
            # Tells our own writing from another's where its answer gets lost and it is repeated.
            about = {
                "current": state.current,
                "written_by": uuid4().hex,
                "history": [asdict(move) for move in state.moves],
            }
            data = json.dumps(about, indent=1).encode() + b"\n"
            try:
                written = self._objects.replace(POINTER, data, generation)
            except ChangedMeanwhileError:
                if self._objects.read(POINTER) != data:
                    continue
                return
            self._last = (written, state)
            return

    def _read(self) -> tuple[int, State]:
        """Return the pointer's generation and contents; read only where it was replaced."""
        while True:
            generation = self._objects.generation(POINTER)
            if generation == self._last[0]:
                return self._last
            if generation == ABSENT:
                return ABSENT, State()
            data = self._objects.read_generation(POINTER, generation)
            if data is not None:
                self._last = (generation, self._parse(data))
                return self._last

    def _parse(self, data: bytes) -> State:
        try:
            about: dict[str, Any] = json.loads(data)
            return State(about["current"], tuple(Move(**move) for move in about["history"]))
        except (ValueError, TypeError, KeyError):
            raise BundleError(
                f"{self.place(POINTER)} is damaged or of a newer anirec: restore an earlier "
                "generation of it, or upgrade anirec"
            ) from None

    def _upload(self, directory: Path, manifest: Manifest) -> None:
        def upload(name: str) -> None:
            self._objects.create(f"{manifest.version}/{name}", directory / name)

        with ThreadPoolExecutor(_TRANSFERS) as pool:
            list(pool.map(upload, [*manifest.files, *manifest.documents]))
        try:
            upload(MANIFEST_FILE)
        except ChangedMeanwhileError:
            # The files were the same. Only time and revision may differ: the first is kept.
            return

    def _files(self) -> dict[str, dict[str, datetime]]:
        """Return what lies in each version's directory, whole or not: when each was written."""
        found: dict[str, dict[str, datetime]] = {}
        for info in self._objects.list():
            version, slash, name = info.name.partition("/")
            if slash:
                found.setdefault(version, {})[name] = info.created
        return found

    @staticmethod
    def _whole(state: State, files: dict[str, dict[str, datetime]]) -> list[str]:
        """Return the versions among all that lies under the prefix, oldest first."""
        announced = {move.version for move in state.moves} | files.get(UNFINISHED, {}).keys()
        removed = state.removed()
        return [
            version
            for version, names in sorted(files.items())
            if MANIFEST_FILE in names
            and version not in removed
            # Also one that was copied here by hand.
            and (version in announced or VERSION.fullmatch(version))
        ]

    def clear_abandoned(self) -> None:
        """Delete what killed publishes and removals left."""
        state, files = self.state(), self._files()
        oldest = datetime.now(UTC) - self._abandoned_after
        for version in state.removed() & files.keys():
            self._delete(version, files[version])
        whole = self._whole(state, files)
        for version, announced in files.get(UNFINISHED, {}).items():
            if announced < oldest:
                if version not in whole:
                    self._delete(version, files.get(version, {}))
                self._objects.delete(f"{UNFINISHED}/{version}")

    def _delete(self, version: str, names: Iterable[str]) -> None:
        """Delete a version's objects, the manifest first: from then on it is no version."""
        self._objects.delete(f"{version}/{MANIFEST_FILE}")
        with ThreadPoolExecutor(_TRANSFERS) as pool:
            list(pool.map(lambda name: self._objects.delete(f"{version}/{name}"), names))


def _is_name(part: str) -> bool:
    """Tell whether something from a bucket may be the name of a file on this machine."""
    return bool(part) and part not in (".", "..") and not re.search(r"[/\\\0]", part)
