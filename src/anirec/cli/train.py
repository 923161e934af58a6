"""``anirec train``: fit models, tune the blend."""

from __future__ import annotations

from pathlib import Path

import click

from anirec.cli.options import (
    DIRECTORY,
    cache_option,
    params_option,
    runs_option,
    split_option,
    tables_option,
    tracker_option,
)
from anirec.cli.tune import print_blend


@click.command("train")
@click.option(
    "--model",
    "chosen",
    multiple=True,
    default=("all",),
    show_default=True,
    help="The name of a model, or all; can be given several times.",
)
@tables_option
@split_option
@click.option(
    "--out",
    type=DIRECTORY,
    default=Path("artifacts/models"),
    show_default=True,
    help="Each model is written to a directory of its name in here.",
)
@params_option
@cache_option
@tracker_option
@runs_option
@click.option("--no-tune", is_flag=True, help="Leave the hybrid's weights to `anirec tune`.")
def command(
    chosen: tuple[str, ...],
    tables: Path,
    split_directory: Path,
    out: Path,
    params_path: Path | None,
    cache: Path,
    trackers: tuple[str, ...],
    runs: Path,
    no_tune: bool,
) -> None:
    """Fit models on the training viewers; tune the hybrid's weights on the validation viewers.

    The weights are tuned once both parts of the hybrid are there. A fit that was interrupted goes
    on where it stopped when the command is given again.
    """
    from anirec.data.split import load_split
    from anirec.params import load_params
    from anirec.pipeline.learned_stage import train_and_save_ranker
    from anirec.pipeline.run_log import log_blend, log_start
    from anirec.pipeline.training import (
        BLEND_FILE,
        Workplace,
        names_of,
        train,
        tune_and_write_blend,
    )
    from anirec.progress import ConsoleProgress
    from anirec.tracking.run import tracked_run

    progress = ConsoleProgress()
    params = load_params(params_path)
    names = names_of(chosen)
    split = load_split(split_directory, tables, progress)
    with tracked_run(trackers, "train", runs, progress) as run:
        workplace = Workplace(cache, out / ".checkpoints", progress, run)
        log_start(run, params, params_path, split.about["tables"])
        models = train(names, split, params, out, workplace)
        for name in names:
            click.echo(f"{name}: {out / name}")
        if train_and_save_ranker(models, split, params, out, workplace):
            click.echo(f"learned ranker: {out / 'learned'}")
        if no_tune:
            return
        blend = tune_and_write_blend(models, split, params, out, progress)
        log_blend(run, blend, out / BLEND_FILE)
        if blend is not None:
            print_blend(blend, split, out)
