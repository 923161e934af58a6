"""The layouts in which catalogues come, known by their columns or keys."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, BinaryIO

from anirec.data import catalogue_csv, catalogue_json
from anirec.data.decoding import decode

if TYPE_CHECKING:
    from anirec.data.rejects import Rejects
    from anirec.data.show import Show

_OUR_JSON = re.compile(rf'\{{.*"{catalogue_json.ID}"\s*:')


def recognise(head: bytes) -> str | None:
    """Return the layout of a catalogue file, ``None`` if it is not a catalogue.

    Parameters
    ----------
    head
        The first bytes after decompression, 64 KiB at most.
    """
    text = decode(head).lstrip()
    if text.startswith("{"):
        return catalogue_json.LAYOUT if _OUR_JSON.match(text) else None
    try:
        header = next(csv.reader(text.splitlines()[:1]), [])
    except csv.Error:
        return None
    columns = {column.strip() for column in header}
    layouts = catalogue_csv.LAYOUTS.values()
    return next((layout.name for layout in layouts if layout.signature <= columns), None)


def read_catalogue(layout: str, name: str, stream: BinaryIO, rejects: Rejects) -> list[Show]:
    """Read a catalogue file into shows that hold what this file knows of them.

    A title that the file lacks is empty, and franchises are not computed: ``merge`` completes both.

    Parameters
    ----------
    layout
        What ``recognise`` returned.
    name
        How messages and rejected rows call the file.
    stream
        The decompressed file. It is read whole: a catalogue is bounded by the number of anime.
        Of a file that is cut off the rows up to there are read.
    rejects
        Takes each row that cannot be used, with its line number and the reason.

    Raises
    ------
    DataError
        If a required column is missing.
    """
    text = decode(stream.read())
    if layout == catalogue_json.LAYOUT:
        return catalogue_json.read(name, text, rejects)
    return catalogue_csv.read(catalogue_csv.LAYOUTS[layout], name, text, rejects)
