"""Put simulated viewers and the starter's catalogue into files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from anirec.data.schema import SIMULATED_FILE
from anirec.data.starter.draw import draw
from anirec.data.starter.lists import COLUMNS
from anirec.data.starter.sampler import packaged_sampler
from anirec.data.starter.shows import episodes_of, index_of, packaged_shows, packaged_shows_text
from anirec.data.starter.statistics import packaged_statistics
from anirec.errors import DataError
from anirec.progress import SILENT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from anirec.data.item_index import ItemIndex
    from anirec.data.starter.lists import Lists
    from anirec.progress import Progress

LISTS_FILE = "animelist.csv"
CATALOGUE_FILE = "catalogue.jsonl"


class Written(NamedTuple):
    """What ``write_starter`` wrote."""

    out: Path
    viewers: int
    entries: int
    shows: int
    seed: int


def write_starter(
    out: Path, *, viewers: int = 3000, seed: int = 7, progress: Progress = SILENT
) -> Written:
    """Draw simulated viewers and write ``animelist.csv`` and ``catalogue.jsonl`` into ``out``.

    A third file, ``simulated.json``, lets ingestion and pages tell that nobody real is listed.
    The same number and seed give the same bytes. Each file is written beside and renamed.

    Raises
    ------
    DataError
        If ``out`` cannot be written.
    """
    shows = packaged_shows()
    index = index_of(shows)
    entries = 0

    def write_lists(path: Path) -> None:
        nonlocal entries
        blocks = draw(packaged_statistics(), packaged_sampler(), episodes_of(shows), viewers, seed)
        with (
            path.open("w", encoding="ascii", newline="\n") as file,
            progress.bar("drawing simulated viewers", viewers) as count,
        ):
            file.write(",".join(COLUMNS) + "\n")
            for lists in blocks:
                file.write(_csv(lists, index))
                entries += len(lists)
                count(int(lists.users[-1] - lists.users[0]) + 1)

    try:
        out.mkdir(parents=True, exist_ok=True)
        write_beside(out / LISTS_FILE, write_lists)
        text = packaged_shows_text()
        write_beside(
            out / CATALOGUE_FILE,
            lambda path: path.write_text(text, encoding="utf-8", newline="\n"),
        )
        drawn = json.dumps({"viewers": viewers, "seed": seed}) + "\n"
        write_beside(out / SIMULATED_FILE, lambda path: path.write_text(drawn))
    except OSError as error:
        raise DataError(f"cannot write into {out}: {error}") from None
    return Written(out, viewers, entries, len(shows), seed)


def write_beside(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a file beside ``path``, then put it in its place; on failure leave none."""
    part = path.with_name(f".{path.name}.part{path.suffix}")
    try:
        write(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _csv(lists: Lists, index: ItemIndex) -> str:
    columns = (lists.users, index.ids(lists.items), lists.ratings, lists.statuses, lists.episodes)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return "".join(f"{u},{a},{r},{s},{e}\n" for u, a, r, s, e in rows)
