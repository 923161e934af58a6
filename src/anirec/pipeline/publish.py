"""Publishing: refit on everyone, write a bundle, put it into the registry."""

from __future__ import annotations

import hashlib
import json
import time
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from anirec.bundle.bundle import Provenance, write_bundle
from anirec.bundle.registry import open_registry
from anirec.data.ingest import SUMMARY_FILE
from anirec.data.tables import load_dataset
from anirec.errors import DataError
from anirec.evaluation.page import page as report_page
from anirec.evaluation.protocols import NEW_VIEWERS
from anirec.evaluation.report import TEST, read_report
from anirec.evaluation.wording import PROTOCOL_TITLES
from anirec.models.content import Content
from anirec.models.popularity import Popularity
from anirec.models.registry import MODELS, model_class
from anirec.monitoring.take_snapshot import take_snapshot
from anirec.pipeline.catalogue_map.drawing import draw_map
from anirec.pipeline.evaluation import RANKING
from anirec.pipeline.learned_stage import learned_ranker, parts_of_answers
from anirec.pipeline.model_card import CardSource, model_card
from anirec.pipeline.recipe import canonical, recipe_hash, split_of
from anirec.pipeline.revision import code_revision
from anirec.pipeline.training import Workplace, fit_models, read_blend
from anirec.pipeline.viewer_keys import viewer_keys
from anirec.progress import SILENT, Progress
from anirec.ranking.hybrid import Hybrid
from anirec.ranking.learned.learned_ranker import LearnedRanker
from anirec.ranking.weights import EVEN
from anirec.recommender import Recommender

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from anirec.bundle.bundle import Bundle
    from anirec.bundle.manifest import Manifest
    from anirec.data.dataset import Dataset
    from anirec.data.histories import Histories
    from anirec.params import Params

TABLES: Final = "tables"
TRAINED: Final = "models"
EVALUATION: Final = "evaluation"


def publish(
    artifacts: Path,
    out: str | Path,
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
        Where the pipeline writes: the tables are read from here, and, where they belong to these
        tables and parameters, the blend tuned on validation viewers and the figures of test viewers.
    out
        The registry, a directory or ``gs://bucket/prefix``; made if missing. Its first bundle becomes current.
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
    names = parts_of_answers(params)
    if not with_viewers:
        for name in names:
            model_class(name).check_without_viewers()
    progress.step(f"reading {artifacts / TABLES}")
    dataset = load_dataset(artifacts / TABLES, progress)
    split_about = split_of(artifacts / TABLES, params)
    began = time.perf_counter()
    models = fit_models(names, dataset, params, Workplace(cache, progress=progress))
    fit_seconds = time.perf_counter() - began
    hybrid = Hybrid(
        models[params.hybrid.collaborative],
        models[params.hybrid.content],
        weights=_weights(artifacts / TRAINED, split_about, params, progress),
    )
    figures = _figures(artifacts / EVALUATION, split_about, params, hybrid, progress)
    for protocol, report in figures.items():
        if protocol != NEW_VIEWERS:  # two bundles are compared by this one, viewer by viewer
            del report["per_viewer"]
        elif not with_viewers:  # they can still be paired, and no id is told
            user_ids = report["per_viewer"].pop("user_ids")
            # With a list and its key one could tell whose it is.
            report["per_viewer"].pop("list_keys", None)
            report["per_viewer"]["viewer_keys"] = viewer_keys(user_ids, params.split.salt)
    popularity = models[Popularity.name]
    assert isinstance(popularity, Popularity)
    learned = learned_ranker(artifacts / TRAINED, models, split_about, params, progress)
    if learned is None:
        progress.step(
            "no learned ranker is trained for these tables and settings: the hybrid will answer; "
            "`anirec train` trains one"
        )
    shows_map = None
    if isinstance(content := models[params.hybrid.content], Content):
        vectors = content.vectors.dense
        shows_map = draw_map(vectors, popularity.share, dataset.shows, params.seed, progress)
    ingest_summary = _ingest_summary(artifacts / TABLES)
    provenance = Provenance(
        data_hash=hash_of_dataset(dataset),
        params_hash=hash_of_params(params),
        threads=params.threads,
        revision=code_revision(),
        evaluation=figures,
        simulated=bool(ingest_summary.get("simulated")),  # by the starter community
    )
    card = CardSource(
        answers=hybrid.name if learned is None else learned.name,
        params=params,
        ingest=ingest_summary,
        entries=len(dataset.histories.items),
        adult_shows=sum(show.is_adult for show in dataset.shows),
        fit_seconds=fit_seconds,
    )
    progress.step(f"writing the bundle to {out}")
    return open_registry(out).publish(
        lambda place: write_bundle(
            place,
            dataset,
            hybrid,
            popularity,
            provenance,
            learned=learned,
            shows_map=shows_map,
            with_viewers=with_viewers,
            model_card=lambda manifest: model_card(manifest, card),
            evaluation_report=_report(provenance),
            snapshot=snapshot_writer(dataset.histories, params.seed, progress),
        ),
        why,
    )


def snapshot_writer(histories: Histories, seed: int, progress: Progress) -> Callable[[Bundle], str]:
    """Return what notes, for ``anirec monitor``, how a bundle answers the lists it was fitted on."""

    def write(bundle: Bundle) -> str:
        return take_snapshot(Recommender(bundle), histories, seed, progress).to_json()

    return write


def hash_of_dataset(dataset: Dataset) -> str:
    """Return SHA-256 over the catalogue and the lists, whatever files they came from."""
    digest = hashlib.sha256()
    for show in dataset.shows:
        digest.update(canonical(show.to_dict()))
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


def hash_of_params(params: Params) -> str:
    """Return SHA-256 over all parameters of a run."""
    return hashlib.sha256(canonical(params.model_dump(mode="json"))).hexdigest()


def speaks_of(
    report: Mapping[str, Any],
    split_about: Mapping[str, Any],
    params: Params,
    blend: Mapping[str, Any],
) -> bool:
    """Tell whether a report on test viewers was measured on these tables, settings and blend.

    Parameters
    ----------
    blend
        ``parts`` (names of models by component) and ``weights`` of the hybrid.
    """
    blends = (Hybrid.name, LearnedRanker.name)
    names = [name for name in report.get("models", ()) if name not in blends]
    return (
        report.get("on") == TEST
        and MODELS.keys() >= set(names)
        and report.get("recipe") == recipe_hash(names, split_about, params)
        and report.get("hybrid", blend) == blend
        and report.get(RANKING) == params.ranking.model_dump(mode="json")
    )


def _weights(
    models: Path, split_about: Mapping[str, Any], params: Params, progress: Progress
) -> dict[str, float]:
    """Return the tuned weights, even ones where none were tuned for this very hybrid."""
    blend = read_blend(models, split_about, params, progress)
    if blend is not None:
        return blend.weights
    progress.step(
        f"no weights are tuned for {params.hybrid.collaborative} and {params.hybrid.content} in "
        f"{models}: both count the same; `anirec train` tunes them"
    )
    return EVEN


def _ingest_summary(tables: Path) -> dict[str, Any]:
    """Return what ingestion noted; nothing for tables of other makers."""
    summary = tables / SUMMARY_FILE
    return _read_json(summary) if summary.exists() else {}


def _figures(
    directory: Path,
    split_about: Mapping[str, Any],
    params: Params,
    hybrid: Hybrid,
    progress: Progress,
) -> dict[str, dict[str, Any]]:
    """Return the reports on test viewers, by protocol, that speak of this very hybrid."""
    parts = {component: model.name for component, model in hybrid.models.items()}
    blend = {"parts": parts, "weights": hybrid.weights}
    figures = {}
    for path in sorted(directory.glob("*.json")):
        report = read_report(path)
        if report.get("on") != TEST:
            continue
        if speaks_of(report, split_about, params, blend):
            figures[report["protocol"]] = report
        else:
            progress.step(
                f"{path} is left out: it was measured on other tables, with other settings or "
                "another blend; run `anirec evaluate`"
            )
    return figures


def _report(provenance: Provenance) -> str | None:
    """Return the page about the figures, None without figures that say anything about people."""
    figures = provenance.evaluation
    reports = {name: figures[name] for name in PROTOCOL_TITLES if name in figures}
    return report_page(reports) if reports and not provenance.simulated else None


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text())
    except ValueError as error:
        raise DataError(f"{path} is not valid JSON: {error}") from None
