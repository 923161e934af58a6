"""Rows and values that could not be used: counted by reason and written beside the output."""

from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import TextIO

COLUMNS = ("source", "line", "reason", "text")
MAX_TEXT = 200


def left_out_reason(problem: str) -> str:
    """Return the reason for a row that is kept, but without one of its values."""
    return f"{problem}; kept without it"


class Rejects:
    """Collects rejected rows and values; a row is written as soon as it is added, so memory stays flat.

    Parameters
    ----------
    path
        CSV file to write (``source,line,reason,text``); ``None`` only counts.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.by_reason: Counter[str] = Counter()
        self._file: TextIO | None = None
        if path is not None:
            self._file = path.open("w", encoding="utf-8", newline="")
            self._writer = csv.writer(self._file, lineterminator="\n")
            self._writer.writerow(COLUMNS)

    def add(self, source: str, line: int, reason: str, text: str = "") -> None:
        """Reject one row.

        Parameters
        ----------
        source
            Name of the file as the person gave it.
        line
            Line number in that file, counted from 1; 0 where the whole file is meant.
        reason
            A short phrase; the summary counts equal phrases together.
        text
            The row or the value at fault; only its first 200 characters are kept.
        """
        self.by_reason[reason] += 1
        if self._file is not None:
            self._writer.writerow((source, line, reason, text[:MAX_TEXT]))

    @property
    def count(self) -> int:
        """Number of rows rejected so far."""
        return self.by_reason.total()

    def close(self) -> None:
        """Finish the file; adding afterwards is an error."""
        if self._file is not None:
            self._file.close()

    def __enter__(self) -> Rejects:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
