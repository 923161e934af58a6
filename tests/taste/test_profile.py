"""What a list says of its viewer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anirec.data.histories import Entry
from anirec.data.schema import Status
from anirec.taste.community import era_of
from anirec.taste.profile import taste_profile
from taste.taste_world import ADULT, N_SHOWS
from taste.taste_world import community as make_community

if TYPE_CHECKING:
    from anirec.taste.community import Community
    from anirec.taste.profile import TasteProfile
    from anirec.taste.watching import FacetWatching

MECHA = [Entry(row + 1, 8) for row in range(0, N_SHOWS, 10)]
DRAMA = [Entry(row + 1, 8) for row in range(1, 60) if row % 10]


def facet(profile: TasteProfile, kind: str) -> FacetWatching:
    return next(one for one in profile.watching if one.kind == kind)


def test_what_is_watched_more_and_less_than_by_others_is_named(community: Community) -> None:
    profile = taste_profile(MECHA, community)
    genres = facet(profile, "genres")
    assert [one.name for one in genres.more] == ["Mecha"]
    assert [one.name for one in genres.less] == ["Drama"]
    mecha = genres.more[0]
    assert (mecha.franchises, mecha.share) == (20, 1.0)
    assert mecha.community_share == pytest.approx(0.1, abs=0.02)
    assert 1 < mecha.low < mecha.lift < mecha.high
    assert [one.name for one in facet(profile, "studios").more] == ["Kite"]
    assert facet(profile, "eras").more == ()


def test_a_franchise_counts_once(community: Community) -> None:
    season = [Entry(row + 1) for row in range(101, 105)]
    profile = taste_profile([*DRAMA, *season], community)
    assert profile.n_shows == len(DRAMA) + 4
    assert profile.n_franchises == len(DRAMA) + 1


def test_a_short_list_is_not_compared(community: Community) -> None:
    plans = [Entry(row + 1, 0, Status.PLAN_TO_WATCH) for row in range(91, 99)]
    profile = taste_profile([*MECHA[:9], *plans, Entry(ADULT + 1, 10), Entry(987_654)], community)
    assert (profile.n_shows, profile.enough) == (9, False)
    assert profile.watching == ()
    assert profile.ratings is None
    assert profile.niche is None


def test_ratings_stand_beside_those_of_the_community(community: Community) -> None:
    entries = [Entry(e.anime_id, 10) for e in MECHA] + [Entry(e.anime_id, 6) for e in DRAMA]
    ratings = taste_profile(entries, community).ratings
    assert ratings is not None
    assert ratings.rated == len(entries)
    assert ratings.community_mean == 7
    assert ratings.difference == pytest.approx(ratings.mean - 7)
    assert ratings.low < ratings.difference < ratings.high
    assert (ratings.counts[9], ratings.counts[5]) == (len(MECHA), len(DRAMA))
    assert ratings.community_counts[6] == len(entries)
    assert {one.name for one in ratings.higher} >= {"Mecha", "Kite"}
    assert {one.name for one in ratings.lower} >= {"Drama", "Loft"}
    assert ratings.apart[0][1:] == (10, 7.0)


def test_unrated_shows_say_nothing_of_ratings(community: Community) -> None:
    assert taste_profile([Entry(e.anime_id) for e in DRAMA], community).ratings is None


def test_niche_is_a_place_among_the_training_viewers(community: Community) -> None:
    order = np.argsort(-community.popularity, kind="stable")
    order = order[order != ADULT]
    widely, hardly = ([Entry(int(row) + 1) for row in rows] for rows in (order[:20], order[-20:]))
    most, least = (taste_profile(entries, community).niche for entries in (widely, hardly))
    assert most is not None
    assert least is not None
    assert (most.percentile, least.percentile) == (0, 100)
    assert most.mean_popularity > least.mean_popularity
    assert most.n_viewers == 50


def test_a_bundle_without_lists_has_nobody_to_compare_with(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    niche = taste_profile(DRAMA, make_community(tmp_path_factory, with_viewers=False)).niche
    assert niche is not None
    assert niche.percentile is None


def test_lists_drawn_from_what_all_watch_have_no_taste(community: Community) -> None:
    rng = np.random.default_rng(1)
    named = 0
    for _ in range(50):
        rows = rng.permutation(N_SHOWS - 1)[:40]
        profile = taste_profile([Entry(int(row) + 1) for row in rows], community)
        named += sum(len(one.more) for one in profile.watching)
    assert named <= 0.025 * 50 * 6  # labels of the world


def test_impossible_entries_are_refused(community: Community) -> None:
    with pytest.raises(ValueError, match="rating"):
        taste_profile([Entry(1, 11)], community)


entries = st.lists(
    st.builds(Entry, st.integers(1, N_SHOWS + 20), st.integers(0, 10), st.sampled_from(Status)),
    max_size=120,
    unique_by=lambda entry: entry.anime_id,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(entries)
def test_order_does_not_matter_and_shares_are_shares(
    community: Community, history: list[Entry]
) -> None:
    profile = taste_profile(history, community)
    again = taste_profile(history[::-1], community)
    assert (again.watching, again.n_franchises) == (profile.watching, profile.n_franchises)
    for one in profile.watching:
        for label in (*one.more, *one.less):
            assert 0 <= label.share <= 1
            assert label.low <= label.lift <= label.high
    if profile.ratings:
        assert sum(profile.ratings.counts) == profile.ratings.rated


def test_an_era_is_a_decade() -> None:
    assert [era_of(year) for year in (1989, 1990, 2019)] == ["1980s", "1990s", "2010s"]
