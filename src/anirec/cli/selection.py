"""Options that say which viewers to keep, for the verbs that ingest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from anirec.data.list_stream import Selection

if TYPE_CHECKING:
    from collections.abc import Callable

_OPTIONS = (
    click.option(
        "--sample-users",
        type=click.FloatRange(0, 1, min_open=True),
        default=1.0,
        show_default=True,
        help="Keep this share of the viewers, each with the whole list.",
    ),
    click.option(
        "--salt",
        default=Selection().salt,
        show_default=True,
        help="Another salt draws other viewers.",
    ),
    click.option(
        "--min-entries",
        type=click.IntRange(1),
        default=1,
        show_default=True,
        help="Leave out viewers with fewer entries.",
    ),
    click.option(
        "--max-entries", type=click.IntRange(1), help="Leave out viewers with more entries."
    ),
    click.option(
        "--user-offset",
        type=click.IntRange(0),
        help="Add N to the viewer ids of the second list, 2N to the third's, ...; "
        "0 says that equal ids are the same people.",
    ),
)


def selection_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb these options; ``selection_of`` takes their values."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def selection_of(
    sample_users: float,
    salt: str,
    min_entries: int,
    max_entries: int | None,
    user_offset: int | None,
) -> Selection:
    """Return the selection that the options stand for.

    Raises
    ------
    click.UsageError
        If no viewer can fit.
    """
    if max_entries is not None and max_entries < min_entries:
        raise click.UsageError("--max-entries is below --min-entries: no viewer fits")
    return Selection(
        sample_users=sample_users,
        salt=salt,
        min_entries=min_entries,
        max_entries=max_entries,
        user_offset=user_offset,
    )
