"""The words for protocols and figures, the same on the report's page and in the model card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from anirec.evaluation.protocols import (
    COLD_ITEMS,
    COLD_ITEMS_ALONE,
    DISCOVERY,
    KNOWN_VIEWERS,
    LIKED,
    NEW_VIEWERS,
    SHORT_HISTORIES,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

PROTOCOL_TITLES: Final = {
    NEW_VIEWERS: "New viewers",
    KNOWN_VIEWERS: "Known viewers",
    LIKED: "Liked",
    DISCOVERY: "Discovery",
    **{name: f"History of {name.rpartition('-')[2]}" for name in SHORT_HISTORIES},
    COLD_ITEMS: "Cold items among all",
    COLD_ITEMS_ALONE: "Cold items alone",
}
"""In the order in which they are told."""
MEANINGS: Final = {
    NEW_VIEWERS: "held-out shows of viewers whom no model has seen",
    KNOWN_VIEWERS: "the same, with 80 % of their lists in the training data",
    LIKED: "only held-out shows that the viewer liked count",
    DISCOVERY: "only held-out shows of franchises that are new to the viewer count",
    COLD_ITEMS: "held-out shows whose entries were taken out of the training data, found among all",
    COLD_ITEMS_ALONE: "the same, ranked against each other only",
}
SHORT_HISTORY: Final = (
    "History of n",
    "as new viewers, but the models are told of only n entries of the history, drawn at random",
)
LOOK_TERMS: Final = {
    "Novelty": "how rare the shown are, in bits",
    "Diversity": "how unlike each other in genres and tags, 0 to 1",
    "Popularity lift": "how much more popular the shown are than the history: 0 as popular, 1 twice",
    "Miscalibration": "how far their genres are from those of the history, in nats",
    "Coverage": "share of the catalogue that is shown to anyone",
}
GROUPS_DIFFER: Final = (
    "Of a longer list more is held out, so that more is there to be found: compare models within a "
    "group, not one group with another."
)


def terms_of(protocols: Collection[str]) -> list[tuple[str, str]]:
    """Return title and meaning of these protocols, one for all short histories."""
    terms = [(PROTOCOL_TITLES[name], MEANINGS[name]) for name in MEANINGS if name in protocols]
    if any(name in protocols for name in SHORT_HISTORIES):
        terms.append(SHORT_HISTORY)
    return terms


def in_words(interval: Mapping[str, float]) -> str:
    """Return a figure of the JSON report with its interval."""
    return f"{interval['mean']:.3f} ({interval['low']:.3f} to {interval['high']:.3f})"
