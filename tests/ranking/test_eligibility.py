from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anirec.data.item_index import ItemIndex
from anirec.data.recaps import recaps
from anirec.data.show import Relation, Show
from anirec.data.unreleased import unreleased
from anirec.errors import UnknownLabelError
from anirec.ranking.eligibility import Eligible, Mentioned, eligible_shows
from anirec.ranking.filter_columns import FilterColumns
from anirec.ranking.filters import Filters
from random_catalogue import AGE_RATINGS, GENRES, TAGS, TYPES, catalogues

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray


def columns_of(shows: list[Show]) -> FilterColumns:
    return FilterColumns.of(shows, ItemIndex([show.anime_id for show in shows]))


def held(
    shows: list[Show],
    filters: Filters,
    *seen: int,
    planned: Iterable[int] = (),
    unwanted: Iterable[int] = (),
) -> Eligible:
    rows = (np.array(sorted(some), dtype=np.int64) for some in (seen, planned, unwanted))
    return eligible_shows(filters, columns_of(shows), Mentioned(*rows))


def some(names: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.just(()) | st.sets(st.sampled_from(names), max_size=2).map(tuple)


def bounds(least: int, most: int) -> st.SearchStrategy[dict[str, Any]]:
    numbers = st.integers(least, most)
    both = st.tuples(numbers, numbers).map(sorted)
    one = st.sampled_from(["from", "to"]).flatmap(lambda end: st.fixed_dictionaries({end: numbers}))
    return one | both.map(lambda two: {"from": two[0], "to": two[1]}) | st.just({})


@st.composite
def wishes(draw: st.DrawFn) -> Filters:
    years, episodes = draw(bounds(1990, 2025)), draw(bounds(1, 30))
    return Filters(
        adult=draw(st.booleans()),
        recaps=draw(st.booleans()),
        unreleased=draw(st.booleans()),
        known_franchises=draw(st.booleans()),
        sequels=draw(st.booleans()),
        planned=draw(st.booleans()),
        # Mostly on: off, it leaves next to nothing for the other filters to remove.
        unplanned=draw(st.sampled_from([True] * 5 + [False])),
        without_shows=draw(st.sampled_from([(), (10, 20, 9999)])),
        types=draw(some(TYPES)),
        without_types=draw(some(TYPES)),
        genres=draw(some(GENRES)),
        without_genres=draw(some(GENRES)),
        tags=draw(some(TAGS)),
        without_tags=draw(some(TAGS)),
        age_ratings=draw(some(AGE_RATINGS)),
        year_from=years.get("from"),
        year_to=years.get("to"),
        episodes_from=episodes.get("from"),
        episodes_to=episodes.get("to"),
        members_from=draw(st.none() | st.integers(0, 1000)),
        score_from=draw(st.none() | st.sampled_from([6.1, 7.4])),
    )


def rules(
    shows: list[Show], filters: Filters, seen: set[int], planned: set[int]
) -> Callable[[int], str | None]:
    """Return the specification, show by show: the first filter that a show does not pass."""
    recap, announced = recaps(shows), unreleased(shows)
    known = {shows[row].franchise for row in seen}
    row_of = {show.anime_id: row for row, show in enumerate(shows)}
    later = {
        row if kind == "PREQUEL" else row_of[other]
        for row, show in enumerate(shows)
        for other, kind in show.relations
        if other in row_of and other != show.anime_id and kind in ("PREQUEL", "SEQUEL")
    }

    def first(row: int) -> str | None:
        show, wish = shows[row], filters
        fails = {
            "adult": not wish.adult and show.is_adult,
            "recaps": not wish.recaps and recap[row],
            "unreleased": not wish.unreleased and announced[row],
            "known_franchises": not wish.known_franchises and show.franchise in known,
            "sequels": not wish.sequels and row in later,
            "planned": not wish.planned and row in planned,
            "unplanned": not wish.unplanned and row not in planned,
            "without_shows": show.anime_id in wish.without_shows,
            "types": wish.types and show.type not in wish.types,
            "without_types": show.type in wish.without_types,
            "genres": not set(wish.genres) <= set(show.genres),
            "without_genres": set(wish.without_genres) & set(show.genres),
            "tags": not set(wish.tags) <= set(show.tags),
            "without_tags": set(wish.without_tags) & set(show.tags),
            "age_ratings": wish.age_ratings and show.age_rating not in wish.age_ratings,
            "year_from": wish.year_from and (show.year or 0) < wish.year_from,
            "year_to": wish.year_to and not 0 < (show.year or 0) <= wish.year_to,
            "episodes_from": wish.episodes_from and (show.episodes or 0) < wish.episodes_from,
            "episodes_to": wish.episodes_to and not 0 < (show.episodes or 0) <= wish.episodes_to,
            "members_from": wish.members_from and (show.members or 0) < wish.members_from,
            "score_from": wish.score_from and (show.score or 0) < wish.score_from,
        }
        return next((name for name, fail in fails.items() if fail), None)

    return first


@settings(deadline=None)
@given(catalogues(), wishes(), st.data())
def test_the_mask_is_what_the_rules_say_show_by_show(
    shows: list[Show], filters: Filters, data: st.DataObject
) -> None:
    seen = data.draw(st.sets(st.integers(0, len(shows) - 1)))
    planned = data.draw(st.sets(st.integers(0, len(shows) - 1))) - seen
    first_failed = rules(shows, filters, seen, planned)
    verdicts = {row: first_failed(row) for row in range(len(shows)) if row not in seen}
    unwanted = {row for row, show in enumerate(shows) if show.anime_id in filters.without_shows}
    found = held(shows, filters, *seen, planned=planned, unwanted=unwanted)
    assert set(np.flatnonzero(found.mask).tolist()) == {r for r, v in verdicts.items() if not v}
    for name, count in found.removed.items():
        assert count == list(verdicts.values()).count(name)
    assert sum(found.removed.values()) == sum(verdict is not None for verdict in verdicts.values())
    assert list(found.removed) == [n for n in Filters.model_fields if n in found.removed]
    assert found.scored is found.mask


@settings(deadline=None)
@given(catalogues(), wishes(), st.data())
def test_all_filters_together_count_every_show_once(
    shows: list[Show], filters: Filters, data: st.DataObject
) -> None:
    seen = data.draw(st.sets(st.integers(0, len(shows) - 1)))
    plain = held(shows, filters, *seen)
    filters = filters.model_copy(
        update={"sequels_before_prequels": False, "franchise_repeats": False}
    )
    found = held(shows, filters, *seen)
    columns = columns_of(shows)
    stand_ins = columns.prequels.stand_ins(np.isin(np.arange(len(shows)), list(seen)))
    waiting = plain.mask & (stand_ins != np.arange(len(shows)))
    np.testing.assert_array_equal(found.mask, plain.mask & ~waiting)
    assert found.removed["sequels_before_prequels"] == waiting.sum()
    shown = {shows[row].franchise for row in np.flatnonzero(found.mask)}
    assert found.removed["franchise_repeats"] == found.mask.sum() - len(shown)

    scores = np.arange(len(shows), 0, -1, dtype=np.float32)
    order = found.order(scores)
    for row in np.flatnonzero(found.mask).tolist():
        behind = [s for s in np.flatnonzero(waiting) if stand_ins[s] == row]
        best = max(behind, key=lambda s: scores[s], default=row)
        assert order[row] == max(scores[row], scores[best])
        assert found.stood_for(row, scores) == (best if scores[best] > scores[row] else None)
        assert found.scored[behind].all()
    assert (found.scored & ~found.mask <= waiting).all()


def test_the_default_removes_nothing() -> None:
    shows = [Show(10, "A", is_adult=True), Show(20, "B Recap"), Show(30, "C")]
    found = held(shows, Filters(), 2)
    assert found.mask.tolist() == [True, True, False]
    assert found.removed == {}
    assert found.stand_ins is found.groups is None


def test_a_prequel_that_is_filtered_out_stands_in_for_nothing() -> None:
    shows = [
        Show(10, "First", year=1990),
        Show(20, "Second", year=2020, relations=(Relation(10, "PREQUEL"),)),
    ]
    found = held(shows, Filters(year_from=2000, sequels_before_prequels=False))
    assert not found.mask.any()
    assert not found.scored.any()
    assert found.removed == {"year_from": 1, "sequels_before_prequels": 1}


def test_a_score_that_is_asked_for_is_included() -> None:
    shows = [Show(place, "x", score=place / 10) for place in range(60, 80)]
    for least in (6.1, 7.3, 7.4, 7.9):
        found = held(shows, Filters(score_from=least))
        assert np.flatnonzero(found.mask)[0] == round(least * 10) - 60


@pytest.mark.parametrize(
    "filters", [{"genres": ["Musical"]}, {"without_tags": ["x"]}, {"types": "Film"}]
)
def test_labels_of_no_show_are_an_error(filters: dict[str, Any]) -> None:
    with pytest.raises(UnknownLabelError):
        held([Show(1, "A", genres=("Music",), type="TV")], Filters.model_validate(filters))


@settings(deadline=None, max_examples=20)
@given(catalogues())
def test_columns_come_back_as_they_were_saved(shows: list[Show]) -> None:
    columns = columns_of(shows)
    with TemporaryDirectory() as directory:
        columns.save(Path(directory) / "columns")
        loaded = FilterColumns.load(Path(directory) / "columns")
        for one, other in zip(_arrays(columns), _arrays(loaded), strict=True):
            np.testing.assert_array_equal(one, other)
            assert one.dtype == other.dtype
        for name in ("types", "genres", "tags", "age_ratings"):
            assert getattr(loaded, name).names == getattr(columns, name).names


def _arrays(columns: FilterColumns) -> list[NDArray[Any]]:
    labels = [columns.types, columns.genres, columns.tags, columns.age_ratings]
    return [
        *(v for v in vars(columns).values() if isinstance(v, np.ndarray)),
        *(array for label in labels for array in (label.indptr, label.rows)),
        *(columns.prequels.shows, columns.prequels.prequels, columns.prequels.main),
    ]
