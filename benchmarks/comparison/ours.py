"""Our trained models, their hybrid and the learned ranker as contestants."""

from __future__ import annotations

import time
from copy import copy
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from anirec.evaluation.contestants import Contestants
from anirec.evaluation.figures import TOP_N
from anirec.evaluation.full_ranking import rank_pools, top_items
from anirec.models.registry import MODELS
from anirec.pipeline.learned_stage import PART_NAMES, learned_ranker
from anirec.pipeline.training import hybrid_of, load_trained, read_blend
from anirec.ranking.learned.learned_ranker import LearnedRanker
from comparison.contestant import Contestant
from comparison.new_franchises import NewFranchises
from comparison.questions import NEW_FRANCHISES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from anirec.data.histories import Histories
    from anirec.data.split import Split
    from anirec.evaluation.contestants import NamedScorer
    from anirec.evaluation.full_ranking import Scorer
    from anirec.params import Params
    from anirec.progress import Progress
    from comparison.questions import Question

PREFIX: Final = "anirec "
TIMED_REQUESTS: Final = 100
WARM_UP: Final = 5
HYBRID: Final = "hybrid"
SETTINGS: Final = (0.0, 0.3, 1.0)
"""Of discovery, besides that of ``params.yaml``"""


def rank_ours(
    split: Split,
    models: Path,
    params: Params,
    questions: Mapping[str, Question],
    fit_costs: Mapping[str, Mapping[str, float]],
    progress: Progress,
) -> Iterator[Contestant]:
    """Rank for the test viewers with all that is trained.

    Parameters
    ----------
    questions
        By name.
    fit_costs
        By model, what fitting was measured to cost.
    """
    trained = load_trained(MODELS, models, split, params, progress)
    blend = read_blend(models, split.about, params, progress)
    hybrid = hybrid_of(trained, blend) if blend else None
    learned = learned_ranker(models, trained, split.about, params, progress)
    extras: list[NamedScorer] = []
    if learned is not None:
        extras = [learned, *(at(learned, discovery) for discovery in SETTINGS)]
    seen = split.test.history
    with threadpool_limits(1):
        for name, scorer in Contestants(trained, hybrid, extras).scorers().items():
            tops = {}
            for asked, (known, left_out) in questions.items():
                label = f"{name}: {asked}"
                asked_of = scorer
                if asked == NEW_FRANCHISES and isinstance(scorer, LearnedRanker):
                    asked_of = NewFranchises(scorer)
                (tops[asked],) = rank_pools(
                    asked_of, known, left_out, TOP_N, [None], progress, label
                )
            model = HYBRID if hybrid is not None and scorer is hybrid else name
            if model == HYBRID and blend is not None:
                parts = [blend.collaborative, blend.content]
            else:
                by_trees = isinstance(scorer, LearnedRanker)
                parts = [*PART_NAMES, LearnedRanker.name] if by_trees else [name]
            yield Contestant(
                name=PREFIX + model,
                ours=True,
                source=f"anirec {version('anirec')}",
                tops=tops,
                costs={
                    **fit_costs.get(model, {}),
                    "model_mb": sum(megabytes(models / part) for part in parts),
                    "request_ms": milliseconds(scorer, seen),
                },
                new_viewers="yes",
                settings={"model": model},
            )


def at(ranker: LearnedRanker, discovery: float) -> LearnedRanker:
    """Return the same ranker with another setting of discovery."""
    other = copy(ranker)
    other.discovery = discovery
    other.name = f"{ranker.name}, discovery {discovery:g}"
    return other


def milliseconds(scorer: Scorer, lists: Histories) -> float:
    """Return the median processor time of one list's ranking."""
    took = []
    for row in range(min(TIMED_REQUESTS + WARM_UP, len(lists))):
        one = lists.select(slice(row, row + 1))
        began = time.process_time()
        top_items(scorer.score(one), one, TOP_N)
        took.append(1000 * (time.process_time() - began))
    return float(np.median(took[WARM_UP:] or took))


def megabytes(directory: Path) -> float:
    """Return the size of a model on disk."""
    return sum(path.stat().st_size for path in directory.glob("*.npy")) / 1e6
