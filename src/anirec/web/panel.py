"""The form that every page about recommendations carries, filled with what was asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from anirec.ranking.components import CONTENT
from anirec.web.context import recommender
from anirec.web.schemas import MAX_N
from anirec.web.wishes import Wishes

if TYPE_CHECKING:
    from collections.abc import Mapping

VIEWERS_TO_TRY: Final = 6
OFF: Final = frozenset(("0", "false", "off", "no"))
MAX_KEPT: Final = 40
"""Longest text that the form gives back."""


@dataclass(frozen=True)
class Panel:
    """What stands in the form: texts as typed, also wrong ones."""

    user_id: str
    n: str
    blend: str
    variety: str
    dislikes: bool
    """Whether dislikes count; what cannot be read as a switch counts as on."""
    message: str | None
    to_try: list[int]
    max_n: int = MAX_N


def best_blend() -> int:
    """Return the bundle's best blend as the slider shows it: percent of content."""
    return round(100 * recommender().manifest.weights.get(CONTENT, 0.5))


def panel(query: Mapping[str, str], user_id: str = "", message: str | None = None) -> Panel:
    """Return the form for a request; what was not given stands at its default."""
    defaults = Wishes(blend=best_blend()).model_dump()
    kept = {
        name: (query.get(name) or str(default))[:MAX_KEPT] for name, default in defaults.items()
    }
    return Panel(
        user_id=user_id[:MAX_KEPT],
        message=message,
        to_try=recommender().sample_viewers(VIEWERS_TO_TRY),
        n=kept["n"],
        blend=kept["blend"],
        variety=kept["variety"],
        dislikes=query.get("dislikes", "").strip() not in OFF,
    )
