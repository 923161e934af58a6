"""Sums over many answers: what serving counts, and what two of them differ by."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

from anirec.monitoring.answer_profile import LENGTH_BORDERS, AnswerProfile
from anirec.monitoring.distinct_shows import N_REGISTERS, count_distinct, registers_of
from anirec.ranking.show_traits import POPULARITY_GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from anirec.ranking.show_traits import ShowTraits

N_LENGTHS: Final = len(LENGTH_BORDERS) + 1


@dataclass(frozen=True)
class Counts:
    """Sums over answers. Of a mix each answer brings 1, shared by its groups."""

    answers: int
    list_length: NDArray[np.float64]
    """(15,) answers by group of list lengths; the first is cold viewers."""
    list_genres: dict[str, float]
    recommended_genres: dict[str, float]
    recommended_popularity: NDArray[np.float64]
    """(10,)"""
    recommended_shows: int
    """Places filled with a show."""
    registers: NDArray[np.int64]
    """(256,) see ``distinct_shows``."""
    feedback: dict[str, float] = field(default_factory=dict)
    """Events by kind, of shows that were recommended; live only"""

    @classmethod
    def of(cls, profiles: Iterable[AnswerProfile], traits: ShowTraits) -> Self:
        """Sum up some answers."""
        answers = list(profiles)
        lengths = np.array([answer.list_length for answer in answers], dtype=np.int64)
        registers = np.zeros(N_REGISTERS, dtype=np.int64)
        shown = [answer.recommended_rows for answer in answers]
        rows = np.concatenate(shown) if shown else np.empty(0, dtype=np.int32)
        np.maximum.at(registers, *registers_of(traits.index.ids(rows)))
        return cls(
            answers=len(answers),
            list_length=length_groups(lengths),
            list_genres=_named(traits, [answer.list_genres for answer in answers]),
            recommended_genres=_named(traits, [answer.recommended_genres for answer in answers]),
            recommended_popularity=sum(
                (answer.recommended_popularity for answer in answers),
                start=np.zeros(POPULARITY_GROUPS),
            ),
            recommended_shows=len(rows),
            registers=registers,
        )

    @property
    def cold_viewers(self) -> int:
        """Answers to viewers without a watched show."""
        return round(float(self.list_length[0]))

    @property
    def distinct_shows(self) -> float:
        """Estimate of how many distinct shows were recommended."""
        return count_distinct(self.registers)

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return {
            each.name: value.tolist() if isinstance(value, np.ndarray) else value
            for each in fields(self)
            for value in [getattr(self, each.name)]
        }

    @classmethod
    def from_dict(cls, about: dict[str, Any]) -> Self:
        """Rebuild from ``to_dict``."""
        arrays: dict[str, Any] = {
            name: np.array(about[name], dtype=kind)
            for name, kind in (
                ("list_length", np.float64),
                ("recommended_popularity", np.float64),
                ("registers", np.int64),
            )
        }
        return cls(**{**about, **arrays})

    def plus(self, other: Counts) -> Counts:
        """Return the counts of two servers together."""
        return self._combined(other, 1)

    def since(self, before: Counts) -> Counts:
        """Return what came after an earlier reading of the same server.

        After a restart counters begin anew: then all of them came after. Distinct shows cannot be
        taken away, so they stay those since the start.
        """
        return self if before.answers > self.answers else self._combined(before, -1)

    def _combined(self, other: Counts, sign: int) -> Counts:
        def named(one: dict[str, float], two: dict[str, float]) -> dict[str, float]:
            return {
                name: max(one.get(name, 0.0) + sign * two.get(name, 0.0), 0.0)
                for name in one.keys() | two.keys()
            }

        return Counts(
            self.answers + sign * other.answers,
            self.list_length + sign * other.list_length,
            named(self.list_genres, other.list_genres),
            named(self.recommended_genres, other.recommended_genres),
            np.maximum(self.recommended_popularity + sign * other.recommended_popularity, 0),
            self.recommended_shows + sign * other.recommended_shows,
            np.maximum(self.registers, other.registers) if sign > 0 else self.registers,
            named(self.feedback, other.feedback),
        )


def length_groups(lengths: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return (15,) how many lists fall into each group of lengths."""
    groups = np.searchsorted(LENGTH_BORDERS, lengths, side="left")
    return np.bincount(groups, minlength=N_LENGTHS).astype(np.float64)


def _named(traits: ShowTraits, mixes: list[NDArray[np.float64]]) -> dict[str, float]:
    total = sum(mixes, start=np.zeros(len(traits.genres)))
    return dict(zip(traits.genres, total.tolist(), strict=True))
