"""What may be compared of two bundles' figures, how sure the difference is, and what to know of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from anirec.evaluation.bootstrap import Interval, paired_difference, unpaired_difference
from anirec.pipeline.gate.held_out_figures import (
    MEASURED_ALIKE,
    CannotCompareError,
    HeldOutFigures,
)

MINIMUM_VIEWERS: Final = 50
"""Of fewer common viewers an interval says too little."""
SHOWS_LOST: Final = 0.01
"""So large a share of the shows that compete may be missing from a new bundle."""

HANDICAP: Final = 0.001
"""So much may be lost where more shows compete; measured, 8,364 more cost 0.0005 (docs/gate.md)."""


@dataclass(frozen=True)
class Comparison:
    """The difference of two recipes over the viewers that both held out."""

    mean: float
    current_mean: float
    difference: Interval
    viewers: int
    paired: bool
    """False where the lists changed in between: the two means are taken as of two samples."""
    allowed_loss: float
    """Zero unless more shows compete for the new bundle."""
    remarks: tuple[str, ...]
    """What a reader must know besides the figures."""

    @property
    def worse(self) -> bool:
        """True where even the upper end of the interval is a loss beyond what is allowed."""
        return self.difference.high < -self.allowed_loss


def compare(ours: HeldOutFigures, theirs: HeldOutFigures, salt: str) -> Comparison:
    """Compare a new bundle's figures with those of the current one.

    Viewers of whom both asked the same are compared one by one. Where too few are, for their lists
    changed in between, all that are common are compared as two samples.

    Parameters
    ----------
    salt
        That of the split; names viewers where one of the bundles tells no ids.

    Raises
    ------
    CannotCompareError
        If metric or places differ, the new bundle lacks more than ``SHOWS_LOST`` of the shows, or
        fewer than ``MINIMUM_VIEWERS`` viewers are common.
    """
    for name, title in MEASURED_ALIKE.items():
        here, there = ours.about[name], theirs.about[name]
        if here != there:
            raise CannotCompareError(f"the {title} is {here} here and {there} there")
    about_shows = _about_shows(ours.items, theirs.items)
    # The bootstrap draws viewers by place: in a fixed order the same figures give the same interval.
    pairs = _common(ours, theirs, salt)
    if len(pairs) < MINIMUM_VIEWERS:
        raise CannotCompareError(
            f"{len(pairs):,} held-out viewers are common to both, {MINIMUM_VIEWERS} are needed"
        )
    same = [pair for pair in pairs if _asked_the_same(ours, theirs, *pair)]
    paired = len(same) >= MINIMUM_VIEWERS
    counted = same if paired else pairs
    one = np.array([ours.per_viewer[place] for place, _ in counted])
    other = np.array([theirs.per_viewer[place] for _, place in counted])
    return Comparison(
        mean=float(one.mean()),
        current_mean=float(other.mean()),
        difference=(paired_difference if paired else unpaired_difference)(one, other),
        viewers=len(counted),
        paired=paired,
        allowed_loss=HANDICAP if ours.items > theirs.items else 0.0,
        remarks=(*_about_lists(ours, theirs, len(pairs), len(same)), *about_shows),
    )


def _common(ours: HeldOutFigures, theirs: HeldOutFigures, salt: str) -> list[tuple[int, int]]:
    """Return the places of each common viewer on both sides, in the order of their names."""
    by_id = ours.user_ids is not None and theirs.user_ids is not None
    here, there = (side.by_name(None if by_id else salt) for side in (ours, theirs))
    return [(here[name], there[name]) for name in sorted(here.keys() & there.keys(), key=str)]


def _asked_the_same(ours: HeldOutFigures, theirs: HeldOutFigures, here: int, there: int) -> bool:
    """Tell whether a viewer's list was the same, history and held-out shows, at both measurements."""
    if ours.measured_on == theirs.measured_on:
        return True
    if ours.lists is not None and ours.lists == theirs.lists:
        return True
    if ours.list_keys is None or theirs.list_keys is None:
        return False
    return ours.list_keys[here] == theirs.list_keys[there]


def _about_lists(
    ours: HeldOutFigures, theirs: HeldOutFigures, common: int, same: int
) -> tuple[str, ...]:
    if same == common:
        return ()
    if same >= MINIMUM_VIEWERS:
        return (f"{common - same:,} more whose lists changed in between are left out",)
    known = ours.lists is not None and theirs.lists is not None
    why = "come from different held-out lists" if known else "may come from different lists"
    return (f"the figures {why}, so that viewers are not paired and only a large loss would show",)


def _about_shows(items: int, current_items: int) -> tuple[str, ...]:
    """Say what it means that other numbers of shows compete."""
    if items == current_items:
        return ()
    if items > current_items:
        return (
            f"{items:,} shows competed against {current_items:,}: more are no easier to rank, and "
            f"what that costs beyond {HANDICAP:g} counts against this bundle",
        )
    lost = 1 - items / current_items
    if lost > SHOWS_LOST:
        raise CannotCompareError(
            f"its figures are a ranking of {items:,} shows and the current one's of "
            f"{current_items:,}: what viewers lose with the others does not show in them"
        )
    return (
        f"{items:,} shows competed against {current_items:,}: {lost:.2%} fewer, which may flatter "
        "this bundle a little",
    )
