"""The filters as options of the verbs that answer from a bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from anirec.ranking.filters import Filters

SWITCHES: Final = {
    "adult": "Leave out shows for adults only.",
    "recaps": "Leave out shows that retell another.",
    "unreleased": "Leave out shows that are only announced.",
    "known-franchises": "Leave out every show of a franchise that the list has.",
    "sequels": "Leave out shows that continue another: first seasons only.",
    "planned": "Leave out what the list plans to watch.",
    "unplanned": "Leave out all but what the list plans to watch.",
    "sequels-before-prequels": "Offer the first prequel in place of a show with none seen.",
    "franchise-repeats": "No more than one show of a franchise.",
}
NAMES: Final = {
    "type": ("types", "Only shows of this type, such as TV or Movie; may be repeated."),
    "without-type": ("without_types", "No show of this type; may be repeated."),
    "genre": ("genres", "Only shows of this genre; repeated, only shows of each."),
    "without-genre": ("without_genres", "No show of this genre; may be repeated."),
    "tag": ("tags", "Only shows with this tag; repeated, only shows with each."),
    "without-tag": ("without_tags", "No show with this tag; may be repeated."),
    "age-rating": ("age_ratings", "Only shows of this age rating; may be repeated."),
}
SHOWS: Final = {
    "without-show": ("without_shows", "Not this show, by its anime id; may be repeated."),
}
NUMBERS: Final = {
    "year-from": (int, "Of this year or later."),
    "year-to": (int, "Of this year or earlier."),
    "episodes-from": (int, "Of at least so many episodes."),
    "episodes-to": (int, "Of at most so many episodes."),
    "members-from": (int, "On the lists of at least so many people."),
    "score-from": (float, "With at least this community score, 1 to 10."),
}


def filter_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add an option for each filter."""
    options = [
        *(click.option(f"--no-{name}", is_flag=True, help=text) for name, text in SWITCHES.items()),
        *(
            click.option(f"--{name}", field, multiple=True, metavar="NAME", help=text)
            for name, (field, text) in NAMES.items()
        ),
        *(
            click.option(f"--{name}", field, multiple=True, type=int, metavar="ID", help=text)
            for name, (field, text) in SHOWS.items()
        ),
        *(
            click.option(f"--{name}", type=kind, help=text)
            for name, (kind, text) in NUMBERS.items()
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def filters_of(wanted: Mapping[str, Any]) -> Filters:
    """Return the filters that the options ask for.

    Raises
    ------
    click.UsageError
        If one is out of range.
    """
    from anirec.ranking.filters import parse_filters

    given = {name: value for name, value in wanted.items() if not name.startswith("no_")}
    given |= {name.removeprefix("no_"): False for name, value in wanted.items() if value is True}
    try:
        return parse_filters({name: v for name, v in given.items() if v is not None})
    except ValueError as error:
        raise click.UsageError(str(error)) from None
