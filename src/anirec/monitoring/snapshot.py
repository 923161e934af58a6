"""What a bundle's training lists look like, and what the bundle recommends to them: a document of it.

It holds sums over all of them, nothing of a single viewer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

from anirec.errors import BundleError
from anirec.monitoring.counts import Counts

if TYPE_CHECKING:
    from pathlib import Path

SNAPSHOT_VERSION: Final = 1

SIZES: Final = (50, 100, 200, 500, 1000)
"""Numbers of answers for which chance is measured."""


@dataclass(frozen=True)
class Snapshot:
    """What ``training_snapshot.json`` holds."""

    counts: Counts
    """Of the answers to a sample of the training viewers"""
    distinct_answers: tuple[float, ...]
    """Numbers of answers, ascending, ..."""
    distinct_shows: tuple[float, ...]
    """... and how many distinct shows so many bring"""
    chance: dict[str, tuple[float, ...]]
    """Per mix: what its statistic stays below by chance, for each of ``SIZES`` answers"""

    def by_chance(self, measure: str, answers: int) -> float:
        """Return what a mix's statistic stays below where only chance sets ``answers`` apart."""
        # Both sides are samples: together they spread like one of this size.
        size = answers * self.counts.answers / (answers + self.counts.answers)
        return float(np.interp(np.log(size), np.log(SIZES), self.chance[measure]))

    def expected_distinct(self, places: int) -> float:
        """Return how many distinct shows fill as many places, at most those of the snapshot."""
        per_answer = self.counts.recommended_shows / max(self.counts.answers, 1)
        answers = places / max(per_answer, 1.0)
        return float(np.interp(answers, self.distinct_answers, self.distinct_shows))

    def to_json(self) -> str:
        """Return it as the text of the file."""
        about = {
            "version": SNAPSHOT_VERSION,
            "counts": self.counts.to_dict(),
            "distinct_answers": self.distinct_answers,
            "distinct_shows": self.distinct_shows,
            "chance": self.chance,
        }
        return json.dumps(about, ensure_ascii=False, sort_keys=True) + "\n"

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the file of a bundle.

        Raises
        ------
        BundleError
            If the bundle has none, or one of another version.
        """
        try:
            about: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            if (version := about["version"]) != SNAPSHOT_VERSION:
                raise BundleError(
                    f"{path} is of version {version} and this anirec reads {SNAPSHOT_VERSION}: "
                    "publish the bundle again"
                )
            return cls(
                Counts.from_dict(about["counts"]),
                tuple(about["distinct_answers"]),
                tuple(about["distinct_shows"]),
                {name: tuple(values) for name, values in about["chance"].items()},
            )
        except FileNotFoundError:
            raise BundleError(
                f"{path.parent} has no {path.name}, which newer bundles bring: publish it again"
            ) from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BundleError(f"{path} cannot be read: {error}") from None
