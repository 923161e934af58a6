"""Finding shows by title while a person types: any language, any case, with or without accents."""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.bundle.spelling import Spelling

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from anirec.data.show import Show

TITLES_FILE: Final = "titles.txt"
ROWS_FILE: Final = "titles_rows.npy"

# Lines: "|title|title|...|\n" of a show, most popular show first. Folding removes both signs.
EDGE = "|"


def fold(text: str) -> str:
    """Return ``text`` in lower case, without accents, with one space for all else but letters."""
    plain = "".join(
        char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)
    )
    return " ".join("".join(c if c.isalnum() else " " for c in plain.casefold()).split())


def write_titles(directory: Path, shows: Sequence[Show], popularity: Sequence[float]) -> None:
    """Write the folded titles of the shows, the most popular first, into ``directory``."""
    order = sorted(range(len(shows)), key=lambda row: (-popularity[row], row))
    lines = []
    for row in order:
        show = shows[row]
        names = (show.title, show.title_english, show.title_japanese, *show.synonyms)
        folded = dict.fromkeys(fold(name) for name in names if name)
        lines.append(EDGE + EDGE.join(name for name in folded if name) + EDGE + "\n")
    (directory / TITLES_FILE).write_bytes("".join(lines).encode())
    np.save(directory / ROWS_FILE, np.array(order, dtype=np.int32))


class TitleSearch:
    """Searches all titles and synonyms; equally good matches come most popular first.

    Parameters
    ----------
    directory
        What ``write_titles`` wrote.
    """

    def __init__(self, directory: Path) -> None:
        self._text = (directory / TITLES_FILE).read_bytes()
        self._rows = np.load(directory / ROWS_FILE)
        self._ends = np.flatnonzero(np.frombuffer(self._text, dtype=np.uint8) == ord("\n"))

    def rows(self, query: str, n: int) -> list[int]:
        """Return up to ``n`` rows, best match first.

        A whole title counts more than the start of one, that more than the start of a word, that
        more than any place, and that more than all words somewhere in the show's titles. Where
        all of that finds nothing, what is spelt alike does (``spelling.py``).
        """
        wanted = fold(query)
        if not wanted or n < 1:
            return []
        found: dict[int, None] = {}
        for pattern in (f"{EDGE}{wanted}{EDGE}", f"{EDGE}{wanted}", f" {wanted}", wanted):
            self._collect(found, self._lines_with(pattern.encode()), n)
        words = sorted((word.encode() for word in wanted.split()), key=len, reverse=True)
        if len(words) > 1:
            self._collect(found, self._lines_with(*words), n)
        if not found:
            self._collect_alike(found, wanted, n)
        return [int(self._rows[line]) for line in found]

    def _collect_alike(self, found: dict[int, None], wanted: str, n: int) -> None:
        for words in self._spelling.words(wanted):
            self._collect(found, self._lines_with(*(word.encode() for word in words)), n)
        if len(found) == n:
            return
        for title in self._spelling.titles(wanted, n):
            self._collect(found, self._lines_with(f"{EDGE}{title}{EDGE}".encode()), n)

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(title for title in re.split(r"[|\n]+", self._text.decode()) if title)

    def _collect(self, found: dict[int, None], lines: Iterator[int], n: int) -> None:
        while len(found) < n and (line := next(lines, None)) is not None:
            found.setdefault(line)

    def _lines_with(self, first: bytes, *others: bytes) -> Iterator[int]:
        """Yield the numbers of the lines that hold all the given pieces."""
        at = self._text.find(first)
        while at >= 0:
            line = int(np.searchsorted(self._ends, at))
            start, end = int(self._ends[line - 1]) + 1 if line else 0, int(self._ends[line])
            if all(self._text.find(piece, start, end) >= 0 for piece in others):
                yield line
            at = self._text.find(first, end)
