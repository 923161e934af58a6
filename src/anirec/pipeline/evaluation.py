"""The evaluate stage: every fit that the protocols ask for, each measured once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from anirec.data.split import known_viewers_dataset
from anirec.errors import DataError
from anirec.evaluation.cold_items import without_cold_items
from anirec.evaluation.contestants import Contestants
from anirec.evaluation.learning_curve import learning_curve
from anirec.evaluation.protocols import (
    KNOWN_VIEWERS,
    NEW_VIEWERS,
    ON_COLD_ITEMS,
    ON_NEW_VIEWERS,
    evaluate_each,
)
from anirec.models.registry import MODELS, AnyModel
from anirec.pipeline.recipe import recipe_hash
from anirec.pipeline.training import fit_models, hybrid_of, load_trained, read_blend

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from anirec.data.dataset import Dataset
    from anirec.data.split import Split
    from anirec.evaluation.contestants import NamedScorer
    from anirec.evaluation.report import Report
    from anirec.params import Params
    from anirec.pipeline.training import TunedBlend, Workplace

    ExtraScorers = Callable[[Mapping[str, AnyModel]], Sequence[NamedScorer]]


RANKING: Final = "ranking"
"""Under this a report tells of ``params.ranking``."""


def no_extras(models: Mapping[str, AnyModel]) -> Sequence[NamedScorer]:
    """Return nothing: the models and their hybrid are all that is measured."""
    return ()


def evaluate_trained(
    protocols: Collection[str],
    on: str,
    split: Split,
    models: Path,
    params: Params,
    workplace: Workplace,
    extras: ExtraScorers = no_extras,
) -> list[Report]:
    """Evaluate the trained models of a split, their hybrid, and what is built on them.

    For the protocol ``known-viewers`` the same models are fitted anew, with the histories of the
    held-out viewers among the lists, and for ``cold-items`` without the entries of those items; the
    weights of the hybrid stay as they were tuned.

    Parameters
    ----------
    protocols
        Those of ``PROTOCOLS``' values that are asked for, in any order.
    extras
        Called once for each fit with its models by name.

    Returns
    -------
    A report for each protocol that has something to look for.

    Raises
    ------
    DataError
        If no model of this split is trained.
    """
    progress = workplace.progress
    trained = load_trained(MODELS, models, split, params, progress)
    blend = read_blend(models, split.about, params, progress)
    reports: list[Report] = []
    for together, dataset in (
        (ON_NEW_VIEWERS, None),
        ((KNOWN_VIEWERS,), known_viewers_dataset),
        (ON_COLD_ITEMS, without_cold_items),
    ):
        asked = [protocol for protocol in together if protocol in protocols]
        if not asked:
            continue
        fitted = trained
        if dataset is not None:
            fitted = fit_models(trained, dataset(split), params, workplace)
        # What is built on top has learned from lists that hold the cold items.
        on_top = no_extras if together is ON_COLD_ITEMS else extras
        contestants = _contestants(fitted, blend, on_top)
        reports += evaluate_each(asked, on, split, contestants, progress)
    recipe = recipe_hash(trained, split.about, params)
    ranking = {RANKING: params.ranking.model_dump(mode="json")}
    return [replace(report, recipe=recipe, about={**report.about, **ranking}) for report in reports]


def with_learning_curve(
    reports: Sequence[Report],
    names: Collection[str],
    on: str,
    split: Split,
    models: Path,
    params: Params,
    workplace: Workplace,
) -> list[Report]:
    """Return the reports with the learning curve of the named models in that on new viewers.

    The models are fitted on an eighth, a quarter and half of the training viewers; on all of them
    they are trained already.

    Raises
    ------
    DataError
        If one of the models is not trained, or there is no report on new viewers.
    """
    trained = load_trained(names, models, split, params, workplace.progress)
    missing = [name for name in names if name not in trained]
    if missing:
        raise DataError(f"{missing[0]} is not trained: run `anirec train --model {missing[0]}`")
    if all(report.protocol != NEW_VIEWERS for report in reports):
        raise DataError(f"the learning curve belongs to the protocol {NEW_VIEWERS}: ask for it too")

    def fit(part: Dataset) -> Mapping[str, AnyModel]:
        if len(part.histories) == len(split.train.histories):
            return trained
        return fit_models(names, part, params, replace(workplace, checkpoints=None))

    points = learning_curve(fit, on, split, workplace.progress)
    about = {"learning_curve": [point.to_dict() for point in points]}
    return [
        replace(report, about={**report.about, **about})
        if report.protocol == NEW_VIEWERS
        else report
        for report in reports
    ]


def _contestants(
    models: Mapping[str, AnyModel], blend: TunedBlend | None, extras: ExtraScorers
) -> Contestants:
    return Contestants(models, hybrid_of(models, blend) if blend else None, extras(models))
