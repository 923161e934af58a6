"""Progress for people: bars on a terminal, plain lines elsewhere, silence by default."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Progress:
    """Takes steps and counted work; this base class keeps silent (for library use)."""

    def step(self, text: str) -> None:
        """Say one line about what happens now."""

    @contextmanager
    def bar(self, text: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        """Open counted work; call what it yields with the number of units done since."""
        yield lambda done: None


SILENT = Progress()


class ConsoleProgress(Progress):
    """Writes to standard error, so that standard output stays for results."""

    def step(self, text: str) -> None:
        """Say one line about what happens now."""
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()

    @contextmanager
    def bar(self, text: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        """Open counted work: a bar on a terminal, one line at the end elsewhere."""
        if not sys.stderr.isatty():
            done_so_far = 0

            def count(done: int) -> None:
                nonlocal done_so_far
                done_so_far += done

            yield count
            self.step(f"{text}: {done_so_far:,}")
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        with RichProgress(*columns, console=Console(stderr=True)) as rich_progress:
            task = rich_progress.add_task(text, total=total)
            yield lambda done: rich_progress.advance(task, done)
