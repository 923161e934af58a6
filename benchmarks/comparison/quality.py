"""Rankings to figures, by the evaluator of the product: its tasks, metrics and paired intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.evaluation.beyond_accuracy import coverage
from anirec.evaluation.bootstrap import Interval, paired_difference, ratio_interval
from anirec.evaluation.figures import HEADLINE, Figures, accuracy
from anirec.evaluation.protocols import DISCOVERY, ON_NEW_VIEWERS, task_of
from anirec.evaluation.report import TEST, Report, best_of
from comparison.questions import NEW_FRANCHISES, asked_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anirec.data.split import Split
    from comparison.contestant import Contestant

NEW_FRANCHISES_ONLY: Final = "discovery, by request"
"""What the protocol ``discovery`` looks for, found by who leaves known franchises out"""
SERVED: Final = ("learned", "hybrid", "ease")
"""Ours that answers a request, the first of these that is trained."""


def reports_of(contestants: Sequence[Contestant], split: Split) -> list[Report]:
    """Return the report of every protocol that asks one and the same fit, and of discovery by request."""
    reports = []
    measured = [(protocol, protocol, asked_by(protocol)) for protocol in ON_NEW_VIEWERS]
    measured.append((NEW_FRANCHISES_ONLY, DISCOVERY, NEW_FRANCHISES))
    for name, protocol, question in measured:
        task = task_of(protocol, split.test, split)
        counts = task.relevant.lengths > 0
        if not counts.any():
            continue
        figures = {}
        for contestant in contestants:
            top = contestant.tops[question]
            figures[contestant.name] = Figures(
                accuracy(top, task.relevant, split.train.n_items),
                {"coverage": coverage(top, split.train.n_items)},
            ).select(counts)
        viewers = split.test.history.user_ids[counts].tolist()
        reports.append(Report(name, TEST, viewers, split.train.n_items, figures))
    return reports


@dataclass(frozen=True)
class Gain:
    """How far ours is ahead of the best peer of one protocol, paired by viewer."""

    protocol: str
    ours: str
    peer: str
    """The peer with the highest mean of these very viewers, which favours the peers"""
    points: Interval
    """Difference of the means of NDCG@10"""
    share: Interval
    """Ratio of the means, less 1"""


def served(contestants: Sequence[Contestant]) -> str | None:
    """Return which of ours answers requests; None where none of them is trained."""
    ours = {contestant.settings.get("model"): contestant.name for contestant in contestants}
    return next((ours[model] for model in SERVED if model in ours), None)


def gains(reports: Sequence[Report], ours: str, peers: Sequence[str]) -> list[Gain]:
    """Compare one of ours with the best peer in each report."""
    found = []
    for report in reports:
        peer = best_of(list(peers), report.figures)
        one, other = (
            np.asarray(report.figures[name].per_viewer[HEADLINE]) for name in (ours, peer)
        )
        if other.any():
            points, share = paired_difference(one, other), ratio_interval(one, other)
            found.append(Gain(report.protocol, ours, peer, points, share))
    return found
