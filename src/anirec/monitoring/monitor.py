"""Reads what servers have counted, and holds it against the snapshot of the bundle they serve."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from anirec.bundle.bundle import SNAPSHOT_FILE, verify_bundle
from anirec.bundle.registry.address import bundle_directory
from anirec.monitoring.comparison import Comparison, compare
from anirec.monitoring.counts import Counts
from anirec.monitoring.exposition import read_file, read_url
from anirec.monitoring.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def monitor(
    bundle: str | Path, files: Sequence[Path], urls: Sequence[str], since: Path | None = None
) -> Comparison:
    """Compare what servers have counted with the training snapshot of a bundle.

    Parameters
    ----------
    bundle
        As for ``Recommender.load``.
    files, urls
        Answers of ``/metrics``, kept or to be asked for, one at least; several servers are added up.
    since
        An earlier answer of the only server: what it had counted by then is left out.

    Raises
    ------
    BundleError
        If the bundle is missing, damaged, or has no snapshot.
    AnirecError
        If an answer cannot be had or read.
    """
    directory = bundle_directory(bundle)
    manifest = verify_bundle(directory)
    snapshot = Snapshot.read(directory / SNAPSHOT_FILE)
    live = reduce(Counts.plus, [*map(read_file, files), *map(read_url, urls)])
    if since is not None:
        live = live.since(read_file(since))
    return compare(live, snapshot, manifest.version)
