"""MyAnimeList's export: XML, or nearly.

https://myanimelist.net/panel.php?go=export writes ``<myanimelist>`` with one ``<anime>`` a show.
Other sites and old scripts write the same with statuses as numbers, ``&`` unescaped, fields left
out. Read event by event, so that no document can grow a tree; a document type, and so every
entity of its own, is refused (defusedxml).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

import numpy as np
from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser

from anirec.lists.errors import ListFileError, TooLargeError
from anirec.lists.read_list import ListBuilder, Site, show_id_of
from anirec.lists.scores import rating_of
from anirec.lists.statuses import mal_status

if TYPE_CHECKING:
    from xml.sax.xmlreader import AttributesImpl

    from anirec.lists.read_list import ReadList

SOURCE: Final = "MyAnimeList export"
ROOT: Final = "myanimelist"
ANIME: Final = "anime"
MANGA: Final = "manga"

ID_FIELDS: Final = ("series_animedb_id", "anime_animedb_id", "series_id")
TITLE: Final = "series_title"
SCORE: Final = "my_score"
STATUS: Final = "my_status"
WANTED: Final = frozenset((*ID_FIELDS, TITLE, SCORE, STATUS))

MAX_ELEMENTS: Final = 700_000
"""A list of 20,000 entries has 520,000."""
MAX_AMPERSANDS: Final = 200_000
"""In a file that has to be repaired."""
MOST: Final = {
    b"<": 1_500_000,
    b"=": 200_000,
    b"\n": 1_500_000,
    b"\r": 1_500_000,
    b"<![CDATA[": 100_000,
}
"""How often these may stand in an export.

A list of 20,000 entries has a million tags, half a million lines and no attribute.
"""
MAX_TOKEN: Final = 1_000_000
MAX_TEXT: Final = 2_000
"""Characters of a field that are looked at."""

_STRAY_AMPERSAND: Final = re.compile(
    rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)"
)
_CONTROLS: Final = bytes(set(range(32)) - set(b"\t\n\r")) + b"\x7f"
_ENCODING: Final = re.compile(rb"^\s*<\?xml[^>]{0,200}\?>")


def read(data: bytes, name: str) -> ReadList:
    """Read an export.

    Raises
    ------
    ListFileError
        If it is other XML, a manga list, declares a document type, or is broken beyond repair.
    TooLargeError
        If it never ends.
    """
    _check_tokens(data, name)
    try:
        builder = _parse(data, name)
    except SAXParseException:
        try:
            builder = _parse(_repaired(data, name), name)
        except SAXParseException as error:
            raise ListFileError(
                f"{name} is broken XML in line {error.getLineNumber()} ({error.getMessage()}): "
                "export it again"
            ) from None
    if not builder.n_entries and builder.skipped[MANGA]:
        raise ListFileError(
            f"{name} is a manga list, and anirec recommends anime: export the anime list instead"
        )
    return builder.build(SOURCE)


def _check_tokens(data: bytes, name: str) -> None:
    """Refuse what would keep expat busy, or its memory full, where nothing can stop it."""
    for sign, most in MOST.items():
        if data.count(sign) > most:
            raise TooLargeError(f"{name} has more than {most:,} times {sign.decode()!a}")
    tags = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("<"))
    if np.diff(tags, append=len(data)).max(initial=0) > MAX_TOKEN:
        raise TooLargeError(f"{name} has more than {MAX_TOKEN:,} characters without a tag")


def _parse(data: bytes | bytearray, name: str) -> ListBuilder:
    builder = ListBuilder(name)
    parser = make_parser()
    parser.forbid_dtd = True
    try:
        parser.setContentHandler(_Reader(builder, name))
        # As a whole: fed in small pieces, expat looks at a long token again with each of them.
        parser.feed(data)
        parser.close()
    except DefusedXmlException:
        kind = "a web page" if b"<html" in data[:1000].lower() else "no MyAnimeList export"
        raise ListFileError(
            f"{name} is {kind}: it declares a document type, which is never read"
        ) from None
    except (LookupError, ValueError):
        # expat names encodings that Python then does not have.
        raise ListFileError(
            f"{name} names an unknown character encoding: save it as UTF-8"
        ) from None
    finally:
        # The parser and its handlers hold each other, and with them what was fed.
        parser.reset()
    return builder


def _repaired(data: bytes, name: str) -> bytearray:
    """Escape stray ampersands outside of CDATA; drop bytes that no XML may hold."""
    if data.count(b"&") > MAX_AMPERSANDS:
        raise TooLargeError(f"{name} has more than {MAX_AMPERSANDS:,} ampersands")
    data = _ENCODING.sub(b"", data, count=1).translate(None, _CONTROLS)
    if not data.isascii():
        data = data.decode("utf-8", "replace").encode()
    repaired = bytearray()
    at = 0
    while at < len(data):
        start = _find(data, b"<![CDATA[", at)
        end = _find(data, b"]]>", start)
        repaired += _STRAY_AMPERSAND.sub(b"&amp;", data[at:start])
        repaired += data[start:end]
        at = end
    return repaired


def _find(data: bytes, sign: bytes, start: int) -> int:
    """Return where a sign stands, the end of the data if nowhere."""
    found = data.find(sign, start)
    return found if found >= 0 else len(data)


class _Reader(ContentHandler):
    """Collects the entries; knows where it is by the name of the entry it is in."""

    def __init__(self, builder: ListBuilder, name: str) -> None:
        super().__init__()
        self._builder = builder
        self._name = name
        self._n_elements = 0
        self._entry: dict[str, str] | None = None
        """The fields of the <anime> that is open."""
        self._field: str | None = None
        self._text: list[str] = []
        self._length = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        """Take note of an element that opens."""
        name = _bare(name)
        self._n_elements += 1
        if self._n_elements == 1 and name != ROOT:
            kind = (
                "a web page"
                if name == "html"
                else f"XML, but no MyAnimeList export (it begins with <{name[:40]}>)"
            )
            raise ListFileError(f"{self._name} is {kind}")
        if self._n_elements > MAX_ELEMENTS:
            raise TooLargeError(f"{self._name} has more than {MAX_ELEMENTS:,} elements")
        if self._entry is not None:
            if name in WANTED:
                self._field, self._text, self._length = name, [], 0
        elif name == ANIME:
            self._entry = {}
        elif name == MANGA:
            self._builder.skip(MANGA)

    def characters(self, content: str) -> None:
        """Take text of a field that is wanted."""
        if self._field is not None and self._length < MAX_TEXT:
            self._text.append(content[:MAX_TEXT])
            self._length += len(content)

    def endElement(self, name: str) -> None:  # noqa: N802
        """Take a field, or the whole entry."""
        name = _bare(name)
        entry = self._entry
        if entry is None:
            return
        if name == self._field:
            entry[name] = "".join(self._text).strip()
            self._field = None
        elif name == ANIME:
            self._entry = None
            self._builder.add(
                Site.MYANIMELIST,
                show_id_of(next((entry[key] for key in ID_FIELDS if entry.get(key)), None)),
                rating_of(entry.get(SCORE)),
                mal_status(entry.get(STATUS)),
                entry.get(TITLE),
            )


def _bare(name: str) -> str:
    """Return an element's name without prefix."""
    return name.rpartition(":")[2].lower()
