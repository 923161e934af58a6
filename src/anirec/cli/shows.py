"""What verbs that answer from a bundle share: options, and a table of shows."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from anirec.cli.options import Place
from anirec.ranking.components import COLLABORATIVE, CONTENT
from anirec.ranking.weights import parse_weights

if TYPE_CHECKING:
    from collections.abc import Callable

    from anirec.ranking.recommendation import Recommendations
    from anirec.recommender import Recommender

bundle_option = click.option(
    "--bundle",
    type=Place(),
    default=Path("bundles/current"),
    show_default=True,
    envvar="ANIREC_BUNDLE",
    show_envvar=True,
    help="A bundle, a link to one, or a registry (then its current one); also gs://bucket/prefix.",
)


def weights_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--collaborative`` and ``--content``."""
    for name in (CONTENT, COLLABORATIVE):
        text = f"Weight of the {name} component; if only one is given, the other counts 0."
        function = click.option(f"--{name}", type=float, help=text)(function)
    return function


def weights_of(collaborative: float | None, content: float | None) -> dict[str, float] | None:
    """Return the weights that were given, None (the bundle's own) if none was.

    Raises
    ------
    click.UsageError
        If they are no weights.
    """
    given = {COLLABORATIVE: collaborative, CONTENT: content}
    weights = {name: value for name, value in given.items() if value is not None}
    if not weights:
        return None
    try:
        return parse_weights(weights)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def print_shows(found: Recommendations, recommender: Recommender, *, as_json: bool) -> None:
    """Print JSON as the HTTP API has it, a table on a terminal, tab-separated lines elsewhere."""
    if as_json:
        answer = {
            "recommendations": [show.to_dict() for show in found],
            "ignored": list(found.ignored),
            "removed": found.removed,
            "model": recommender.model,
        }
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
        return
    rows = [_row(place, found, recommender) for place in range(len(found))]
    if not sys.stdout.isatty():
        for row in rows:
            click.echo("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for title in ("", "id", "title", "type", "year", "score", "because of"):
        table.add_column(title, justify="right" if title in ("", "id", "score") else "left")
    for row in rows:
        # As Text: a title may hold brackets, which would be read as markup.
        table.add_row(*map(Text, row))
    Console().print(table)


def _row(place: int, found: Recommendations, recommender: Recommender) -> tuple[str, ...]:
    recommended = found[place]
    show = recommender.show(recommended.anime_id)
    because = dict.fromkeys(
        reason.title for reason in recommended.reasons if reason.contribution > 0
    )
    named = list(because)[:2]
    if recommended.instead_of is not None:
        named.insert(0, f"comes before {recommender.show(recommended.instead_of).title}")
    return (
        str(place + 1),
        str(show.anime_id),
        show.title,
        show.type or "",
        str(show.year or ""),
        f"{recommended.score:.3f}",
        ", ".join(named),
    )
