"""Which importer a file is for: told by what it holds, never by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from anirec.lists import anilist_json, mal_xml, own_csv
from anirec.lists.errors import ListFileError
from anirec.lists.unpacking import first_byte, unpack

if TYPE_CHECKING:
    from anirec.lists.read_list import ReadList

KNOWN: Final = (
    "give MyAnimeList's export (.xml or .xml.gz), AniList's gdpr_data.json or list JSON, or a CSV "
    "with the column anime_id"
)


def read_list(data: bytes, name: str = "the file") -> ReadList:
    """Read a list from the bytes of a file.

    Parameters
    ----------
    data
        The whole file, packed with gzip or not.
    name
        The file in messages.

    Raises
    ------
    ListFileError
        In one sentence: why it cannot be read, and where.
    TooLargeError
        If it holds more than is read.
    """
    data = unpack(data, name)
    start = first_byte(data)
    if start == b"<":
        return mal_xml.read(data, name)
    if start in (b"{", b"["):
        return anilist_json.read(data, name)
    if own_csv.is_list(data):
        return own_csv.read(data, name)
    raise ListFileError(f"{name} is no list that is known: {KNOWN}")
