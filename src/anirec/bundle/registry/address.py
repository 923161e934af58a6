"""From what a person wrote after ``--bundle`` or ``--registry`` to a registry."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from anirec.bundle.bundle import CURRENT
from anirec.bundle.manifest import MANIFEST_FILE
from anirec.bundle.registry.local import LocalRegistry
from anirec.errors import BundleError

if TYPE_CHECKING:
    from anirec.bundle.registry.registry import Registry


class Address(NamedTuple):
    """A place in a bucket."""

    bucket: str
    prefix: str


def parse_address(place: str | Path) -> Address | None:
    """Return the bucket and prefix of an address such as ``gs://bucket/bundles``, None of a path.

    Raises
    ------
    BundleError
        If it is an address of another kind, or names no bucket.
    """
    # A Path has made one slash of two already.
    found = re.fullmatch(r"([A-Za-z][A-Za-z0-9+.-]+):/+(.*)", str(place))
    if found is None:
        return None
    scheme, rest = found.groups()
    bucket, _, prefix = rest.partition("/")
    if scheme != "gs":
        raise BundleError(
            f"{scheme}:// is no place for bundles: give a directory or gs://bucket/prefix"
        )
    if not bucket:
        raise BundleError(f"{place} names no bucket: give gs://bucket/prefix")
    return Address(bucket, prefix.strip("/"))


def open_registry(place: str | Path) -> Registry:
    """Return the registry at a directory or at ``gs://bucket/prefix``; it need not exist yet.

    Raises
    ------
    BundleError
        If it is an address of another kind.
    MissingExtraError
        If it is in a bucket and google-cloud-storage is not installed.
    """
    address = parse_address(place)
    if address is None:
        return LocalRegistry(Path(place))
    from anirec.bundle.registry.gcs import GcsRegistry

    return GcsRegistry(*address)


def registry_behind(place: str | Path) -> Registry | None:
    """Return the registry whose current bundle is meant by ``place``; None if it is one bundle.

    Parameters
    ----------
    place
        A registry, or its ``current``; else a bundle.
    """
    address = parse_address(place)
    if address is None:
        path = Path(place)
        if path.name == CURRENT and path.is_symlink():
            return LocalRegistry(path.parent)
        return LocalRegistry(path) if (path / CURRENT).is_symlink() else None
    from anirec.bundle.registry.gcs import GcsRegistry

    prefix = re.sub(rf"(^|/){CURRENT}$", "", address.prefix)
    registry = GcsRegistry(address.bucket, prefix)
    return None if registry.is_version() else registry


def bundle_directory(place: str | Path) -> Path:
    """Return the local directory of the bundle that is meant by ``place``.

    A bundle in a bucket is downloaded and verified first, unless it was before. Of a local one
    nothing is looked at but links.

    Raises
    ------
    BundleError
        If there is none in the bucket, or it is damaged, or ``place`` is no place for bundles.
    """
    address = parse_address(place)
    if address is None:
        path = Path(place)
        if not (path / MANIFEST_FILE).exists() and (path / CURRENT).is_symlink():
            path = path / CURRENT
        # Resolved once: all files come from one version, also while `current` is moved.
        return path.resolve()
    registry = registry_behind(place)
    if registry is None:
        prefix, _, version = address.prefix.rpartition("/")
        return open_registry(f"gs://{address.bucket}/{prefix}").fetch(version)
    current = registry.current()
    if current is None:
        raise BundleError(f"{registry.address} has no current bundle: `anirec publish` makes one")
    return registry.fetch(current)
