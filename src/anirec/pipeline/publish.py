"""Publishing: refit on everyone, write a bundle, put it into the registry."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from anirec.bundle.bundle import Provenance, write_bundle
from anirec.bundle.registry import Registry
from anirec.data.dataset import Dataset
from anirec.data.ingest import SUMMARY_FILE
from anirec.data.item_index import ItemIndex
from anirec.data.schema import CATALOGUE_FILE, INTERACTIONS_FILE
from anirec.data.tables import read_catalogue_table, read_interactions
from anirec.errors import DataError
from anirec.models.popularity import Popularity
from anirec.pipeline.training import BLEND_FILE, Workplace, fit_models, read_blend
from anirec.progress import SILENT, Progress
from anirec.ranking.hybrid import Hybrid
from anirec.ranking.weights import EVEN, parse_weights

if TYPE_CHECKING:
    from anirec.bundle.manifest import Manifest
    from anirec.params import HybridParams, Params

TABLES: Final = "tables"
MODELS: Final = "models"
EVALUATION: Final = "evaluation"


def publish(
    artifacts: Path,
    out: Path,
    params: Params,
    *,
    with_viewers: bool = True,
    cache: Path | None = None,
    why: str = "",
    progress: Progress = SILENT,
) -> Manifest:
    """Refit the hybrid's models and popularity on all lists, and publish them as a bundle.

    Parameters
    ----------
    artifacts
        Where the pipeline writes: the tables are read from here, and, where they are there, the
        blend tuned on validation viewers and the evaluation's figures.
    out
        The registry; made if missing. Its first bundle becomes current.
    params
        Names and settings of the models.
    with_viewers
        False leaves the lists out: ``recommend_user`` then knows no one.
    cache
        Where vectors of texts are kept; None computes them anew.
    why
        Kept in the registry's history.

    Raises
    ------
    DataError
        If the tables are missing, or a file of the artifacts is damaged.
    BundleError
        If the models cannot be bundled.
    """
    dataset = _load(artifacts / TABLES, progress)
    names = (Popularity.name, params.hybrid.collaborative, params.hybrid.content)
    models = fit_models(names, dataset, params, Workplace(cache, progress=progress))
    hybrid = Hybrid(
        models[params.hybrid.collaborative],
        models[params.hybrid.content],
        weights=_weights(artifacts / MODELS, params.hybrid, progress),
    )
    popularity = models[Popularity.name]
    assert isinstance(popularity, Popularity)
    provenance = Provenance(
        data_hash=hash_of_dataset(dataset),
        params_hash=hashlib.sha256(_canonical(params.model_dump(mode="json"))).hexdigest(),
        threads=params.threads,
        revision=_revision(),
        evaluation=_figures(artifacts / EVALUATION, with_viewers=with_viewers),
        simulated=_simulated(artifacts / TABLES),
    )
    progress.step(f"writing the bundle to {out}")
    return Registry(out).publish(
        lambda place: write_bundle(
            place, dataset, hybrid, popularity, provenance, with_viewers=with_viewers
        ),
        why,
    )


def hash_of_dataset(dataset: Dataset) -> str:
    """Return SHA-256 over the catalogue and the lists, whatever files they came from."""
    digest = hashlib.sha256()
    for show in dataset.shows:
        digest.update(_canonical(show.to_dict()))
    histories = dataset.histories
    for array in (
        histories.user_ids,
        histories.indptr,
        histories.items,
        histories.ratings,
        histories.statuses,
    ):
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _load(tables: Path, progress: Progress) -> Dataset:
    progress.step(f"reading {tables}")
    shows = read_catalogue_table(tables / CATALOGUE_FILE)
    index = ItemIndex([show.anime_id for show in shows])
    histories = read_interactions(tables / INTERACTIONS_FILE, index, progress)
    return Dataset(index, shows, histories)


def _weights(models: Path, hybrid: HybridParams, progress: Progress) -> dict[str, float]:
    """Return the tuned weights, even ones where nothing was tuned for these two models."""
    blend = read_blend(models)
    if blend is None or (blend.collaborative, blend.content) != (
        hybrid.collaborative,
        hybrid.content,
    ):
        progress.step(
            f"no weights were tuned for {hybrid.collaborative} and {hybrid.content} in {models}: "
            "both count the same"
        )
        return EVEN
    try:
        return parse_weights(blend.weights)
    except (TypeError, AttributeError, ValueError) as error:
        raise DataError(
            f"{models / BLEND_FILE} is damaged ({error}): run `anirec train` again"
        ) from None


def _simulated(tables: Path) -> bool:
    """Return whether ingestion met lists of the starter community; tables of other makers: no."""
    summary = tables / SUMMARY_FILE
    return summary.exists() and bool(_read_json(summary).get("simulated"))


def _figures(directory: Path, *, with_viewers: bool) -> dict[str, Any]:
    reports = {path.stem: _read_json(path) for path in sorted(directory.glob("*.json"))}
    if not with_viewers:
        for report in reports.values():
            report.get("per_viewer", {}).pop("user_ids", None)
    return reports


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text())
    except ValueError as error:
        raise DataError(f"{path} is not valid JSON: {error}") from None


def _revision() -> str | None:
    """Return the git revision of this code, None outside a checkout of it."""
    here = Path(__file__).parent

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(here), *arguments]
        return subprocess.run(  # noqa: S603
            command, check=True, capture_output=True, text=True
        ).stdout.strip()

    try:
        # Installed into an environment inside somebody's checkout, the code is not part of it.
        git("ls-files", "--error-unmatch", Path(__file__).name)
        return git("describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")
    except (OSError, subprocess.CalledProcessError):
        return None


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False).encode()
