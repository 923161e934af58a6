"""What became of recommended shows, where clients tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from anirec.monitoring.counts import Counts

SHOWN: Final = "impressions"
OUTCOMES: Final = {
    "opened": ("click",),
    "added": ("added",),
    "rated_or_seen": ("rating", "seen"),
    "dismissed": ("dismissal",),
}
"""Shares of the shows that were shown, and the kinds of feedback that each is made of"""


def acceptance(live: Counts) -> dict[str, float]:
    """Return how many recommended shows were shown, and the share of each outcome; empty if none was."""
    shown = live.feedback.get("impression", 0.0)
    if not shown:
        return {}
    shares = {
        outcome: sum(live.feedback.get(kind, 0.0) for kind in kinds) / shown
        for outcome, kinds in OUTCOMES.items()
    }
    return {SHOWN: shown, **shares}


def in_words(found: dict[str, float]) -> str:
    """Return one line for people."""
    parts = [f"{found[outcome]:.1%} {outcome.replace('_', ' ')}" for outcome in OUTCOMES]
    return f"Of {found[SHOWN]:,.0f} recommended shows that were shown: {', '.join(parts)}"
