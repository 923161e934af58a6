"""The train stage: models by name, fitted on the training viewers, saved; the blend, tuned."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from anirec.data.staging import staged_directory
from anirec.errors import AnirecError, DataError
from anirec.evaluation.figures import headline
from anirec.models.base import STATE_FILE, FitContext
from anirec.models.registry import MODELS, AnyModel, model_class
from anirec.pipeline.recipe import recipe_hash, recipe_of, with_needs
from anirec.pipeline.run_log import log_epoch, log_trained
from anirec.progress import SILENT, Progress
from anirec.ranking.hybrid import Hybrid, tune
from anirec.ranking.weights import parse_weights
from anirec.tracking.run import UNTRACKED, Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from typing import Any

    import numpy as np
    from numpy.typing import NDArray

    from anirec.data.dataset import Dataset
    from anirec.data.histories import Histories
    from anirec.data.split import Split
    from anirec.params import Params

BLEND_FILE: Final = "hybrid.json"
TRAINED_FILE: Final = "trained.json"
ALL: Final = "all"


@dataclass(frozen=True)
class Workplace:
    """Where a fit keeps what outlives it, and whom it tells."""

    cache: Path | None = None
    checkpoints: Path | None = None
    """Below it each model gets a directory of its own; None trains without."""
    progress: Progress = SILENT
    run: Run = UNTRACKED
    """Told the figures of each epoch and what was trained"""


@dataclass(frozen=True)
class TunedBlend:
    """What ``hybrid.json`` holds: the two parts and the weights that validation viewers chose."""

    collaborative: str
    """Name of the model behind the component of that name."""
    content: str
    weights: dict[str, float]
    validation_ndcg_at_10: list[dict[str, float]]
    """The grid that was tried: ``collaborative`` (its weight) and ``mean``."""
    recipe: str
    """Hash of the split and the settings that both parts were trained with."""

    @property
    def best(self) -> float:
        """The mean NDCG@10 of the validation viewers at the chosen weights."""
        return max(point["mean"] for point in self.validation_ndcg_at_10)


def names_of(models: Iterable[str]) -> list[str]:
    """Return the names that options stand for, each once: a model's own, or ``all`` for all.

    Raises
    ------
    AnirecError
        If there is no such model.
    """
    names = (MODELS if model == ALL else [model_class(model).name] for model in models)
    return list(dict.fromkeys(name for some in names for name in some))


def fit_models(
    names: Iterable[str], dataset: Dataset, params: Params, workplace: Workplace
) -> dict[str, AnyModel]:
    """Fit models on a data set, after what they need; returned in the order of the registry."""
    wanted = set(names)
    models: dict[str, AnyModel] = {}
    for name in with_needs(wanted):
        models[name] = fit_model(name, dataset, params, workplace, models)
    return {name: model for name, model in models.items() if name in wanted}


def fit_model(
    name: str,
    dataset: Dataset,
    params: Params,
    workplace: Workplace,
    fitted: Mapping[str, AnyModel],
) -> AnyModel:
    """Fit one model.

    Parameters
    ----------
    fitted
        Models fitted on the same data before; those that this one needs are among them.
    """
    progress = workplace.progress
    progress.step(
        f"{name}: fitting on {len(dataset.histories):,} viewers and {dataset.n_items:,} shows"
    )
    checkpoints = workplace.checkpoints
    chosen = params.new_model(name)
    context = FitContext(
        seed=params.seed,
        threads=params.threads,
        checkpoints=checkpoints / name if checkpoints else None,
        cache=workplace.cache,
        fitted={needed: fitted[needed] for needed in chosen.needs},
        progress=progress,
        log=partial(log_epoch, workplace.run, name),
    )
    return chosen.fit(dataset, context)


def train(
    names: Iterable[str], split: Split, params: Params, out: Path, workplace: Workplace
) -> dict[str, AnyModel]:
    """Fit models on the training viewers, save each as ``<out>/<name>`` as soon as it is ready.

    What a model needs is trained before it, unless ``out`` holds it already.

    Returns
    -------
    All models of this split and these settings that ``out`` now holds.
    """
    wanted = set(names)
    others = [name for name in MODELS if name not in wanted]
    models = load_trained(others, out, split, params, workplace.progress)
    parts_of_hybrid = with_needs((params.hybrid.collaborative, params.hybrid.content))
    for name in with_needs(wanted):
        if name in models:
            continue
        began = time.perf_counter()
        models[name] = fit_model(name, split.train, params, workplace, models)
        seconds = time.perf_counter() - began
        if name in parts_of_hybrid:  # should the command be killed before the next tuning
            (out / BLEND_FILE).unlink(missing_ok=True)
        save_trained(models[name], out / name, split, params)
        checkpoints = workplace.checkpoints / name if workplace.checkpoints else None
        log_trained(workplace.run, models[name], split.train, out / name, checkpoints, seconds)
        if checkpoints:
            shutil.rmtree(checkpoints, ignore_errors=True)
    return models


def save_trained(model: AnyModel, directory: Path, split: Split, params: Params) -> None:
    """Write a model and what it was trained on; a reader sees the old or the new, never a half.

    Raises
    ------
    DataError
        If the directory is there and holds something else than a model.
    """
    if directory.exists() and not (directory / STATE_FILE).exists():
        raise DataError(f"{directory} holds no model: name another directory to write models to")
    with staged_directory(directory) as draft:
        model.save(draft)
        about = recipe_of([model.name], split.about, params)
        (draft / TRAINED_FILE).write_text(json.dumps(about, indent=1) + "\n")


def load_trained(
    names: Iterable[str], models: Path, split: Split, params: Params, progress: Progress = SILENT
) -> dict[str, AnyModel]:
    """Open those of the named models that are trained on this very split with these settings.

    Another one is left out, with a line to ``progress``: it may have learned from the viewers who
    are held out here. So is one that cannot be read.
    """
    found: dict[str, AnyModel] = {}
    for name in names:
        directory = models / name
        if not (directory / STATE_FILE).exists():
            continue
        if _trained_by(directory) != recipe_of([name], split.about, params):
            progress.step(
                f"{directory} is left out: it was trained on another split or with other "
                f"settings; run `anirec train --model {name}`"
            )
            continue
        try:
            found[name] = model_class(name).load(directory)
        except AnirecError as error:
            progress.step(f"{name} is left out: {error}")
    return found


def _trained_by(directory: Path) -> Any:
    try:
        return json.loads((directory / TRAINED_FILE).read_text())
    except (OSError, ValueError):
        return None


def tune_blend(models: Mapping[str, AnyModel], params: Params, split: Split) -> TunedBlend:
    """Choose the weights that rank best for validation viewers.

    Parameters
    ----------
    models
        Fitted models, the two that ``params.hybrid`` names among them.
    split
        Its validation viewers are those whom the models do not know.
    """
    validation = split.validation
    collaborative, content = params.hybrid.collaborative, params.hybrid.content
    hybrid = Hybrid(models[collaborative], models[content])

    def ndcg(
        scores: NDArray[np.float32], histories: Histories, viewers: slice
    ) -> NDArray[np.float64]:
        return headline(scores, histories, validation.held_out, viewers)

    found = tune(hybrid, validation.history, ndcg)
    return TunedBlend(
        collaborative=collaborative,
        content=content,
        weights=found.weights,
        validation_ndcg_at_10=[
            {"collaborative": weight, "mean": round(mean, 6)} for weight, mean in found.curve
        ],
        recipe=recipe_hash((collaborative, content), split.about, params),
    )


def tune_and_write_blend(
    models: Mapping[str, AnyModel], split: Split, params: Params, out: Path, progress: Progress
) -> TunedBlend | None:
    """Tune the hybrid on the validation viewers and write ``<out>/hybrid.json``.

    Where a part is missing, or there is no validation viewer, nothing is tuned, an older file is
    removed (it belongs to other models) and None returned.
    """
    parts = (params.hybrid.collaborative, params.hybrid.content)
    missing = [name for name in parts if name not in models]
    if missing or not len(split.validation.history):
        why = f"{missing[0]} is not trained" if missing else "the split has no validation viewer"
        progress.step(f"the hybrid is not tuned: {why}")
        (out / BLEND_FILE).unlink(missing_ok=True)
        return None
    progress.step(f"hybrid: tuning on {len(split.validation.history):,} validation viewers")
    blend = tune_blend(models, params, split)
    beside = out / f".{BLEND_FILE}.part"
    beside.write_text(json.dumps(asdict(blend), indent=1) + "\n")
    beside.replace(out / BLEND_FILE)
    return blend


def read_blend(
    models: Path, split_about: Mapping[str, Any], params: Params, progress: Progress = SILENT
) -> TunedBlend | None:
    """Return the blend that was tuned on this split for the models of these parameters.

    None if there is none; one that belongs to others is left out, with a line to ``progress``.

    Raises
    ------
    DataError
        If the file is damaged.
    """
    path = models / BLEND_FILE
    if not path.exists():
        return None
    try:
        blend = TunedBlend(**json.loads(path.read_text()))
        parse_weights(blend.weights)
    except (ValueError, TypeError, AttributeError) as error:
        raise DataError(f"{path} is damaged ({error}): run `anirec train` again") from None
    parts = (params.hybrid.collaborative, params.hybrid.content)
    if blend.recipe != recipe_hash(parts, split_about, params):
        progress.step(
            f"{path} is left out: it was tuned on another split or with other settings; "
            "run `anirec train`"
        )
        return None
    return blend


def hybrid_of(models: Mapping[str, AnyModel], blend: TunedBlend) -> Hybrid | None:
    """Return the hybrid with the tuned weights, None where one of its parts is not there."""
    if blend.collaborative not in models or blend.content not in models:
        return None
    return Hybrid(models[blend.collaborative], models[blend.content], blend.weights)
