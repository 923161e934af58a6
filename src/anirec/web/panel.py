"""The form that steers recommendations, filled with what was asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from anirec.data.genres import label_key
from anirec.ranking.components import CONTENT
from anirec.web.context import recommender
from anirec.web.schemas import MAX_N, WebFilters
from anirec.web.wishes import DEFAULT_N, Wishes

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

VIEWERS_TO_TRY: Final = 6
OFF: Final = frozenset(("0", "false", "off", "no"))
MAX_KEPT: Final = 40
"""Longest number or id that the form gives back."""
MAX_NAMES_KEPT: Final = 300
"""Longest text of names that it gives back."""
FIELDLESS: Final = ("without_types", "without_shows")
"""Filters that only an address can ask for."""
GENRES_OFFERED: Final = 30
TAGS_OFFERED: Final = 150
"""Of the commonest tags, while typing."""


@dataclass(frozen=True)
class Panel:
    """What stands in the form: texts as typed, also wrong ones."""

    typed: MultiDict[str, str]
    user_id: str | None = None
    """As typed; None where the viewer brings a list instead"""
    message: str | None = None
    max_n: int = MAX_N

    def number(self, name: str) -> str:
        """Return the text of a number, that of its default where nothing was typed."""
        defaults = {
            "n": DEFAULT_N,
            "blend": self.best_blend,
            "discovery": own_discovery(),
            "variety": 0,
            "niche": 0,
        }
        return (self.typed.get(name) or str(defaults.get(name, "")))[:MAX_KEPT]

    def names(self, name: str) -> str:
        """Return names as one text."""
        return ", ".join(self.typed.getlist(name))[:MAX_NAMES_KEPT]

    def is_off(self, name: str) -> bool:
        """Tell whether a switch is off; what cannot be read as a switch counts as on."""
        return self.typed.get(name, "").strip().lower() in OFF

    def is_on(self, name: str) -> bool:
        """Tell whether something that is off by default was switched on."""
        return name in self.typed and not self.is_off(name)

    def has(self, name: str, label: str) -> bool:
        """Tell whether a label was chosen."""
        if name not in self.typed:
            return False
        chosen = (part for text in self.typed.getlist(name) for part in text.split(","))
        return label_key(label) in map(label_key, chosen)

    @property
    def best_blend(self) -> int:
        """Where the slider of the blend stands if nobody moves it."""
        return best_blend()

    @property
    def has_own_blend(self) -> bool:
        """Tell whether the slider of the blend was moved."""
        return self.number("blend").strip() != str(self.best_blend)

    @property
    def has_discovery(self) -> bool:
        """Tell whether the bundle can prefer new franchises by degrees."""
        return own_discovery() is not None

    @property
    def unseen(self) -> list[tuple[str, str]]:
        """What was asked for without having a field: names and values that the form sends on."""
        return [(name, text) for name in FIELDLESS for text in self.typed.getlist(name) if text]

    @property
    def n_filters(self) -> int:
        """How many filters are in use."""
        return sum(any(self.typed.getlist(name)) for name in WebFilters.model_fields)

    @property
    def to_try(self) -> list[int]:
        """A few viewers of the training data."""
        return recommender().sample_viewers(VIEWERS_TO_TRY)

    @property
    def types(self) -> tuple[str, ...]:
        """The types of shows."""
        return recommender().bundle.catalogue.labels("types")

    @property
    def genres(self) -> list[str]:
        """The commonest genres, and whichever others were chosen."""
        known = recommender().bundle.catalogue.labels("genres")
        chosen = {
            one for one in known if self.has("genres", one) or self.has("without_genres", one)
        }
        return sorted({*known[:GENRES_OFFERED], *chosen})

    @property
    def tags(self) -> list[str]:
        """The commonest tags."""
        return sorted(recommender().bundle.catalogue.labels("tags")[:TAGS_OFFERED])

    @property
    def age_ratings(self) -> list[str]:
        """The age ratings."""
        return sorted(recommender().bundle.catalogue.labels("age_ratings"))


def asked_wishes(query: MultiDict[str, str]) -> Wishes:
    """Read the form.

    Raises
    ------
    WishError
        If something is no number or out of range.
    """
    return Wishes.from_query(query, best_blend(), own_discovery())


def own_discovery() -> int | None:
    """Return the bundle's own discovery as the slider shows it, None if it has no learned ranker."""
    learned = recommender().bundle.learned
    return None if learned is None else 5 * round(20 * learned.discovery)


def best_blend() -> int:
    """Return the bundle's best blend as the slider shows it: percent of content."""
    return round(100 * recommender().manifest.weights.get(CONTENT, 0.5))
