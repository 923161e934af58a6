"""Raw lists and catalogues become one directory of validated tables."""

from __future__ import annotations

import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from anirec.config import Config
from anirec.data.catalogue_files import read_catalogue
from anirec.data.catalogue_merge import merge
from anirec.data.csv_blocks import BLOCK_BYTES
from anirec.data.ingest_plan import Skipped, make_plan
from anirec.data.list_stream import REPEATED, ListStream, Selection
from anirec.data.rejects import Rejects
from anirec.data.schema import CATALOGUE_FILE, INTERACTIONS_FILE
from anirec.data.sources import find
from anirec.data.staging import check_replaceable, staged_directory
from anirec.data.tables import write_catalogue
from anirec.errors import DataError
from anirec.progress import SILENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anirec.data.ingest_plan import CatalogueFile, Plan
    from anirec.data.list_stream import Written
    from anirec.data.show import Show
    from anirec.progress import Progress

REJECTED_FILE = "rejected.csv"
SUMMARY_FILE = "ingest.json"
OUTPUT_FILES = (INTERACTIONS_FILE, CATALOGUE_FILE, REJECTED_FILE, SUMMARY_FILE)

NO_SELECTION = Selection()


class ListSummary(Config):
    """What came of one watch list."""

    name: str
    layout: str
    entries_read: int
    entries_rejected: int
    viewers: int
    repaired: dict[str, int]
    """Entries kept with a repair, by kind of repair."""
    damage: str | None


class CatalogueSummary(Config):
    """What came of one catalogue."""

    name: str
    layout: str
    shows: int
    damage: str | None


class IngestSummary(Config):
    """What was read, rejected, left out and written; ``ingest.json`` holds the same.

    ``entries_read`` is the sum of ``entries``, ``entries_rejected``, ``entries_repeated``,
    ``entries_not_sampled`` and ``entries_of_other_length``.
    """

    lists: tuple[ListSummary, ...]
    catalogues: tuple[CatalogueSummary, ...]
    skipped: tuple[Skipped, ...]
    selection: Selection
    entries_read: int
    entries_rejected: int
    entries_repeated: int
    entries_not_sampled: int
    entries_of_other_length: int
    rejected: dict[str, int]
    """Rows in ``rejected.csv`` by reason: bad and repeated entries, bad rows and values of catalogues."""
    entries: int
    viewers: int
    shows: int
    """Rows of the catalogue."""
    shows_in_lists: int
    simulated: bool
    """Whether the viewers, or some of them, come from the starter community."""
    entries_of_unknown_shows: int
    """Entries kept whose show the catalogue lacks; no model can use them."""


def ingest(
    addresses: Sequence[str],
    out: Path,
    selection: Selection = NO_SELECTION,
    progress: Progress = SILENT,
    block_bytes: int = BLOCK_BYTES,
) -> IngestSummary:
    """Read sources and write ``out`` as a whole, or leave it as it was.

    Parameters
    ----------
    addresses
        Files, directories and archives, local or under ``gs://``; in the order given the later
        list wins where viewers are shared.
    out
        Directory for ``interactions.parquet``, ``catalogue.parquet``, ``rejected.csv`` and
        ``ingest.json``; equal input gives equal bytes. What it held is replaced.
    selection
        Which viewers to keep.
    progress
        Told of every file.
    block_bytes
        How much text is parsed at a time.

    Raises
    ------
    DataError
        If a source cannot be used (it is named, and what to do), or nothing is left to write.
    """
    plan = make_plan([find(address) for address in addresses])
    check_replaceable(out, OUTPUT_FILES)
    try:
        with staged_directory(out) as draft, Rejects(draft / REJECTED_FILE) as rejects:
            return _write(plan, draft, rejects, selection, progress, block_bytes)
    except OSError as error:
        raise DataError(f"{out} cannot be written: {error}") from error


def _write(
    plan: Plan,
    draft: Path,
    rejects: Rejects,
    selection: Selection,
    progress: Progress,
    block_bytes: int,
) -> IngestSummary:
    shows, catalogues = _read_catalogues(plan.catalogues, rejects, progress)
    write_catalogue(shows, draft / CATALOGUE_FILE)
    rejected_of_catalogues = rejects.count
    lists: list[ListSummary] = []
    with TemporaryDirectory(dir=draft, prefix="spill-") as spill:
        stream = ListStream(Path(spill), selection, rejects, block_bytes)
        for entry in plan.lists:
            rejected_before = rejects.count
            read = stream.read(entry, progress)
            lists.append(
                ListSummary(
                    name=read.name,
                    layout=read.layout.name,
                    entries_read=read.n_read,
                    entries_rejected=rejects.count - rejected_before,
                    viewers=read.n_viewers,
                    repaired=dict(read.adjusted),
                    damage=read.damage,
                )
            )
        written = stream.write(draft / INTERACTIONS_FILE, progress)
    entries_read = sum(read.entries_read for read in lists)
    if not written.n_entries:
        raise DataError(_nothing_left(entries_read, rejects, selection))
    shows_in_lists, of_unknown = _known_shows(written, shows)
    summary = IngestSummary(
        lists=tuple(lists),
        catalogues=catalogues,
        skipped=plan.skipped,
        selection=selection,
        entries_read=entries_read,
        entries_rejected=rejects.count - rejected_of_catalogues - written.n_repeated,
        entries_repeated=written.n_repeated,
        entries_not_sampled=stream.n_not_sampled,
        entries_of_other_length=written.n_other_length,
        rejected=dict(sorted(rejects.by_reason.items())),
        entries=written.n_entries,
        viewers=written.n_viewers,
        shows=len(shows),
        shows_in_lists=shows_in_lists,
        simulated=plan.simulated,
        entries_of_unknown_shows=of_unknown,
    )
    (draft / SUMMARY_FILE).write_text(summary.model_dump_json(indent=2) + "\n")
    return summary


def _read_catalogues(
    files: Sequence[CatalogueFile], rejects: Rejects, progress: Progress
) -> tuple[list[Show], tuple[CatalogueSummary, ...]]:
    catalogues: list[list[Show]] = []
    summaries: list[CatalogueSummary] = []
    for entry in files:
        progress.step(f"catalogue {entry.file.name}")
        with entry.file.open() as stream, io.BufferedReader(stream) as buffered:
            shows = read_catalogue(entry.layout, entry.file.name, buffered, rejects)
            damage = stream.damage
        catalogues.append(shows)
        summaries.append(
            CatalogueSummary(
                name=entry.file.name, layout=entry.layout, shows=len(shows), damage=damage
            )
        )
    return merge(catalogues), tuple(summaries)


def _known_shows(written: Written, shows: Sequence[Show]) -> tuple[int, int]:
    """Return how many shows of the lists the catalogue has, and how many entries it has not."""
    ids, counts = written.shows.totals()
    known = np.isin(ids, np.array([show.anime_id for show in shows], dtype=np.int64))
    return int(known.sum()), int(counts[~known].sum())


def _nothing_left(entries_read: int, rejects: Rejects, selection: Selection) -> str:
    if not entries_read:
        return "the lists hold no entries, only a header"
    reasons = {reason: n for reason, n in rejects.by_reason.items() if reason != REPEATED}
    if reasons:
        reason, n = max(reasons.items(), key=lambda item: item[1])
        return f"none of {entries_read:,} entries could be used; {n:,} times: {reason}"
    chosen = selection.model_dump(include={"sample_users", "min_entries", "max_entries"})
    described = ", ".join(f"{name} {value}" for name, value in chosen.items())
    return f"none of {entries_read:,} entries is left after the selection ({described})"
