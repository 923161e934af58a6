"""The learned ranker between the stages: trained beside the models, found again by what made it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from anirec.data.staging import staged_directory
from anirec.models.base import FitContext
from anirec.models.content import Content
from anirec.models.ease import Ease
from anirec.models.popularity import Popularity
from anirec.pipeline.ranker_training import train_ranker
from anirec.pipeline.recipe import recipe_of
from anirec.ranking.learned.learned_ranker import LearnedRanker

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from anirec.data.split import Split
    from anirec.models.registry import AnyModel
    from anirec.params import Params
    from anirec.pipeline.evaluation import ExtraScorers
    from anirec.pipeline.training import Workplace

PARTS: Final = (Popularity.name, Content.name, Ease.name)
"""The models that a learned ranker reads, in the order of its recipe."""
TRAINED_FILE: Final = "trained.json"


def train_and_save_ranker(
    models: Mapping[str, AnyModel], split: Split, params: Params, out: Path, workplace: Workplace
) -> bool:
    """Train the ranker on the training viewers and write ``<out>/learned``.

    It is trained whenever Ease has just been fitted, for then its inverse is at hand.

    Returns
    -------
    Whether it was trained.
    """
    ease, missing = models.get(Ease.name), [name for name in PARTS if name not in models]
    if not isinstance(ease, Ease) or ease.inverse is None:
        return False
    if missing:
        workplace.progress.step(f"the learned ranker is not trained: {missing[0]} is not trained")
        return False
    content, popularity = models[Content.name], models[Popularity.name]
    assert isinstance(content, Content)
    assert isinstance(popularity, Popularity)
    context = FitContext(seed=params.seed, threads=params.threads, progress=workplace.progress)
    ranker = train_ranker(split.train, ease, content, popularity, context)
    ease.inverse = None
    with staged_directory(out / LearnedRanker.name) as draft:
        ranker.save(draft)
        about = recipe_of(PARTS, split.about, params)
        (draft / TRAINED_FILE).write_text(json.dumps(about, indent=1) + "\n")
    return True


def learned_ranker(
    models: Path, fitted: Mapping[str, AnyModel], split_about: Mapping[str, Any], params: Params
) -> LearnedRanker | None:
    """Return the trained ranker on these models; None if there is none for them.

    A ranker of another split or other settings is not taken.
    """
    directory = models / LearnedRanker.name
    ease, content = fitted.get(Ease.name), fitted.get(Content.name)
    popularity = fitted.get(Popularity.name)
    if not (
        isinstance(ease, Ease)
        and isinstance(content, Content)
        and isinstance(popularity, Popularity)
    ):
        return None
    try:
        about = json.loads((directory / TRAINED_FILE).read_text())
        if about != recipe_of(PARTS, split_about, params):
            return None
        return LearnedRanker.load(directory, ease, content, popularity)
    except (OSError, ValueError, KeyError):
        return None


def learned_scorers(models: Path, split: Split, params: Params) -> ExtraScorers:
    """Return what puts the trained ranker on freshly fitted models; none if there is none."""

    def on(fitted: Mapping[str, AnyModel]) -> Sequence[LearnedRanker]:
        ranker = learned_ranker(models, fitted, split.about, params)
        return [ranker] if ranker is not None else []

    return on
