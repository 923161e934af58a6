"""What each stage tells the trackers of its run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from anirec.bundle.registry import LocalRegistry
from anirec.evaluation.page.standalone import plots_of_page
from anirec.params import DEFAULT_PATH
from anirec.pipeline.embeddings import embeddings_of
from anirec.pipeline.run_facts import effective_params, facts_of_run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from anirec.bundle.manifest import Manifest
    from anirec.bundle.registry import Registry
    from anirec.data.dataset import Dataset
    from anirec.evaluation.report import Report
    from anirec.models.registry import AnyModel
    from anirec.params import Params
    from anirec.pipeline.training import TunedBlend
    from anirec.tracking.run import Run

EPOCH: Final = "epoch"


def log_start(
    run: Run, params: Params, params_path: Path | None, table_hashes: Mapping[str, str]
) -> None:
    """Tell the parameters, the file they came from, the code, the data and the environment.

    Parameters
    ----------
    table_hashes
        SHA-256 of each table, as in ``split.json``; empty where a hash of the data follows later.
    """
    if not run.tracked:
        return
    run.params(effective_params(params))
    run.facts(facts_of_run(params, table_hashes))
    run.file(params_path or DEFAULT_PATH)


def log_epoch(run: Run, model: str, figures: Mapping[str, float]) -> None:
    """Tell what ``FitContext.log`` says of an epoch: losses, mae, mse, learning rate."""
    named = {f"{model}/{name}": value for name, value in figures.items() if name != EPOCH}
    run.metrics(named, step=int(figures[EPOCH]) if EPOCH in figures else None)


def log_trained(
    run: Run,
    model: AnyModel,
    dataset: Dataset,
    directory: Path,
    checkpoints: Path | None,
    seconds: float,
) -> None:
    """Tell a model that was just fitted and saved: files, last checkpoint, embeddings, duration."""
    if not run.tracked:
        return
    run.metrics({f"{model.name}/fit_seconds": seconds})
    run.model(model.name, directory)
    if checkpoints is not None:
        run.model(f"{model.name}-checkpoint", checkpoints)
    for embedding in embeddings_of(model, dataset):
        run.embedding(embedding.name, embedding.vectors, embedding.columns, embedding.labels)


def log_blend(run: Run, blend: TunedBlend | None, path: Path) -> None:
    """Tell the weights that validation viewers chose, and how good they are."""
    if blend is None:
        return
    run.metrics({"hybrid/validation_ndcg@10": blend.best})
    run.metrics({f"hybrid/weight_{name}": weight for name, weight in blend.weights.items()})
    run.file(path)


def log_reports(run: Run, reports: Sequence[Report], files: Sequence[Path], page: Path) -> None:
    """Tell the ranking figures of an evaluation with their intervals, its reports, page and plots."""
    if not run.tracked:
        return
    for report in reports:
        rows = []
        for model in report.figures:
            for metric, interval in report.intervals(model).items():
                name = f"{report.protocol}/{model}/{metric}"
                run.metrics(
                    {
                        name: interval.mean,
                        f"{name}_low": interval.low,
                        f"{name}_high": interval.high,
                    }
                )
                rows.append((model, metric, interval.mean, interval.low, interval.high))
        columns = ("model", "metric", "mean", "low", "high")
        run.table(f"{report.protocol}-{report.on}", columns, rows)
    for path in (*files, page):
        run.file(path)
    for title, svg in plots_of_page(page.read_text(encoding="utf-8")).items():
        run.figure(title, svg)


def log_bundle(run: Run, manifest: Manifest, registry: Registry) -> None:
    """Tell a bundle that was just published; the files of one in a bucket stay there alone."""
    place = registry.place(manifest.version)
    run.facts(
        {"bundle": manifest.version, "bundle_place": place, "data_sha256": manifest.data_hash}
    )
    if isinstance(registry, LocalRegistry):
        run.model(f"bundle-{manifest.version}", Path(place))
