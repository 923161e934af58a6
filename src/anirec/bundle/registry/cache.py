"""Bundles of a remote registry on this machine: downloaded beside, verified, renamed."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from anirec.bundle.bundle import verify_bundle
from anirec.bundle.manifest import MANIFEST_FILE
from anirec.bundle.registry.unfinished import (
    clear_unfinished,
    discard,
    locked,
    unfinished_name,
    workplace,
)
from anirec.errors import BundleError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CACHE_VARIABLE: Final = "ANIREC_BUNDLE_CACHE"

KEPT: Final = 2
"""The bundle that is served and the one before, to which a rollback leads."""


def cache_directory() -> Path:
    """Return where downloaded bundles are kept: ``ANIREC_BUNDLE_CACHE``, else below ``~/.cache``.

    Raises
    ------
    BundleError
        If neither is known, as in a container whose user has no home.
    """
    set_to = os.environ.get(CACHE_VARIABLE)
    if set_to:
        return Path(set_to)
    try:
        return (
            Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "anirec" / "bundles"
        )
    except RuntimeError:
        raise BundleError(
            f"no home directory to keep bundles in: set {CACHE_VARIABLE} to a directory"
        ) from None


class BundleCache:
    """The bundles of one registry that this machine used last.

    Processes share it: one downloads, the others wait and find the bundle there.

    Parameters
    ----------
    address
        Of the registry.
    server
        Tells registries of the same address on different servers apart.
    """

    def __init__(self, address: str, server: str = "") -> None:
        self.address = address
        name = re.sub(r"[^A-Za-z0-9.-]+", "-", address.partition("://")[2])
        digest = hashlib.sha256(f"{server} {address}".encode()).hexdigest()[:8]
        self.directory = cache_directory() / f"{name}-{digest}"

    def get(self, version: str, manifest: bytes, download: Callable[[Path], None]) -> Path:
        """Return the directory of a verified bundle, downloading it where it is not there yet.

        Parameters
        ----------
        version
            The name of its directory.
        manifest
            The contents of its ``manifest.json``: an older bundle of the same name is replaced.
        download
            Called with an empty directory; writes all files but the manifest into it.

        Raises
        ------
        BundleError
            If it is damaged, or the cache cannot be written.
        """
        place = self.directory / version
        self._make()
        with locked(self.directory):
            clear_unfinished(self.directory)
            if not _holds(place, manifest):
                self._download(place, manifest, download)
            os.utime(place)
            self._clean(place)
        return place

    @contextmanager
    def workplace(self) -> Iterator[Path]:
        """Make a directory that is ours until the end; a killed process's is cleared by the next."""
        self._make()
        with workplace(self.directory) as place:
            yield place

    def _download(self, place: Path, manifest: bytes, download: Callable[[Path], None]) -> None:
        # Under the lock of the whole cache, so nobody takes it for left behind.
        beside = unfinished_name(self.directory)
        try:
            beside.mkdir()
            (beside / MANIFEST_FILE).write_bytes(manifest)
            download(beside)
            verify_bundle(beside)
            if place.exists():
                discard(place)
            beside.rename(place)
        except BundleError as error:
            told = str(error).replace(str(beside), f"{self.address}/{place.name}")
            raise type(error)(told) from None
        finally:
            shutil.rmtree(beside, ignore_errors=True)

    def _clean(self, used: Path) -> None:
        """Remove all but the bundles used last; who has one open keeps it open."""
        others = [path for path in self.directory.iterdir() if path.is_dir() and path != used]
        others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
        for path in [path for path in others if not path.name.startswith(".")][KEPT - 1 :]:
            discard(path)

    def _make(self) -> None:
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BundleError(
                f"the bundle cache {self.directory} cannot be made ({error.strerror}): "
                f"set {CACHE_VARIABLE} to a directory that can be written"
            ) from None


def _holds(place: Path, manifest: bytes) -> bool:
    try:
        if (place / MANIFEST_FILE).read_bytes() != manifest:
            return False
        verify_bundle(place)
    except (OSError, BundleError):
        return False
    return True
