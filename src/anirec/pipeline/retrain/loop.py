"""The order of a retraining: export feedback, ingest, look whether there is news, split, train, evaluate, publish, promote."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from anirec.bundle.registry import open_registry
from anirec.data.ingest import NO_SELECTION, SUMMARY_FILE
from anirec.data.split import FILES, load_split, read_about
from anirec.data.split_writer import write_split
from anirec.data.staging import clear_abandoned
from anirec.data.tables import load_dataset
from anirec.errors import AnirecError, BundleError, DataError
from anirec.evaluation.page import write_page
from anirec.evaluation.protocols import NEW_VIEWERS
from anirec.evaluation.report import TEST, read_report
from anirec.evaluation.summary import write_summary
from anirec.pipeline.answers import train_answers
from anirec.pipeline.evaluation import evaluate_trained
from anirec.pipeline.gate.promotion import GateRefusalError, promote
from anirec.pipeline.learned_stage import learned_scorers, parts_of_answers
from anirec.pipeline.publish import (
    EVALUATION,
    TABLES,
    TRAINED,
    hash_of_dataset,
    hash_of_params,
    publish,
    speaks_of,
)
from anirec.pipeline.recipe import split_of
from anirec.pipeline.retrain.feedback import export_feedback
from anirec.pipeline.retrain.ingestion import ingest_changes
from anirec.pipeline.retrain.lock import alone
from anirec.pipeline.retrain.other_version import disown_other_version
from anirec.pipeline.retrain.published import published
from anirec.pipeline.retrain.report import RetrainReport
from anirec.pipeline.retrain.steps import Steps
from anirec.pipeline.run_log import log_bundle, log_reports, log_start
from anirec.pipeline.training import Workplace, read_blend
from anirec.progress import SILENT, Progress
from anirec.ranking.components import COLLABORATIVE, CONTENT
from anirec.ranking.learned.learned_ranker import LearnedRanker
from anirec.ranking.weights import parse_weights
from anirec.tracking.run import UNTRACKED, Run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from anirec.bundle.registry import Registry
    from anirec.data.list_stream import Selection
    from anirec.evaluation.report import Report
    from anirec.params import Params

OWN: Final = "retrain"
"""Below the artifacts: lock, feedback, record of the ingestion, version of anirec, reports."""
SPLIT: Final = "split"
WHY: Final = "anirec retrain"
COUNTS: Final = ("entries", "viewers", "shows", "entries_rejected", "entries_of_unknown_shows")


def untracked() -> AbstractContextManager[Run]:
    """Return a run that nobody follows."""
    return nullcontext(UNTRACKED)


@dataclass(frozen=True)
class Retraining:
    """What to retrain on, where, and how."""

    sources: tuple[str, ...]
    """As ``ingest`` takes them."""
    artifacts: Path
    """Where every stage writes; one retraining at a time is at work in it."""
    registry: str | Path
    """A directory or ``gs://bucket/prefix``."""
    params: Params
    selection: Selection = NO_SELECTION
    cache: Path | None = None
    database: str | None = None
    """Address of the database whose feedback is one more source; None: none is"""
    params_path: Path | None = None
    """Where the parameters came from, for trackers."""
    track: Callable[[], AbstractContextManager[Run]] = untracked
    """Opens a tracked run; called only when there is something to learn."""
    progress: Progress = SILENT


def retrain(job: Retraining) -> RetrainReport:
    """Bring a registry up to date with its sources; safe to call every night.

    What an earlier call finished for the same input is kept. Whatever fails or is killed, the current
    bundle stays until the gate has let the new one through.

    Returns
    -------
    The report, which is also written to ``<artifacts>/retrain/reports``. Its outcome is ``promoted``,
    ``nothing new`` or ``refused`` (by the gate).

    Raises
    ------
    AlreadyRunningError
        If another process retrains in the same artifacts; no report is written then.
    StepFailedError
        If a step fails; the report tells of it.
    """
    registry = open_registry(job.registry)
    steps = Steps(job.progress)
    with alone(job.artifacts / OWN):
        report = RetrainReport(
            started=datetime.now(UTC).isoformat(timespec="microseconds"),
            registry=str(job.registry),
            sources=list(job.sources),
            steps=steps.taken,
        )
        try:
            _run(job, registry, steps, report)
        except GateRefusalError as refusal:
            report.outcome, report.verdict = "refused", refusal.verdict
            report.why = f"The gate refuses {report.version}: {refusal.verdict.reasons}."
        except AnirecError as error:
            report.why = f"{str(error)[:1].upper()}{str(error)[1:]}."
            raise
        except Exception as error:
            report.why = f"A defect of anirec: {type(error).__name__}: {error}"
            raise
        except BaseException:
            report.outcome, report.why = "stopped", "Stopped; the next run goes on from here."
            raise
        finally:
            report.current = _current(registry, report.current_before)
            path = report.write(job.artifacts / OWN / "reports")
            job.progress.step(f"the report is {path}")
    return report


def _run(job: Retraining, registry: Registry, steps: Steps, report: RetrainReport) -> None:
    tables = job.artifacts / TABLES
    # Where nothing is new, nothing is published either, which would do this.
    registry.clear_abandoned()
    sources = job.sources
    if job.database is not None:
        with steps.step("export") as step:
            sources += export_feedback(job.database, job.artifacts / OWN, step)
    with steps.step("ingest") as step:
        report.current_before = registry.current()
        record = job.artifacts / OWN / "ingested.json"
        if not ingest_changes(sources, tables, job.selection, record, job.progress):
            step.keep("the sources are as they were")
        summary = json.loads((tables / SUMMARY_FILE).read_text())
        report.read = {name: summary[name] for name in COUNTS}
    with steps.step("compare"):
        data_hash = hash_of_dataset(load_dataset(tables, job.progress))
        known = published(registry, data_hash, hash_of_params(job.params))
    if known.nothing_new:
        report.outcome = "nothing new"
        report.why = f"Nothing new to learn: {known.nothing_new}."
        return
    report.version = known.waiting
    if report.version is None:
        with job.track() as run:
            report.version = _make(job, registry, steps, report, run, known.with_viewers)
    with steps.step("promote") as step:
        done = promote(registry, report.version, job.params, WHY)
        report.verdict = done.verdict
        if done.verdict is None:
            step.note = "the first bundle, with which none can be compared"
    report.outcome, report.why = "promoted", f"{report.version} is now current."


def _make(
    job: Retraining,
    registry: Registry,
    steps: Steps,
    report: RetrainReport,
    run: Run,
    with_viewers: bool,
) -> str:
    """Split, train, evaluate and publish; returns the version."""
    params, progress = job.params, job.progress
    tables, split_directory = job.artifacts / TABLES, job.artifacts / SPLIT
    models, evaluation = job.artifacts / TRAINED, job.artifacts / EVALUATION
    disown_other_version(job.artifacts / OWN / "version", models, evaluation)
    workplace = Workplace(job.cache, models / ".checkpoints", progress, run)
    with steps.step("split") as step:
        clear_abandoned(split_directory)
        if _is_split(split_directory, split_of(tables, params)):
            step.keep("these tables are split already")
        else:
            write_split(tables, split_directory, params.split, progress)
        split = load_split(split_directory, tables, progress)
        log_start(run, params, job.params_path, split.about["tables"])
    with steps.step("train") as step:
        if not train_answers(split, params, models, workplace):
            step.keep("all models of this split are trained")
    with steps.step("evaluate") as step:
        path = evaluation / f"{NEW_VIEWERS}.json"
        reports: list[Report] = []
        written: list[Path] = []
        found = _measured(path, models, split.about, params)
        if found is not None:
            step.keep("these models are measured")
        else:
            extras = learned_scorers(models, split, params, progress)
            reports = evaluate_trained(
                [NEW_VIEWERS], TEST, split, models, params, workplace, extras
            )
            written = [each.write(evaluation) for each in reports]
            found = read_report(path)
        # Of a kept report too: a run may have been killed before these were written.
        write_summary(evaluation, TEST, found["recipe"])
        page = write_page(evaluation, TEST, found["recipe"], progress)
        log_reports(run, reports, written, page)
        report.metric, report.test_viewers = found["headline"], found["viewers"]
        for model, figures in found["models"].items():
            report.figures[model] = figures[report.metric]["mean"]
    with steps.step("publish"):
        manifest = publish(
            job.artifacts,
            job.registry,
            params,
            with_viewers=with_viewers,
            cache=job.cache,
            why=WHY,
            progress=progress,
        )
        log_bundle(run, manifest, registry)
    return manifest.version


def _is_split(directory: Path, wanted: dict[str, Any]) -> bool:
    try:
        about = read_about(directory)
    except DataError:
        return False
    return all((directory / name).is_file() for name in FILES) and all(
        about.get(name) == value for name, value in wanted.items()
    )


def _measured(
    path: Path, models: Path, split_about: dict[str, Any], params: Params
) -> dict[str, Any] | None:
    """Return the report on test viewers if it speaks of these models, their blend and their ranker."""
    blend = read_blend(models, split_about, params)
    try:
        report: dict[str, Any] = read_report(path)
    except (OSError, DataError):
        return None
    if blend is None:
        return None
    about = {
        "parts": {COLLABORATIVE: blend.collaborative, CONTENT: blend.content},
        "weights": parse_weights(blend.weights),  # as the hybrid keeps them, to the last digit
    }
    answering = parts_of_answers(params)
    if (models / LearnedRanker.name).exists():
        answering = answering | {LearnedRanker.name}
    whole = speaks_of(report, split_about, params, about) and answering <= report["models"].keys()
    return report if whole else None


def _current(registry: Registry, otherwise: str | None) -> str | None:
    """Return what is current; an unreachable registry must not hide why the run failed."""
    try:
        return registry.current()
    except BundleError:
        return otherwise
