"""What a misspelt title may have meant: the words and whole titles that come closest to it."""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING, Final

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SHORTEST: Final = 4
"""Letters that a word must have to be corrected: of shorter ones too many come close."""
ALIKE: Final = 0.7
"""Least similarity: one less the share of letters that are wrong, missing, too many or swapped."""
PER_WORD: Final = 4
TRIED: Final = 16


class Spelling:
    """Corrects words and whole titles.

    Closeness is optimal string alignment: what is counted are letters to insert, delete or replace,
    and neighbours to swap (Damerau, CACM 1964).

    Parameters
    ----------
    titles
        Folded titles, most popular first: of words that are equally close the first counts.
    """

    def __init__(self, titles: Iterable[str]) -> None:
        words: dict[str, None] = {}
        whole: dict[str, str] = {}
        for title in titles:
            words.update(dict.fromkeys(word for word in title.split() if len(word) >= SHORTEST))
            whole.setdefault(title.replace(" ", ""), title)
        self._words = list(words)
        self._joined = list(whole)
        self._whole = list(whole.values())

    def words(self, query: str) -> Iterator[list[str]]:
        """Yield the words of a folded query with the likeliest corrections, likeliest first."""
        choices = []
        for word in query.split():
            close = [(word, 1.0)]
            if len(word) >= SHORTEST:
                close = [(found, alike) for found, alike, _ in self._close(word, self._words)]
            if not close:
                return
            choices.append(close)
        ranked = sorted(
            islice(product(*choices), PER_WORD**4),
            key=lambda words: -sum(alike for _, alike in words),
        )
        for words in ranked[:TRIED]:
            yield [word for word, _ in words]

    def titles(self, query: str, n: int) -> list[str]:
        """Return the titles closest to a folded query, spaces left out of account."""
        close = self._close(query.replace(" ", ""), self._joined, n)
        return [self._whole[place] for _, _, place in close]

    def _close(
        self, text: str, among: list[str], n: int = PER_WORD
    ) -> list[tuple[str, float, int]]:
        return extract(text, among, scorer=OSA.normalized_similarity, score_cutoff=ALIKE, limit=n)
