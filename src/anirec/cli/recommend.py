"""``anirec recommend``: recommend shows to a viewer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from anirec.cli.filtering import filter_options, filters_of
from anirec.cli.shows import bundle_option, print_shows, weights_of, weights_options

if TYPE_CHECKING:
    from anirec.data.histories import Entry


@click.command("recommend")
@click.option("--user-id", type=int, help="A viewer of the training data.")
@click.option(
    "--history",
    "history_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help='A list instead: JSON such as [{"anime_id": 5114, "rating": 10, "status": 2}], or the CSV '
    "of `anirec import-list`.",
)
@click.option("-n", "n", type=click.IntRange(min=1), default=10, show_default=True)
@weights_options
@click.option(
    "--diversity",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="0 ranks by score alone, 1 makes the list as varied as possible.",
)
@click.option(
    "--no-dislikes",
    is_flag=True,
    help="Let what was dropped or rated low push nothing away.",
)
@click.option(
    "--discovery",
    type=click.FloatRange(0, 1),
    help="How far franchises that the list does not hold are preferred; 0 ranks the likeliest "
    "first. By default the bundle's own. Goes without weights.",
)
@click.option(
    "--niche",
    type=click.FloatRange(-1, 1),
    default=0.0,
    show_default=True,
    help="Of what fits: -1 what most people watch, 1 what few watch.",
)
@filter_options
@bundle_option
@click.option("--json", "as_json", is_flag=True, help="Print for a program.")
def command(
    user_id: int | None,
    history_file: Path | None,
    n: int,
    collaborative: float | None,
    content: float | None,
    diversity: float,
    no_dislikes: bool,
    discovery: float | None,
    niche: float,
    bundle: str | Path,
    as_json: bool,
    **wanted: Any,
) -> None:
    """Recommend shows to a viewer, known by id or by a list."""
    from anirec.errors import DataError, DiscoveryError, UnknownLabelError
    from anirec.recommender import Recommender

    if (user_id is None) == (history_file is None):
        raise click.UsageError("give one of --user-id and --history")
    weights = weights_of(collaborative, content)
    filters = filters_of(wanted)
    history = _read_history(history_file) if history_file else None
    recommender = Recommender.load(bundle)
    try:
        if history is not None:
            found = recommender.recommend(
                history, n, weights, filters, diversity, not no_dislikes, discovery, niche
            )
        else:
            assert user_id is not None
            found = recommender.recommend_user(
                user_id, n, weights, filters, diversity, not no_dislikes, discovery, niche
            )
    except (DiscoveryError, UnknownLabelError):
        raise
    except ValueError as error:
        raise DataError(f"{history_file}: {error}" if history_file else str(error)) from None
    print_shows(found, recommender, as_json=as_json)
    if found.ignored and not as_json:
        unknown = ", ".join(map(str, found.ignored))
        click.echo(f"ignored, for the catalogue lacks them: {unknown}", err=True)


def _read_history(path: Path) -> list[Entry]:
    from anirec.data.histories import Entry
    from anirec.errors import DataError
    from anirec.lists import own_csv

    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"no file {path}") from None
    if own_csv.is_list(data):
        found = own_csv.read(data, str(path))
        for reason, n in found.skipped.items():
            click.echo(f"{path}: skipped {n:,}: {reason}", err=True)
        return [Entry(one.show_id, one.rating, one.status) for one in found.entries]
    try:
        return [Entry(**entry) for entry in json.loads(data)]
    except ValueError as error:
        raise DataError(f"{path} is not valid JSON: {error}") from None
    except TypeError:
        raise DataError(
            f"{path} must hold a JSON list of objects with anime_id and, if you like, "
            "rating and status"
        ) from None
