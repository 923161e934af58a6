"""``anirec starter``: simulated viewers from the packaged starter community."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from anirec.data.starter.lists import Lists, read_lists
from anirec.data.starter.shows import (
    SHOWS_FILE,
    episodes_of,
    index_of,
    packaged_shows,
    refresh_facts,
    to_text,
)
from anirec.data.starter.write import write_beside, write_starter
from anirec.errors import DataError, MissingExtraError
from anirec.progress import SILENT, ConsoleProgress, Progress

_DIRECTORY = click.Path(path_type=Path, file_okay=False)


@click.command(help="Draw simulated viewers from the packaged starter community.")
@click.option("--out", type=_DIRECTORY, help="Directory to write into.")
@click.option("--viewers", default=3000, show_default=True, type=click.IntRange(1, 1_000_000))
@click.option("--seed", default=7, show_default=True, type=click.IntRange(min=0))
@click.option(
    "--derive-from",
    type=_DIRECTORY,
    help="Derive the community anew from the real lists in this directory, and write that.",
)
@click.option(
    "--compare-with",
    type=_DIRECTORY,
    help="Write nothing: say how near the simulated viewers come to the real lists there.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def command(
    out: Path | None,
    viewers: int,
    seed: int,
    derive_from: Path | None,
    compare_with: Path | None,
    as_json: bool,
) -> None:
    """Draw and write, derive, or compare."""
    if derive_from and compare_with:
        raise click.UsageError("--derive-from and --compare-with exclude each other")
    progress = SILENT if as_json else ConsoleProgress()
    if compare_with:
        result = _compare(compare_with, viewers, seed)
    elif out is None:
        raise click.UsageError("say where to write with --out DIR")
    elif derive_from:
        result = _derive(derive_from, out, progress)
    else:
        written = write_starter(out, viewers=viewers, seed=seed, progress=progress)
        result = written._asdict() | {"out": str(written.out)}
    if as_json:
        click.echo(json.dumps(result, indent=1))
        return
    for name, value in result.items():
        shown = f"{value:,}" if isinstance(value, int) and name != "seed" else value
        shown = f"{value:.3f}" if isinstance(value, float) else shown
        click.echo(f"{name.replace('_', ' ')}: {shown}")
    sys.stdout.flush()


def _derive(source: Path, out: Path, progress: Progress) -> dict[str, object]:
    from anirec.data.starter.calibrate import calibrate
    from anirec.data.starter.derive import derive
    from anirec.data.starter.sampler import SAMPLER_FILE
    from anirec.data.starter.statistics import STATISTICS_FILE

    shows = packaged_shows()
    places = [source / f"catalogue.jsonl{suffix}" for suffix in ("", ".gz")]
    catalogue = next((place for place in places if place.exists()), None)
    if catalogue:
        shows = refresh_facts(shows, catalogue)
    index = index_of(shows)
    progress.step(f"reading the lists in {source}")
    lists = read_lists(source, index)
    statistics = derive(lists, index, episodes_of(shows))
    sampler = calibrate(statistics, progress=progress)
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_beside(out / STATISTICS_FILE, statistics.save)
        write_beside(out / SAMPLER_FILE, sampler.save)
        text = to_text(shows)
        write_beside(
            out / SHOWS_FILE, lambda path: path.write_text(text, encoding="utf-8", newline="\n")
        )
    except OSError as error:
        raise DataError(f"cannot write into {out}: {error}") from None
    return {
        "out": str(out),
        "viewers": statistics.n_viewers,
        "entries": len(lists),
        "shows": len(index),
        "pairs_known": int((statistics.coviewers > 0).sum()) // 2,
    }


def _compare(source: Path, viewers: int, seed: int) -> dict[str, object]:
    try:
        from anirec.data.starter.fidelity import compare
    except ModuleNotFoundError:
        raise MissingExtraError("anirec starter --compare-with", "train") from None
    from anirec.data.starter.draw import draw
    from anirec.data.starter.sampler import packaged_sampler
    from anirec.data.starter.statistics import packaged_statistics

    shows = packaged_shows()
    index = index_of(shows)
    blocks = draw(packaged_statistics(), packaged_sampler(), episodes_of(shows), viewers, seed)
    simulated = Lists.concatenate(list(blocks))
    return dict(compare(simulated, read_lists(source, index), len(index))._asdict())
