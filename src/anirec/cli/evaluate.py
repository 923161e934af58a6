"""``anirec evaluate``: score held-out viewers by full ranking."""

from __future__ import annotations

import json
from pathlib import Path

import click

from anirec.cli.options import DIRECTORY, cache_option, params_option, split_option, tables_option


@click.command("evaluate")
@click.option(
    "--protocol",
    type=click.Choice(["new-viewers", "known-viewers", "all"]),
    default="new-viewers",
    show_default=True,
    help="What the models know of the viewers; known-viewers fits all models again.",
)
@click.option(
    "--on",
    type=click.Choice(["test", "validation"]),
    default="test",
    show_default=True,
    help="Whose held-out shows are looked for. Choose settings by validation, never by test.",
)
@tables_option
@split_option
@click.option(
    "--models",
    "models_directory",
    type=DIRECTORY,
    default=Path("artifacts/models"),
    show_default=True,
    help="What anirec train wrote.",
)
@click.option(
    "--out",
    type=DIRECTORY,
    default=Path("artifacts/evaluation"),
    show_default=True,
    help="<protocol>.json is written here, <protocol>-validation.json for validation.",
)
@params_option
@cache_option
@click.option("--json", "as_json", is_flag=True, help="Print the reports as JSON.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print the tables in Markdown.")
def command(
    protocol: str,
    on: str,
    tables: Path,
    split_directory: Path,
    models_directory: Path,
    out: Path,
    params_path: Path | None,
    cache: Path,
    as_json: bool,
    as_markdown: bool,
) -> None:
    """Rank the whole catalogue for held-out viewers, with every trained model and the hybrid."""
    from rich.console import Console

    from anirec.data.split import load_split
    from anirec.evaluation.protocols import PROTOCOLS
    from anirec.evaluation.tables import markdown, rich_table, sentence
    from anirec.params import load_params
    from anirec.pipeline.training import Workplace, evaluate_trained
    from anirec.progress import ConsoleProgress

    progress = ConsoleProgress()
    params = load_params(params_path)
    split = load_split(split_directory, tables, progress)
    workplace = Workplace(cache=cache, progress=progress)
    chosen = PROTOCOLS if protocol == "all" else (protocol,)
    reports = []
    for name in chosen:
        report = evaluate_trained(name, on, split, models_directory, params, workplace)
        path = report.write(out)
        reports.append(report)
        progress.step(f"written to {path}")
    if as_json:
        click.echo(json.dumps({report.protocol: report.to_dict() for report in reports}))
        return
    if as_markdown:
        click.echo("\n".join(markdown(report) for report in reports), nl=False)
        return
    console = Console()
    for report in reports:
        console.print(rich_table(report))
        for margin in report.margins:
            console.print(sentence(margin), highlight=False)
        console.print()
