"""``anirec monitor``: whether lists and answers are still what the model was trained on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from anirec.cli.shows import bundle_option

DRIFTED: Final = 3
"""Exit status where something has drifted; 1 is an error, 2 a wrong call."""


@click.command("monitor")
@bundle_option
@click.option(
    "--stats",
    "files",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    help="An answer of a server's /metrics in a file; several are added up.",
)
@click.option(
    "--url",
    "urls",
    multiple=True,
    help="Address of a running server's metrics, such as http://127.0.0.1:8000/metrics.",
)
@click.option(
    "--since",
    type=click.Path(path_type=Path, dir_okay=False),
    help="An earlier answer of the same server: only what came later is compared.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write the report: .html or .json.",
)
@click.option(
    "--metrics-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write metrics for Prometheus' textfile collector: .prom.",
)
@click.option("--json", "as_json", is_flag=True, help="Print for a program.")
def command(
    bundle: Path,
    files: tuple[Path, ...],
    urls: tuple[str, ...],
    since: Path | None,
    out: Path | None,
    metrics_file: Path | None,
    as_json: bool,
) -> None:
    """Compare live lists and recommendations with those the bundle was trained on.

    Exits with 3 where something has drifted, with 0 where nothing has or too little was answered to
    tell.
    """
    from anirec.monitoring.acceptance import in_words
    from anirec.monitoring.monitor import monitor
    from anirec.monitoring.report import to_json, to_metrics, write_report, write_whole

    if not files and not urls:
        raise click.UsageError("say what to compare: --url ADDRESS or --stats FILE")
    if since is not None and len(files) + len(urls) > 1:
        raise click.UsageError("--since is of one server: give one --url or --stats")
    now = datetime.now(UTC)
    comparison = monitor(bundle, files, urls, since)
    if out is not None:
        write_report(comparison, out, now)
    if metrics_file is not None:
        write_whole(metrics_file, to_metrics(comparison, now))
    if as_json:
        click.echo(to_json(comparison, now), nl=False)
    elif not comparison.enough:
        click.echo(f"{comparison.answers:,} answers are too few to tell")
    else:
        for finding in comparison.findings:
            value = finding.statistics[finding.judged_by]
            verdict = "DRIFTED" if finding.drifted else "the same"
            click.echo(f"{finding.title}: {verdict} ({finding.judged_by} {value:.3f})")
    if comparison.acceptance and not as_json:
        click.echo(in_words(comparison.acceptance))
    if comparison.drifted:
        click.get_current_context().exit(DRIFTED)
