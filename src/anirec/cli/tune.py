"""``anirec tune``: weigh the hybrid's two models on validation viewers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from anirec.cli.options import models_option, params_option, split_option, tables_option

if TYPE_CHECKING:
    from pathlib import Path

    from anirec.data.split import Split
    from anirec.pipeline.training import TunedBlend


@click.command("tune")
@tables_option
@split_option
@models_option
@params_option
def command(
    tables: Path, split_directory: Path, models_directory: Path, params_path: Path | None
) -> None:
    """Tune the hybrid's weights on the validation viewers, with models that are trained already.

    The weights are written to hybrid.json beside them.

    `anirec train` does so by itself where both parts of the hybrid are there; a pipeline tells the
    two steps apart.
    """
    from anirec.data.split import load_split
    from anirec.errors import DataError
    from anirec.params import load_params
    from anirec.pipeline.training import load_trained, tune_and_write_blend
    from anirec.progress import ConsoleProgress

    progress = ConsoleProgress()
    params = load_params(params_path)
    split = load_split(split_directory, tables, progress)
    parts = (params.hybrid.collaborative, params.hybrid.content)
    models = load_trained(parts, models_directory, split, params, progress)
    for name in parts:
        if name not in models:
            raise DataError(
                f"{models_directory} has no {name} of this split and these settings: "
                f"run `anirec train --model {name}`"
            )
    blend = tune_and_write_blend(models, split, params, models_directory, progress)
    if blend is None:
        raise DataError(
            f"{split_directory} has no validation viewer to tune for: "
            "raise split.validation_share or bring more viewers"
        )
    print_blend(blend, split, models_directory)


def print_blend(blend: TunedBlend, split: Split, models: Path) -> None:
    """Say which weights were chosen and how well they rank."""
    from anirec.pipeline.training import BLEND_FILE

    weights = ", ".join(f"{name} {weight:.2f}" for name, weight in blend.weights.items())
    click.echo(f"hybrid of {blend.collaborative} and {blend.content}: {weights}")
    click.echo(
        f"NDCG@10 of {blend.best:.4f} on {len(split.validation.history):,} validation viewers: "
        f"{models / BLEND_FILE}"
    )
