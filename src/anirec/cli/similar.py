"""``anirec similar``: list shows like a given one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from anirec.cli.filtering import filter_options, filters_of
from anirec.cli.shows import bundle_option, print_shows, weights_of, weights_options

if TYPE_CHECKING:
    from pathlib import Path


@click.command("similar")
@click.argument("anime_id", type=int)
@click.option("-n", "n", type=click.IntRange(min=1), default=10, show_default=True)
@weights_options
@filter_options
@bundle_option
@click.option("--json", "as_json", is_flag=True, help="Print for a program.")
def command(
    anime_id: int,
    n: int,
    collaborative: float | None,
    content: float | None,
    bundle: str | Path,
    as_json: bool,
    **wanted: Any,
) -> None:
    """List the shows most like ANIME_ID (a MyAnimeList id)."""
    from anirec.recommender import Recommender

    weights = weights_of(collaborative, content)
    filters = filters_of(wanted)
    recommender = Recommender.load(bundle)
    found = recommender.similar(anime_id, n, weights, filters)
    print_shows(found, recommender, as_json=as_json)
