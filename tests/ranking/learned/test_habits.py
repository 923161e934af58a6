"""What a list says of how its viewer watches, worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from anirec.data.item_index import ItemIndex
from anirec.data.show import Relation, Show
from anirec.ranking.learned.audience import Audience
from anirec.ranking.learned.features import Evidence, ViewerList
from anirec.ranking.learned.habits import by_completion, by_year
from anirec.ranking.learned.item_facts import ItemFacts

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHOWS = (
    Show(1, "First", type="TV", year=2000, franchise=1, relations=(Relation(2, "SEQUEL"),)),
    Show(2, "Second", type="TV", year=2001, franchise=1, relations=(Relation(3, "SEQUEL"),)),
    Show(3, "Third", type="Movie", year=2003, franchise=1),
    Show(4, "Alone", type="TV", year=2000, franchise=4),
    Show(5, "Of others", type="Movie", year=2001, franchise=5),
    Show(6, "Of others, again", type="TV", year=2001, franchise=5),
)
FACTS = ItemFacts.of(SHOWS, ItemIndex([show.anime_id for show in SHOWS]))
VIEWED = np.array([0.4, 0.2, 0.1, 0.3, 0.5, 0.6])


def of(rows: list[int], candidates: list[int]) -> tuple[ViewerList, Evidence]:
    """Return a list, and candidates of which the models say nothing."""
    k, c = len(rows), len(candidates)
    viewer = ViewerList(
        np.array(rows, dtype=np.int32), np.zeros(k, np.float32), np.full(k, 2, np.uint8)
    )
    nothing = np.zeros((k, c), dtype=np.float32)
    evidence = Evidence(
        np.array(candidates, dtype=np.int32),
        nothing,
        np.zeros(k, np.float32),
        nothing,
        np.full(c, 0.1, np.float32),
        Audience.of(np.log(VIEWED).astype(np.float32), FACTS),
    )
    return viewer, evidence


def test_completion_is_the_share_of_the_begun_franchises_by_their_viewers() -> None:
    # Franchise 1 is begun; 0.4 + 0.2 of its 0.4 + 0.2 + 0.1 are watched; a show alone is no franchise.
    found = by_completion(*of([0, 1, 3], [2, 5]), FACTS)

    completion = (0.6 + 0.1) / (0.7 + 0.2)
    assert found["completion"] == pytest.approx(completion)
    movies, series = (0 + 0.1 * completion) / (0.1 + 0.1), (0.6 + 0.1 * completion) / (0.6 + 0.1)
    np.testing.assert_allclose(np.asarray(found["completion_of_type"]), [movies, series], rtol=1e-5)


def test_completion_of_sequels_counts_those_of_the_entries() -> None:
    # Of the sequels of First and Second, one is watched.
    assert by_completion(*of([0, 1, 3], [2]), FACTS)["completion_of_sequels"] == pytest.approx(
        2 / 4
    )
    assert by_completion(*of([0, 1, 2], [5]), FACTS)["completion_of_sequels"] == pytest.approx(
        3 / 4
    )


def test_without_a_franchise_to_follow_nothing_is_claimed() -> None:
    found = by_completion(*of([3], [0, 4]), FACTS)

    assert found["completion"] == pytest.approx(0.5)
    np.testing.assert_allclose(np.asarray(found["completion_of_type"]), [0.5, 0.5])
    assert found["completion_of_sequels"] == pytest.approx(0.5)


def test_a_year_counts_against_what_others_watch_and_neighbours_lend_half() -> None:
    # The list: one of 2000, one of 2001. All: 0.7 of 2000, 1.3 of 2001, none of 2002, 0.1 of 2003.
    found = by_year(*of([0, 1], [3, 5, 2]), FACTS)

    usual = (2 + 1) / (VIEWED.sum() + 1)
    of_2000 = (1 + 1 / 2 + 1) / (0.7 + 1.3 / 2 + 1)
    of_2001 = (1 + 1 / 2 + 1) / (1.3 + 0.7 / 2 + 1)
    of_2003 = (0 + 1) / (0.1 + 1)
    expected = np.array([of_2000, of_2001, of_2003]) / usual
    np.testing.assert_allclose(found["habit_of_year"], expected, rtol=1e-5)


def test_a_type_in_a_year_counts_by_itself() -> None:
    found = by_year(*of([0, 1], [3, 4, 5]), FACTS)

    usual = (2 + 1) / (VIEWED.sum() + 1)
    expected = np.array([2 / (0.7 + 1), 1 / (0.5 + 1), 2 / (0.8 + 1)]) / usual
    np.testing.assert_allclose(found["habit_of_year_and_type"], expected, rtol=1e-5)


@pytest.mark.parametrize("rows", [[3], [0, 1, 2, 3, 4, 5]])
def test_all_is_finite(rows: list[int]) -> None:
    viewer, evidence = of(rows, [0, 1, 2])
    found: dict[str, NDArray[np.floating] | float] = {
        **by_completion(viewer, evidence, FACTS),
        **by_year(viewer, evidence, FACTS),
    }
    assert all(np.isfinite(column).all() for column in found.values())
