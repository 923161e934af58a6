from __future__ import annotations

import pytest

from anirec.data.list_layouts import (
    ANIMELIST_2020,
    LAYOUTS,
    LIST_UPDATES,
    RATING_2016,
    RATING_COMPLETE_2020,
    USER_ANIME_LIST_2018,
    USER_ANIME_LIST_2018_BY_NAME,
    ListLayout,
    nearest,
)

MY_COLUMNS = (
    "anime_id,my_watched_episodes,my_start_date,my_finish_date,my_score,my_status,"
    "my_rewatching,my_rewatching_ep,my_last_updated,my_tags"
)


@pytest.mark.parametrize(
    ("file_name", "header", "layout"),
    [
        ("x.csv", "user_id,anime_id,rating,watching_status,watched_episodes", ANIMELIST_2020),
        ("x.csv", "user_id,anime_id,rating,watching_status", ANIMELIST_2020),
        ("x.csv", "user_id," + MY_COLUMNS, USER_ANIME_LIST_2018),
        ("x.csv", "username," + MY_COLUMNS, USER_ANIME_LIST_2018_BY_NAME),
        ("rating.csv", "user_id,anime_id,rating", RATING_2016),
        ("rating_complete.csv.gz", "user_id,anime_id,rating", RATING_COMPLETE_2020),
        ("x.csv", "user_id,anime_id,score,status,episodes_seen,episodes_total,date", LIST_UPDATES),
        ("x.csv", ",rating,anime_id,user_id", RATING_2016),
    ],
)
def test_a_layout_is_known_by_its_columns(file_name: str, header: str, layout: ListLayout) -> None:
    columns = header.split(",")
    assert nearest(file_name, columns) is layout
    assert not layout.missing(columns)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_without_one_required_column_the_nearest_layout_lacks_something(
    layout: ListLayout,
) -> None:
    for left_out in layout.required:
        columns = [column for column in layout.columns if column != left_out]
        found = nearest("complete" if layout is RATING_COMPLETE_2020 else "x", columns)
        assert found is not None
        assert found.missing(columns)


def test_statuses_are_not_made_up_where_their_column_is_missing() -> None:
    # With watched_episodes this is no ratings file, whose entries would all be completed.
    found = nearest("x.csv", ["user_id", "anime_id", "rating", "watched_episodes"])
    assert found is ANIMELIST_2020


def test_a_file_with_one_known_column_is_no_list() -> None:
    assert nearest("x.csv", ["status", "description"]) is None
