"""What more viewers would bring: the same models fitted on growing shares of the training viewers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from anirec.data.dataset import Dataset
from anirec.evaluation.bootstrap import Interval, mean_interval
from anirec.evaluation.draws import seed_of, uniform
from anirec.evaluation.figures import HEADLINE, measure
from anirec.evaluation.report import TEST, interval_to_dict, key
from anirec.progress import SILENT, Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from anirec.data.split import Split
    from anirec.evaluation.full_ranking import Scorer

SHARES: Final = (0.125, 0.25, 0.5, 1.0)


@dataclass(frozen=True)
class CurvePoint:
    """What the models reach when fitted on so many viewers."""

    share: float
    viewers: int
    models: dict[str, Interval]
    """The headline metric on new viewers"""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "share": self.share,
            "viewers": self.viewers,
            "models": {
                name: {key(HEADLINE): interval_to_dict(interval)}
                for name, interval in self.models.items()
            },
        }


def learning_curve(
    fit: Callable[[Dataset], Mapping[str, Scorer]],
    on: str,
    split: Split,
    progress: Progress = SILENT,
) -> list[CurvePoint]:
    """Fit on nested, seeded shares of the training viewers and measure each time on new viewers.

    Parameters
    ----------
    fit
        Returns fitted scorers by name; called once per share, the smallest first.
    on
        ``test`` or ``validation``.
    """
    fold = split.test if on == TEST else split.validation
    points = []
    for share, part in nested_parts(split):
        label = f"learning curve, {len(part.histories):,} viewers"
        figures = {
            name: measure(scorer, fold, progress, f"{label}: {name}")
            for name, scorer in fit(part).items()
        }
        reached = {
            name: mean_interval(of_model.per_viewer[HEADLINE]) for name, of_model in figures.items()
        }
        points.append(CurvePoint(share, len(part.histories), reached))
    return points


def nested_parts(split: Split) -> list[tuple[float, Dataset]]:
    """Return shares of the training data, each holding all viewers of the one before."""
    train = split.train
    seed = seed_of(split.about["params"]["salt"], "learning curve")
    place = uniform(seed, train.histories.user_ids)
    return [
        (share, Dataset(train.index, train.shows, train.histories.select(place < share)))
        for share in SHARES
    ]
