"""What a viewer asks for on the page: how many, which blend, how varied, niche, new, what not at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, get_origin

from pydantic import Field, ValidationError

from anirec.config import Config
from anirec.ranking.components import COLLABORATIVE, CONTENT
from anirec.web.filter_words import FILTER_WORDS
from anirec.web.schemas import MAX_ID, MAX_N, WebFilters

if TYPE_CHECKING:
    from collections.abc import Iterable

    from werkzeug.datastructures import MultiDict

DEFAULT_N: Final = 24
"""Fills the rows of a grid of two, three, four or six columns."""


class WishError(ValueError):
    """Something in the form that cannot be; the text is for the viewer."""


class Wishes(Config):
    """The settings of the form."""

    n: int = Field(DEFAULT_N, ge=1, le=MAX_N)
    blend: int | None = Field(None, ge=0, le=100)
    """Percent of the weight on what shows are about; None is the bundle's best blend."""
    variety: int = Field(0, ge=0, le=100)
    """Percent."""
    niche: int = Field(0, ge=-100, le=100)
    """Percent, from what most people watch to what few do."""
    discovery: int | None = Field(None, ge=0, le=100)
    """Percent by which shows of new franchises are preferred; None is the bundle's own."""
    dislikes: bool = True
    """Whether what was dropped or rated low pushes alike shows away"""
    filters: WebFilters = WebFilters()

    @classmethod
    def from_query(
        cls, query: MultiDict[str, str], best_blend: int, own_discovery: int | None
    ) -> Wishes:
        """Read the form; what is left empty takes its default.

        Parameters
        ----------
        best_blend, own_discovery
            Where the sliders of the blend and of discovery stand if nobody moves them; None for a
            bundle that has no such discovery. A blend of one's own leaves it without effect.

        Raises
        ------
        WishError
            If something is no number or out of range.
        """
        names = [name for name in cls.model_fields if name != "filters"]
        given = {name: query[name].strip() for name in names if query.get(name, "").strip()}
        filters = _filters(query)
        try:
            wishes = cls.model_validate({**given, "filters": filters})
        except ValidationError as error:
            what = {
                "n": f"The number of shows is a whole number from 1 to {MAX_N}.",
                "blend": "The blend is a whole number from 0 to 100.",
                "variety": "Variety is a whole number from 0 to 100.",
                "niche": "Popular or niche is a whole number from -100 to 100.",
                "discovery": "New franchises is a whole number from 0 to 100.",
                "dislikes": "Dislikes are on (1) or off (0).",
            }
            raise WishError(what[str(error.errors()[0]["loc"][0])]) from None
        # A slider that was not moved sends a number all the same.
        blend = None if wishes.blend == best_blend else wishes.blend
        counts = blend is None and own_discovery not in (None, wishes.discovery)
        discovery = wishes.discovery if counts else None
        return wishes.model_copy(update={"blend": blend, "discovery": discovery})

    @property
    def weights(self) -> dict[str, float] | None:
        """The weights of the recommender."""
        if self.blend is None:
            return None
        return {COLLABORATIVE: 1 - self.blend / 100, CONTENT: self.blend / 100}

    def without_shows(self, unwanted: Iterable[int]) -> Wishes:
        """Return the same wishes with some more shows left out."""
        shows = (*self.filters.without_shows, *sorted(unwanted))
        filters = self.filters.model_copy(update={"without_shows": shows})
        return self.model_copy(update={"filters": filters})

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of ``Recommender.recommend`` that fulfil the wishes."""
        return {
            "n": self.n,
            "weights": self.weights,
            "filters": self.filters,
            "diversity": self.variety / 100,
            "dislikes": self.dislikes,
            "niche": self.niche / 100,
            "discovery": None if self.discovery is None else self.discovery / 100,
        }

    def leaves_out(self, query: MultiDict[str, str]) -> bool:
        """Tell whether an address says more than ``to_query``: forms send what stands at its default."""
        names = {*type(self).model_fields, *WebFilters.model_fields}
        return not names & set(query) <= set(self.to_query())

    def to_query(self) -> dict[str, Any]:
        """Return what differs from the defaults, for the page's address."""
        asked = self.model_dump(exclude_defaults=True, exclude={"filters", "dislikes"})
        return asked | ({} if self.dislikes else {"dislikes": 0}) | self._filters_asked()

    def to_api_query(self) -> dict[str, Any]:
        """Return the same wishes as the API spells them."""
        return {
            "n": self.n,
            **(self.weights or {}),
            "diversity": self.variety / 100 or None,
            "niche": self.niche / 100 or None,
            "discovery": None if self.discovery is None else self.discovery / 100,
            "dislikes": None if self.dislikes else 0,
            **self._filters_asked(),
        }

    def _filters_asked(self) -> dict[str, Any]:
        asked = self.filters.model_dump(exclude_defaults=True)
        return {name: int(v) if isinstance(v, bool) else v for name, v in asked.items()}


def _filters(query: MultiDict[str, str]) -> WebFilters:
    """Read the filters; names may be repeated, or stand in one field with commas between."""
    given: dict[str, Any] = {}
    for name, field in WebFilters.model_fields.items():
        values = [part.strip() for text in query.getlist(name) for part in text.split(",")]
        values = [value for value in values if value]
        if values:
            given[name] = values if get_origin(field.annotation) is tuple else values[-1]
    try:
        return WebFilters.model_validate(given)
    except ValidationError as error:
        problem = error.errors()[0]
        if not problem["loc"]:
            why = problem["msg"].removeprefix("Value error, ")
            raise WishError(f"Sorry, {why}.") from None
        raise WishError(
            f"{problem['input']!r} does not fit the wish {FILTER_WORDS[str(problem['loc'][0])]!r}."
        ) from None


def parse_user_id(text: str) -> int:
    """Read a user id as a person types it.

    Raises
    ------
    WishError
        If it is empty, no whole number, negative or too large; the text says which.
    """
    text = text.strip()
    if not text:
        raise WishError("Please give a user id: a whole number such as the ones below.")
    if re.fullmatch(r"-[0-9]+", text):
        raise WishError("A user id is never negative.")
    if not re.fullmatch(r"[0-9]+", text):
        raise WishError("A user id is a whole number; names and letters do not work here.")
    if len(text) > 19 or int(text) > MAX_ID:
        raise WishError("That number is too large to be a user id.")
    return int(text)
