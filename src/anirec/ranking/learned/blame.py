"""Which entries the features about dislikes are owed to (numpy only)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.ranking.learned.features import FEATURES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from anirec.ranking.learned.features import ViewerList

MOST: Final = 3
"""Points below the mean beyond which an entry is not disliked any more, as in the features."""
COLUMNS: Final = {name: column for column, name in enumerate(FEATURES)}


def dislike_votes(
    viewer: ViewerList,
    contributions: NDArray[np.float32],
    likeness: NDArray[np.float32],
    franchise: NDArray[np.int32],
    franchise_of_shows: NDArray[np.int32],
) -> dict[str, NDArray[np.float32]]:
    """Return by feature (k, n_shows) of 0 or more: how much it speaks of each entry of the list.

    Parameters
    ----------
    viewer
        The list of k entries.
    contributions
        (k, n_shows) what each entry adds to the score by Ease.
    likeness
        (k, n_shows) cosines of their content.
    franchise, franchise_of_shows
        (k,) and (n_shows,) codes.
    """
    dislike = np.minimum(np.maximum(-viewer.liking, 0), MOST)[:, None]
    return {
        "ease_of_disliked": dislike * np.maximum(contributions, 0),
        "content_to_disliked": (dislike >= 1) * np.maximum(likeness, 0),
        "franchise_rating": dislike * (franchise[:, None] == franchise_of_shows),
    }


def blame(
    attributions: NDArray[np.float64], votes: Mapping[str, NDArray[np.float32]]
) -> dict[str, NDArray[np.float64]]:
    """Return by component (k, n_shows) of 0 or less: what dislikes take away.

    Only where a feature about dislikes lowers the score, and some entry stands behind it.

    Parameters
    ----------
    attributions
        (n_shows, n_features) what each feature adds to the score of each show.
    votes
        What ``dislike_votes`` returns.
    """
    taken: dict[str, NDArray[np.float64]] = {}
    for name, vote in votes.items():
        total = vote.sum(axis=0, dtype=np.float64)
        loss = np.minimum(attributions[:, COLUMNS[name]], 0)
        of_a_vote = np.divide(loss, total, out=np.zeros(len(total)), where=total > 0)
        component = FEATURES[name]
        taken[component] = taken.get(component, 0) + vote * of_a_vote
    return taken
