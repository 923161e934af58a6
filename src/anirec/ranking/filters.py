"""What a person wants left out, whatever its score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Self

from pydantic import BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from anirec.config import Config
from anirec.data.schema import MAX_LIST

EARLIEST: Final = 1900
LATEST: Final = 2100
MOST: Final = 10**9


def _one_or_more(value: object) -> object:
    return (value,) if isinstance(value, str) else value


# A body is read strictly, but what the function above returns is no JSON any more.
Names = Annotated[tuple[str, ...], Field(strict=False), BeforeValidator(_one_or_more)]
Year = Annotated[int, Field(ge=EARLIEST, le=LATEST)]


class Filters(Config):
    """Which shows may be recommended; every field at its default removes nothing.

    The switches say what may appear: ``False`` leaves it out (``docs/wishes.md``). A show of which a fact is not known
    does not pass a filter that asks for that fact.
    """

    model_config = ConfigDict(use_attribute_docstrings=True)

    adult: bool = True
    """False leaves out shows that are for adults only."""
    recaps: bool = True
    """False leaves out shows that retell another."""
    unreleased: bool = True
    """False leaves out shows that are only announced."""
    known_franchises: bool = True
    """False leaves out every show of a franchise that the list has: only what is new."""
    sequels: bool = True
    """False leaves out every show that continues another: first seasons only."""
    planned: bool = True
    """False leaves out what the list plans to watch."""
    unplanned: bool = True
    """False leaves out all but what the list plans to watch: what of it to watch next."""
    without_shows: Annotated[tuple[int, ...], Field(max_length=MAX_LIST)] = ()
    """Ids of shows that may not appear; ids that the catalogue lacks do no harm."""
    types: Names = ()
    """Types that may appear, such as ``TV`` or ``Movie``; none named means all."""
    without_types: Names = ()
    """Types that may not."""
    genres: Names = ()
    """Genres of which a show must have each."""
    without_genres: Names = ()
    """Genres of which it may have none."""
    tags: Names = ()
    """Tags of which a show must have each."""
    without_tags: Names = ()
    """Tags of which it may have none."""
    age_ratings: Names = ()
    """Age ratings that may appear, such as ``PG-13``; none named means all."""
    year_from: Year | None = None
    """Earliest year in which a show began."""
    year_to: Year | None = None
    """Latest year in which it began."""
    episodes_from: int | None = Field(None, ge=1, le=MOST)
    """Fewest episodes."""
    episodes_to: int | None = Field(None, ge=1, le=MOST)
    """Most episodes."""
    members_from: int | None = Field(None, ge=0, le=MOST)
    """Least number of people with the show on their list, as the catalogue says."""
    score_from: float | None = Field(None, ge=1, le=10)
    """Least score by the community, 1 to 10."""
    sequels_before_prequels: bool = True
    """False offers, in place of a show none of whose prequels is seen, its first prequel."""
    franchise_repeats: bool = True
    """False recommends no more than one show of a franchise, the best."""

    @model_validator(mode="after")
    def _ranges_hold_something(self) -> Self:
        for what in ("year", "episodes"):
            least, most = getattr(self, f"{what}_from"), getattr(self, f"{what}_to")
            if least is not None and most is not None and least > most:
                raise ValueError(
                    f"{what}_from is {least} and {what}_to {most}: nothing lies between"
                )
        return self


def parse_filters(filters: Filters | Mapping[str, Any] | None) -> Filters:
    """Return the filters that a caller gave, also as a dict; None removes nothing.

    Raises
    ------
    ValueError
        If a key is unknown or a value does not fit.
    """
    if isinstance(filters, Filters):
        return filters
    if not isinstance(filters, Mapping | None):
        raise ValueError(f"filters must be Filters or a dict, not {filters!r}")
    try:
        return Filters.model_validate(filters or {})
    except ValidationError as error:
        raise ValueError(_in_words(error)) from None


def _in_words(error: ValidationError) -> str:
    problem = error.errors()[0]
    message = problem["msg"].removeprefix("Value error, ")
    if not problem["loc"]:
        return f"the filters: {message}"
    name = problem["loc"][0]
    if name in Filters.model_fields:
        return f"the filter {name}: {message}, not {problem['input']!r}"
    return f"there is no filter {name!r}; there are: {', '.join(Filters.model_fields)}"
