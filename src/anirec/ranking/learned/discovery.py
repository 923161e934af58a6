"""How far the learned list prefers shows of franchises that the viewer does not know (numpy only)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def set_back(
    log_odds: NDArray[np.floating[Any]], known: NDArray[np.bool_], discovery: float
) -> NDArray[np.float64]:
    """Return float64 (c,) of 0 or less, to be added to the scores of shows of known franchises.

    The chance p of such a show becomes p / (1 + discovery), so that among the chances of all a new
    franchise counts 1 + discovery times as much. Of all orders that find as much for a viewer, the
    order by such products finds the most new franchises: a sum of both aims is greatest where each
    place goes to the highest chance times what its find is worth. Taking the same off all log-odds
    costs more (``docs/learned_ranker.md``).

    Parameters
    ----------
    log_odds
        (c,) that the viewer lists the show.
    known
        (c,) whether the list holds a show of its franchise.
    discovery
        0 (the likeliest show first, sequel or not) or more.
    """
    # ln(q / (1 - q)) - ln(p / (1 - p)) for q = p / (1 + discovery), without computing p.
    change = -np.log1p(discovery * (1 + np.exp(log_odds.astype(np.float64))))
    return np.where(known, change, 0.0)
