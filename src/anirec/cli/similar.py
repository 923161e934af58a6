"""``anirec similar``: list shows like a given one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from anirec.cli.shows import bundle_option, print_shows, weights_of, weights_options

if TYPE_CHECKING:
    from pathlib import Path


@click.command("similar")
@click.argument("anime_id", type=int)
@click.option("-n", "n", type=click.IntRange(min=1), default=10, show_default=True)
@weights_options
@click.option("--no-adult", is_flag=True, help="Leave out shows for adults only.")
@bundle_option
@click.option("--json", "as_json", is_flag=True, help="Print for a program.")
def command(
    anime_id: int,
    n: int,
    collaborative: float | None,
    content: float | None,
    no_adult: bool,
    bundle: Path,
    as_json: bool,
) -> None:
    """List the shows most like ANIME_ID (a MyAnimeList id)."""
    from anirec.ranking.filters import Filters
    from anirec.recommender import Recommender

    weights = weights_of(collaborative, content)
    recommender = Recommender.load(bundle)
    found = recommender.similar(anime_id, n, weights, Filters(adult=not no_adult))
    print_shows(found, recommender, as_json=as_json)
