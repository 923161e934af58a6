"""The train stage: models by name, fitted on the training viewers, saved; the blend, tuned."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from anirec.data.split import known_viewers_dataset
from anirec.data.staging import staged_directory
from anirec.errors import DataError
from anirec.evaluation.figures import headline
from anirec.evaluation.protocols import KNOWN_VIEWERS, evaluate
from anirec.models.base import STATE_FILE, FitContext
from anirec.models.recommender_net import RecommenderNet
from anirec.models.registry import MODELS, AnyModel, load_model, model_class
from anirec.models.user_neighbours import UserNeighbours
from anirec.progress import SILENT, Progress
from anirec.ranking.hybrid import Hybrid, tune

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from anirec.data.dataset import Dataset
    from anirec.data.histories import Histories
    from anirec.data.split import Fold, Split
    from anirec.evaluation.report import Report
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


@dataclass(frozen=True)
class TunedBlend:
    """What ``hybrid.json`` holds: the two parts and the weights that validation viewers chose."""

    collaborative: str
    """Name of the model behind the component of that name."""
    content: str
    weights: dict[str, float]
    validation_ndcg_at_10: list[dict[str, float]]
    """The grid that was tried: ``collaborative`` (its weight) and ``mean``."""

    @property
    def best(self) -> float:
        """The mean NDCG@10 of the validation viewers at the chosen weights."""
        return max(point["mean"] for point in self.validation_ndcg_at_10)


def names_of(model: str) -> list[str]:
    """Return the names that ``--model`` stands for: one, or all.

    Raises
    ------
    AnirecError
        If there is no such model.
    """
    return list(MODELS) if model == ALL else [model_class(model).name]


def fit_models(
    names: Iterable[str], dataset: Dataset, params: Params, workplace: Workplace
) -> dict[str, AnyModel]:
    """Fit models on a data set, in the order of the registry."""
    wanted = set(names)
    models: dict[str, AnyModel] = {}
    for name in MODELS:
        if name in wanted:
            models[name] = fit_model(name, dataset, params, workplace, models)
    return models


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
        Models fitted on the same data before, for those that build on others: ``UserNeighbours``
        compares known viewers by ``RecommenderNet``'s vectors where there are any.
    """
    progress = workplace.progress
    progress.step(
        f"{name}: fitting on {len(dataset.histories):,} viewers and {dataset.n_items:,} shows"
    )
    checkpoints = workplace.checkpoints
    context = FitContext(
        seed=params.seed,
        threads=params.threads,
        checkpoints=checkpoints / name if checkpoints else None,
        cache=workplace.cache,
        progress=progress,
    )
    model = params.new_model(name).fit(dataset, context)
    net = fitted.get(RecommenderNet.name)
    if isinstance(model, UserNeighbours) and isinstance(net, RecommenderNet):
        model.use_vectors(net.user_ids, net.user_vectors)
    return model


def train(
    names: Iterable[str], split: Split, params: Params, out: Path, workplace: Workplace
) -> dict[str, AnyModel]:
    """Fit models on the training viewers, save each as ``<out>/<name>`` as soon as it is ready.

    Returns
    -------
    All models of this split that ``out`` now holds, those trained earlier included.
    """
    models = load_trained(out, split, workplace.progress)
    wanted = set(names)
    for name in MODELS:
        if name in wanted:
            models[name] = fit_model(name, split.train, params, workplace, models)
            save_trained(models[name], out / name, split)
            if workplace.checkpoints:
                shutil.rmtree(workplace.checkpoints / name, ignore_errors=True)
    return models


def save_trained(model: AnyModel, directory: Path, split: Split) -> None:
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
        about = {"split": fingerprint(split)}
        (draft / TRAINED_FILE).write_text(json.dumps(about, indent=1) + "\n")


def load_trained(models: Path, split: Split, progress: Progress = SILENT) -> dict[str, AnyModel]:
    """Open the models below ``models`` that were trained on this very split, by name.

    One of another split is left out, with a line to ``progress``: it may have learned from the
    viewers who are held out here.
    """
    found: dict[str, AnyModel] = {}
    for name in MODELS:
        directory = models / name
        if not (directory / STATE_FILE).exists():
            continue
        try:
            trained_on = json.loads((directory / TRAINED_FILE).read_text())["split"]
        except (OSError, ValueError, KeyError):
            trained_on = None
        if trained_on == fingerprint(split):
            found[name] = load_model(directory)
        else:
            progress.step(f"{directory} was trained on another split and is left out")
    return found


def fingerprint(split: Split) -> str:
    """Return the SHA-256 of what a split was made from and how."""
    return hashlib.sha256(json.dumps(split.about, sort_keys=True).encode()).hexdigest()


def tune_blend(models: Mapping[str, AnyModel], params: Params, validation: Fold) -> TunedBlend:
    """Choose the weights that rank best for validation viewers.

    Parameters
    ----------
    models
        Fitted models, the two that ``params.hybrid`` names among them.
    validation
        Viewers whom the models do not know.
    """
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
    blend = tune_blend(models, params, split.validation)
    beside = out / f".{BLEND_FILE}.part"
    beside.write_text(json.dumps(asdict(blend), indent=1) + "\n")
    beside.replace(out / BLEND_FILE)
    return blend


def read_blend(models: Path) -> TunedBlend | None:
    """Return the tuned blend, None if there is none.

    Raises
    ------
    DataError
        If the file is damaged.
    """
    path = models / BLEND_FILE
    if not path.exists():
        return None
    try:
        return TunedBlend(**json.loads(path.read_text()))
    except (ValueError, TypeError) as error:
        raise DataError(f"{path} is damaged ({error}): run `anirec train` again") from None


def hybrid_of(models: Mapping[str, AnyModel], blend: TunedBlend) -> Hybrid | None:
    """Return the hybrid with the tuned weights, None where one of its parts is not there."""
    if blend.collaborative not in models or blend.content not in models:
        return None
    return Hybrid(models[blend.collaborative], models[blend.content], blend.weights)


def evaluate_trained(
    protocol: str, on: str, split: Split, models: Path, params: Params, workplace: Workplace
) -> Report:
    """Evaluate the trained models of a split, and their hybrid.

    For the protocol ``known-viewers`` the same models are fitted anew, with the histories of the
    held-out viewers among the lists; the weights of the hybrid stay as they were tuned.

    Raises
    ------
    DataError
        If no model of this split is trained.
    """
    trained = load_trained(models, split, workplace.progress)
    blend = read_blend(models)
    if protocol == KNOWN_VIEWERS:
        trained = fit_models(trained, known_viewers_dataset(split), params, workplace)
    hybrid = hybrid_of(trained, blend) if blend else None
    return evaluate(protocol, on, split, trained, hybrid, workplace.progress)
