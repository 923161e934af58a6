"""Setting a title: widths, line breaks, the largest size that fits.

A server has no browser to measure text with, so widths are those of a common bold sans serif;
lines are then drawn with ``textLength``, which makes other fonts keep to them.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

ELLIPSIS: Final = "…"
BREAK_AFTER: Final = " ☆★×♪♡・"

_NARROW: Final = {
    **dict.fromkeys("ijl.,:;'|!", 0.29),
    **dict.fromkeys("ftr()[]-/ I", 0.36),
    **dict.fromkeys("mwMW@%", 0.9),
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZ&", 0.71),
}
_LETTER: Final = 0.575


def is_wide(char: str) -> bool:
    """Tell whether a character fills a square (Japanese, Chinese, Korean, full width)."""
    return unicodedata.east_asian_width(char) in "WF"


def text_width(text: str) -> float:
    """Return the width of a line in units of its font size."""
    return sum(1.0 if is_wide(char) else _NARROW.get(char, _LETTER) for char in text)


@dataclass(frozen=True)
class Setting:
    """A title set in lines."""

    size: float
    lines: tuple[str, ...]

    @property
    def leading(self) -> float:
        """The distance from one baseline to the next."""
        return self.size * 1.13

    @property
    def height(self) -> float:
        """From the top of the first line to the last baseline."""
        return self.size * 0.8 + self.leading * (len(self.lines) - 1)


def set_title(title: str, width: float) -> Setting:
    """Set a title into a column: few words large, many words small, too many cut short."""
    words = _words(" ".join(title.split()))
    for size, most_lines in ((46, 2), (40, 3), (34, 3), (29, 4), (25, 5), (21, 6)):
        lines = _break(words, width / size)
        if len(lines) <= most_lines and all(text_width(line) <= width / size for line in lines):
            return Setting(size, tuple(_balance(words, width / size, lines)))
    room = width / 21
    pieces = [piece for word in words for piece in _chop(word, room)]
    lines = _break(pieces, room)
    if len(lines) > 6:
        last = lines[5]
        while last and text_width(last + ELLIPSIS) > room:
            last = last[:-1]
        lines = [*lines[:5], last.rstrip() + ELLIPSIS]
    return Setting(21, tuple(lines))


def _words(title: str) -> list[str]:
    """Split where a line may break: after spaces and ornaments, between full-width characters."""
    words = [""]
    for char in title:
        if words[-1] and (
            words[-1][-1] in BREAK_AFTER or (is_wide(char) and char not in "。、！？ーっ）」』")
        ):
            words.append("")
        words[-1] += char
    return [word for word in words if word]


def _chop(word: str, room: float) -> list[str]:
    """Cut a word that is longer than a line."""
    pieces = [""]
    for char in word:
        if pieces[-1] and text_width(pieces[-1] + char) > room:
            pieces.append("")
        pieces[-1] += char
    return pieces


def _break(words: list[str], room: float) -> list[str]:
    lines = [""]
    for word in words:
        if lines[-1] and text_width((lines[-1] + word).rstrip()) > room:
            lines.append("")
        lines[-1] += word
    return [line.rstrip() for line in lines]


def _balance(words: list[str], room: float, lines: list[str]) -> list[str]:
    """Narrow the column as long as the number of lines stays: no lonely last word."""
    while room > 1:
        narrower = _break(words, room * 0.94)
        if len(narrower) > len(lines) or any(text_width(line) > room * 0.94 for line in narrower):
            return lines
        room *= 0.94
        lines = narrower
    return lines
