"""The learned ranker between the stages: trained beside the models, found again by what made it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from anirec.data.staging import staged_directory
from anirec.models.base import FitContext
from anirec.models.ease import Ease
from anirec.models.item_neighbours import ItemNeighbours
from anirec.models.popularity import Popularity
from anirec.pipeline.ranker_training import LONGEST_LIST, SHORTEST_LIST, train_ranker
from anirec.pipeline.recipe import recipe_of
from anirec.progress import SILENT, Progress
from anirec.ranking.learned.learned_ranker import PARTS, LearnedRanker, Parts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from anirec.data.split import Split
    from anirec.models.registry import AnyModel
    from anirec.params import Params
    from anirec.pipeline.evaluation import ExtraScorers
    from anirec.pipeline.training import Workplace

PART_NAMES: Final = tuple(model.name for model in PARTS)
"""The models that a learned ranker reads, in the order of its recipe."""
TRAINED_FILE: Final = "trained.json"


def parts_of_answers(params: Params) -> set[str]:
    """Return the names of all models that a bundle answers with."""
    names = {Popularity.name, params.hybrid.collaborative, params.hybrid.content}
    # The learned ranker stands on models of its own choice, and takes the place of their blend only.
    return names | set(PART_NAMES) if names <= set(PART_NAMES) else names


def train_and_save_ranker(
    models: Mapping[str, AnyModel], split: Split, params: Params, out: Path, workplace: Workplace
) -> bool:
    """Train the ranker on the training viewers and write ``<out>/learned``.

    It is trained whenever Ease has just been fitted, for then its inverse is at hand.

    Returns
    -------
    Whether it was trained.
    """
    ease = models.get(Ease.name)
    if not isinstance(ease, Ease) or ease.inverse is None:
        return False
    parts = Parts.of(models)
    if parts is None:
        missing = next(name for name in PART_NAMES if name not in models)
        workplace.progress.step(
            f"the learned ranker is not trained: {missing} is not trained; "
            "run `anirec train --model all`"
        )
        return False
    context = FitContext(seed=params.seed, threads=params.threads, progress=workplace.progress)
    if parts.neighbours.counts is None:
        # It was loaded, and counting again takes seconds.
        parts = parts._replace(
            neighbours=ItemNeighbours(parts.neighbours.config).fit(split.train, context)
        )
    ranker = train_ranker(split.train, parts, split.history_share, context)
    ease.inverse = None
    parts.neighbours.counts = None
    if ranker is None:
        workplace.progress.step(
            f"the learned ranker is not trained: it learns from lists of {SHORTEST_LIST} to "
            f"{LONGEST_LIST} entries, and finds nothing in those given"
        )
        return False
    with staged_directory(out / LearnedRanker.name) as draft:
        ranker.save(draft)
        about = recipe_of(PART_NAMES, split.about, params)
        (draft / TRAINED_FILE).write_text(json.dumps(about, indent=1) + "\n")
    workplace.run.model(LearnedRanker.name, out / LearnedRanker.name)
    return True


def learned_ranker(
    models: Path,
    fitted: Mapping[str, AnyModel],
    split_about: Mapping[str, Any],
    params: Params,
    progress: Progress = SILENT,
) -> LearnedRanker | None:
    """Return the trained ranker on these models; None if there is none for them.

    One of another split or other settings, or that cannot be read, is left out, with a line to
    ``progress``.
    """
    directory = models / LearnedRanker.name
    if not directory.exists():
        return None
    parts = Parts.of(fitted)
    if parts is None:
        return None
    try:
        about = json.loads((directory / TRAINED_FILE).read_text())
        if about == recipe_of(PART_NAMES, split_about, params):
            ranker = LearnedRanker.load(directory, parts)
            # Chosen after training, and no reason to train again.
            ranker.discovery = params.ranking.discovery
            return ranker
        why = "it was trained on another split or with other settings"
    except (OSError, ValueError, KeyError) as error:
        why = " ".join(str(error).split())
    progress.step(f"{directory} is left out ({why}): run `anirec train --model all`")
    return None


def learned_scorers(
    models: Path, split: Split, params: Params, progress: Progress = SILENT
) -> ExtraScorers:
    """Return what puts the trained ranker on freshly fitted models; none if there is none."""

    def on(fitted: Mapping[str, AnyModel]) -> Sequence[LearnedRanker]:
        ranker = learned_ranker(models, fitted, split.about, params, progress)
        return [ranker] if ranker is not None else []

    return on
