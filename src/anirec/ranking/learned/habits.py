"""What a list says of how its viewer watches, beside each candidate (numpy only)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from anirec.data.schema import Status
from anirec.ranking.learned.audience import with_neighbours
from anirec.ranking.learned.item_facts import KINDS
from anirec.ranking.learned.quantiles import quantiles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.ranking.learned.features import Evidence, ViewerList
    from anirec.ranking.learned.item_facts import ItemFacts

USUAL_YEARS: Final = 2008.0, 6.0
"""Mean and standard deviation of a list without dates"""
YEARS_OF_DOUBT: Final = 2.0
DOUBT: Final = 0.1
"""Shares of viewers that stand for what is not known, so that shows of few viewers tell little"""


def by_habit(
    viewer: ViewerList, evidence: Evidence, facts: ItemFacts
) -> dict[str, NDArray[np.float32] | float]:
    """Tell type, year, length and popularity of the candidates beside those of the list.

    Numbers are of the list, (c,) columns of the candidates.
    """
    rows, candidates = viewer.rows, evidence.candidates
    years = facts.year[rows]
    years = years[years > 0]
    mean_year, deviation = _mean_and_deviation(years) if len(years) else USUAL_YEARS
    spread = deviation + YEARS_OF_DOUBT
    newest = quantiles(years, (0.95,))[0] if len(years) else USUAL_YEARS[0]
    year = facts.year[candidates]
    dated = year > 0
    types = np.bincount(facts.type[rows], minlength=facts.n_types) / len(rows)
    mean_episodes, _ = _mean_and_deviation(facts.episodes[rows])
    popularity = evidence.audience.log_popularity[candidates]
    usual, of_popularity = _mean_and_deviation(evidence.audience.log_popularity[rows])
    return {
        "type": facts.type[candidates].astype(np.float32),
        "type_share": types[facts.type[candidates]].astype(np.float32),
        "year": year,
        "years_before_newest": np.where(dated, newest - year, 0),
        "year_deviation": np.where(dated, (year - mean_year) / spread, 0),
        "episodes": facts.episodes[candidates],
        "episodes_difference": facts.episodes[candidates] - mean_episodes,
        "list_length": float(np.log(len(rows))),
        "list_year": mean_year,
        "list_year_spread": spread,
        "list_newest": float(years.max()) if len(years) else 0.0,
        "list_episodes": mean_episodes,
        "list_rating": viewer.mean_rating,
        "list_rated": np.count_nonzero(viewer.rated) / len(rows),
        "list_completed": np.count_nonzero(viewer.statuses == Status.COMPLETED) / len(rows),
        "list_popularity": usual,
        "popularity_deviation": (popularity - usual) / (of_popularity + 0.5),
        "popularity": popularity,
        "members": facts.members[candidates],
        "score": facts.score[candidates],
    }


def by_completion(
    viewer: ViewerList, evidence: Evidence, facts: ItemFacts
) -> dict[str, NDArray[np.floating[Any]] | float]:
    """Tell how much the viewer watches of the franchises that they began.

    A show counts by how many watch it, so that what nobody watches need not be watched to the end.
    Numbers are of the list, the (c,) column is of the candidates' types.
    """
    rows, types = viewer.rows, facts.type
    watched = np.zeros(len(types), dtype=np.bool_)
    watched[rows] = True
    begun = np.zeros(len(types), dtype=np.bool_)
    begun[facts.franchise[rows]] = True
    reached = facts.of_several[begun.take(facts.franchise_of_several)]
    share = evidence.audience.of_show[reached]
    seen = watched[reached]
    of_type = np.bincount(types[reached], share, facts.n_types)
    watched_of_type = np.bincount(types[reached[seen]], share[seen], facts.n_types)
    completion = float((watched_of_type.sum() + DOUBT) / (of_type.sum() + 2 * DOUBT))
    completion_of_type = (watched_of_type + DOUBT * completion) / (of_type + DOUBT)
    _, others, kinds = facts.relations(rows)
    sequels = others[kinds == KINDS.index("SEQUEL")]
    return {
        "completion": completion,
        "completion_of_type": completion_of_type[types[evidence.candidates]],
        "completion_of_sequels": float((watched[sequels].sum() + 1) / (len(sequels) + 2)),
    }


def by_year(
    viewer: ViewerList, evidence: Evidence, facts: ItemFacts
) -> dict[str, NDArray[np.floating[Any]]]:
    """Tell how much of a year, and of a type in it, the list holds against what others watch.

    Two (c,) columns, 1 where the list holds as much as its length lets expect. Shows without a date
    count as if they were of one year.
    """
    rows, candidates, audience = viewer.rows, evidence.candidates, evidence.audience
    usual = (len(rows) + 1) / (audience.total + 1)
    of_list = with_neighbours(np.bincount(facts.year_code[rows], minlength=facts.n_years))
    cells_of_list = np.bincount(facts.cell[rows], minlength=facts.n_cells)
    years, cells = facts.year_code[candidates], facts.cell[candidates]
    return {
        "habit_of_year": (of_list[years] + 1) / (audience.of_year[years] + 1) / usual,
        "habit_of_year_and_type": (cells_of_list[cells] + 1)
        / (audience.of_cell[cells] + 1)
        / usual,
    }


def _mean_and_deviation(values: NDArray[np.floating[Any]]) -> tuple[float, float]:
    """Return mean and standard deviation of (n,) values, n > 0.

    In a quarter of the time of numpy's methods, which an answer would call five times.
    """
    mean = values.sum() / len(values)
    above = values - mean
    return float(mean), float(np.sqrt((above * above).sum() / len(values)))
