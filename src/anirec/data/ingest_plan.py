"""Decides which of the files that a person points at are read, and as what."""

from __future__ import annotations

from dataclasses import dataclass
from posixpath import dirname, join
from typing import TYPE_CHECKING

from anirec.config import Config
from anirec.data.catalogue_files import recognise
from anirec.data.csv_blocks import read_header
from anirec.data.list_layouts import LAYOUTS, nearest
from anirec.data.schema import SIMULATED_FILE
from anirec.data.sources import ZIP_MAGIC, find
from anirec.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anirec.data.list_layouts import ListLayout
    from anirec.data.sources import Source, SourceFile

_SHOWN_COLUMNS = 12


class Skipped(Config):
    """A file in a directory or archive that is not read."""

    name: str
    reason: str


@dataclass(frozen=True)
class ListFile:
    """A watch list to read."""

    file: SourceFile
    layout: ListLayout
    columns: tuple[str, ...]


@dataclass(frozen=True)
class CatalogueFile:
    """A catalogue to read."""

    file: SourceFile
    layout: str


@dataclass(frozen=True)
class Plan:
    """What is read, in order, and what is not."""

    lists: tuple[ListFile, ...]
    catalogues: tuple[CatalogueFile, ...]
    skipped: tuple[Skipped, ...]
    simulated: bool
    """Whether a source says that its viewers are drawn from the starter community."""


def make_plan(sources: Sequence[Source]) -> Plan:
    """Recognise the files of all sources.

    A file that is named is read, or it is an error. From a directory or an archive all catalogues
    are taken and one list: that of the fullest layout (the order of ``LAYOUTS``), of several the
    largest file, then the first by name.

    Raises
    ------
    DataError
        If a named file is neither list nor catalogue, or lacks a column; if there is no list.
    """
    lists: list[ListFile] = []
    catalogues: list[CatalogueFile] = []
    skipped: dict[tuple[str, str | None], Skipped] = {}
    taken: set[tuple[str, str | None]] = set()
    simulated = False
    for source in sources:
        candidates: list[ListFile] = []
        for file in source.files:
            if file.base_name == SIMULATED_FILE:
                simulated = True
                continue
            try:
                recognised = _recognise(file)
            except DataError as error:
                if not source.is_collection:
                    raise
                reason = str(error).removeprefix(file.name).lstrip(": ")
                skipped[file.address] = Skipped(name=file.name, reason=reason)
                continue
            if isinstance(recognised, ListFile):
                candidates.append(recognised)
                simulated |= not source.is_collection and _lies_beside(file, SIMULATED_FILE)
            elif file.address not in taken:
                taken.add(file.address)
                catalogues.append(recognised)
        candidates.sort(key=lambda c: (LAYOUTS.index(c.layout), -c.file.size, c.file.name))
        for i, candidate in enumerate(candidates):
            file = candidate.file
            if i > 0:
                reason = f"another list ({candidate.layout.name}): name it to read it"
                skipped[file.address] = Skipped(name=file.name, reason=reason)
            elif file.address not in taken:
                taken.add(file.address)
                lists.append(candidate)
    if not lists:
        near = next((s for s in skipped.values() if not s.reason.startswith("is no list")), None)
        places = ", ".join(source.address for source in sources)
        because = f" ({near.name} {near.reason})" if near else ""
        raise DataError(f"there is no watch list in {places}{because}")
    return Plan(
        tuple(lists),
        tuple(catalogues),
        tuple(entry for address, entry in skipped.items() if address not in taken),
        simulated,
    )


def _lies_beside(file: SourceFile, other: str) -> bool:
    try:
        find(join(dirname(file.name), other))
    except DataError:  # a stranger's bucket may refuse to say what is not there
        return False
    return True


def _recognise(file: SourceFile) -> ListFile | CatalogueFile:
    head = file.head()
    if head.startswith(ZIP_MAGIC):
        raise DataError(f"{file.name} is not a readable zip archive; fetch it again")
    catalogue = recognise(head) if head else None
    if catalogue is not None:
        return CatalogueFile(file, catalogue)
    columns = read_header(head, file.name)
    found = ", ".join(columns[:_SHOWN_COLUMNS])[:300]
    layout = nearest(file.base_name, columns)
    if layout is None:
        raise DataError(
            f"{file.name} is no list or catalogue that anirec knows (columns found: {found})"
        )
    missing = layout.missing(columns)
    if missing:
        raise DataError(
            f"{file.name} lacks the column {' and '.join(missing)} of the layout "
            f"'{layout.name}' (columns found: {found})"
        )
    return ListFile(file, layout, tuple(columns))
