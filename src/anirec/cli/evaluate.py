"""``anirec evaluate``: score held-out viewers by full ranking."""

from __future__ import annotations

import json
from pathlib import Path

import click

from anirec.cli.options import (
    DIRECTORY,
    cache_option,
    models_option,
    params_option,
    runs_option,
    split_option,
    tables_option,
    tracker_option,
)

NAMES = (
    "new-viewers",
    "liked",
    "discovery",
    "short-histories",
    "known-viewers",
    "cold-items",
)
"""The keys of ``PROTOCOLS``, spelt out so that ``--help`` imports no training library."""


@click.command("evaluate")
@click.option(
    "--protocol",
    "protocols",
    type=click.Choice([*NAMES, "all"]),
    multiple=True,
    default=("new-viewers",),
    show_default=True,
    help="What is looked for, and what the models know of the viewers; can be given several times. "
    "known-viewers and cold-items fit all models again.",
)
@click.option(
    "--on",
    type=click.Choice(["test", "validation"]),
    default="test",
    show_default=True,
    help="Whose held-out shows are looked for. Choose settings by validation, never by test.",
)
@click.option(
    "--learning-curve",
    "curve",
    metavar="MODEL",
    multiple=True,
    help="Also fit this model on an eighth, a quarter and half of the viewers; can be given several "
    "times.",
)
@tables_option
@split_option
@models_option
@click.option(
    "--out",
    type=DIRECTORY,
    default=Path("artifacts/evaluation"),
    show_default=True,
    help="<protocol>.json and report.html are written here; -validation in their names for "
    "validation.",
)
@params_option
@cache_option
@tracker_option
@runs_option
@click.option("--json", "as_json", is_flag=True, help="Print the reports as JSON.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print the tables in Markdown.")
def command(
    protocols: tuple[str, ...],
    on: str,
    curve: tuple[str, ...],
    tables: Path,
    split_directory: Path,
    models_directory: Path,
    out: Path,
    params_path: Path | None,
    cache: Path,
    trackers: tuple[str, ...],
    runs: Path,
    as_json: bool,
    as_markdown: bool,
) -> None:
    """Rank the whole catalogue for held-out viewers, with every trained model and the hybrid.

    Writes a JSON report for each protocol, and report.html with tables and plots of all that stand
    in the same directory and belong to the same models. summary/ has the main figures for programs
    that compare runs.
    """
    from rich.console import Console

    from anirec.data.split import load_split
    from anirec.evaluation.page import write_page
    from anirec.evaluation.protocols import NEW_VIEWERS, PROTOCOLS
    from anirec.evaluation.summary import write_summary
    from anirec.evaluation.tables import markdown, rich_tables, sentence
    from anirec.params import load_params
    from anirec.pipeline.evaluation import evaluate_trained, with_learning_curve
    from anirec.pipeline.learned_stage import learned_scorers
    from anirec.pipeline.run_log import log_reports, log_start
    from anirec.pipeline.training import Workplace, names_of
    from anirec.progress import ConsoleProgress
    from anirec.tracking.run import tracked_run

    chosen = PROTOCOLS if "all" in protocols else protocols
    if curve and NEW_VIEWERS not in chosen:
        raise click.UsageError(f"--learning-curve is drawn with --protocol {NEW_VIEWERS}")
    curve = tuple(names_of(curve))
    progress = ConsoleProgress()
    params = load_params(params_path)
    split = load_split(split_directory, tables, progress)
    workplace = Workplace(cache=cache, progress=progress)
    asked = [protocol for name in chosen for protocol in PROTOCOLS[name]]
    extras = learned_scorers(models_directory, split, params, progress)
    with tracked_run(trackers, "evaluate", runs, progress) as run:
        log_start(run, params, params_path, split.about["tables"])
        reports = evaluate_trained(asked, on, split, models_directory, params, workplace, extras)
        if curve:
            reports = with_learning_curve(
                reports, curve, on, split, models_directory, params, workplace
            )
        written = [report.write(out) for report in reports]
        for path in written:
            progress.step(f"written to {path}")
        if reports:
            page = write_page(out, on, reports[0].recipe, progress)
            progress.step(f"written to {page}")
            progress.step(f"written to {write_summary(out, on, reports[0].recipe)}")
            log_reports(run, reports, written, page)
    if as_json:
        click.echo(json.dumps({report.protocol: report.to_dict() for report in reports}))
        return
    if as_markdown:
        click.echo("\n".join(markdown(report) for report in reports), nl=False)
        return
    console = Console()
    for report in reports:
        for table in rich_tables(report):
            console.print(table)
        for margin in report.margins:
            console.print(sentence(margin), highlight=False)
        console.print()
