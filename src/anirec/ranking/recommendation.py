"""What a caller gets: recommended shows with their scores and reasons."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from anirec.data.show import Show
    from anirec.ranking.reasons import Reason


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One recommended show. The components add up to the score."""

    anime_id: int
    title: str
    score: float
    components: dict[str, float]
    reasons: list[Reason] = field(default_factory=list)
    """What speaks for the show, strongest first, then what speaks against it, strongest first.

    Per component they add up to it, up to a rest that is not explained."""
    instead_of: int | None = None
    """The show whose place this one has, because it is to be watched first; mostly None."""

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        # By hand: asdict copies every number and text, a tenth of the time of an answer.
        return {
            "anime_id": self.anime_id,
            "title": self.title,
            "score": self.score,
            "components": self.components.copy(),
            "reasons": [reason.to_dict() for reason in self.reasons],
            "instead_of": self.instead_of,
        }


class Recommendations(list[Recommendation]):
    """The recommended shows, best first, and what was left out on the way.

    Attributes
    ----------
    ignored
        Ids of the request that the catalogue lacks.
    removed
        Per filter in use, how many candidates it removed.
    watched
        Ids of the shows on the list, without plan-to-watch: int32 (n_watched,).
    refills
        How often more candidates were scored because filters left too few of the best.
    """

    def __init__(
        self,
        shows: Iterable[Recommendation] = (),
        ignored: Iterable[int] = (),
        removed: Mapping[str, int] | None = None,
        watched: NDArray[np.int32] | None = None,
        refills: int = 0,
    ) -> None:
        super().__init__(shows)
        self.ignored = tuple(ignored)
        self.removed = dict(removed or {})
        self.watched = np.empty(0, dtype=np.int32) if watched is None else watched
        self.refills = refills


def recommended(
    shows: Sequence[Show],
    components: Mapping[str, NDArray[np.floating[Any]]],
    reasons: Sequence[list[Reason]] | None = None,
) -> list[Recommendation]:
    """Return the shows as recommendations, in their order.

    Parameters
    ----------
    shows, reasons
        The shows, and the reasons of each; None where no reasons are asked for.
    components
        Per component (n_shows,), what it adds to the score of each.
    """
    answer = []
    for place, show in enumerate(shows):
        parts = {name: float(part[place]) for name, part in components.items()}
        answer.append(
            Recommendation(
                anime_id=show.anime_id,
                title=show.title,
                score=sum(parts.values()),
                components=parts,
                reasons=reasons[place] if reasons else [],
            )
        )
    return answer
