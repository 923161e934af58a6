"""What a viewer asks for on the page: how many, which blend, how varied, whether dislikes count."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pydantic import Field, ValidationError

from anirec.config import Config
from anirec.ranking.components import COLLABORATIVE, CONTENT
from anirec.web.schemas import MAX_ID, MAX_N

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    dislikes: bool = True
    """Whether what was dropped or rated low pushes alike shows away"""

    @classmethod
    def from_query(cls, query: Mapping[str, str], best_blend: int) -> Wishes:
        """Read the form; what is left empty takes its default.

        Raises
        ------
        WishError
            If something is no number or out of range.
        """
        given = {
            name: query[name].strip() for name in cls.model_fields if query.get(name, "").strip()
        }
        try:
            wishes = cls.model_validate(given)
        except ValidationError as error:
            what = {
                "n": f"The number of shows is a whole number from 1 to {MAX_N}.",
                "blend": "The blend is a whole number from 0 to 100.",
                "variety": "Variety is a whole number from 0 to 100.",
                "dislikes": "Dislikes are on (1) or off (0).",
            }
            raise WishError(what[str(error.errors()[0]["loc"][0])]) from None
        # A slider that was not moved sends the best blend as a number.
        return wishes.model_copy(update={"blend": None}) if wishes.blend == best_blend else wishes

    @property
    def weights(self) -> dict[str, float] | None:
        """The weights of the recommender."""
        if self.blend is None:
            return None
        return {COLLABORATIVE: 1 - self.blend / 100, CONTENT: self.blend / 100}

    @property
    def diversity(self) -> float:
        """From 0 to 1."""
        return self.variety / 100

    def to_query(self) -> dict[str, Any]:
        """Return what differs from the defaults, for the page's address."""
        asked = self.model_dump(exclude_defaults=True)
        return asked | ({} if self.dislikes else {"dislikes": 0})

    def to_api_query(self) -> dict[str, Any]:
        """Return the same wishes as the API spells them."""
        return {
            "n": self.n,
            **(self.weights or {}),
            "diversity": self.diversity or None,
            "dislikes": None if self.dislikes else 0,
        }


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
