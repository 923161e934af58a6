"""Filters, variety and dislikes behind the public face, with the learned ranker and without."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anirec import Entry, Filters, Recommendation, Recommender
from anirec.bundle.bundle import Provenance, write_bundle
from anirec.data.franchise import franchises
from anirec.data.schema import Status
from anirec.data.show import Relation
from anirec.errors import DiscoveryError
from anirec.models.base import FitContext
from anirec.models.content import Content
from anirec.models.ease import Ease
from anirec.models.item_neighbours import ItemNeighbours
from anirec.models.popularity import Popularity
from anirec.pipeline.ranker_training import train_ranker
from anirec.ranking.hybrid import Hybrid
from anirec.ranking.learned.features import FEATURES
from anirec.ranking.learned.learned_ranker import Parts
from anirec.ranking.ranker import LearnedScores
from taste_groups import N_ITEMS, community

if TYPE_CHECKING:
    from anirec.data.dataset import Dataset
    from anirec.data.show import Show

SERIES = 5
"""Shows of one franchise: five parts, each the sequel of the one before."""


def series_dataset() -> Dataset:
    dataset, _, _ = community()
    shows: list[Show] = []
    for row, show in enumerate(dataset.shows):
        part = row % SERIES
        relations = (Relation(show.anime_id - 10, "PREQUEL"),) if part else ()
        shows.append(
            replace(
                show,
                relations=relations,
                type="Movie" if row % 7 == 3 else "TV",
                title=f"{show.title} Recap" if row % 11 == 4 else show.title,
                is_adult=row % 13 == 5,
                members=1000 - row,
            )
        )
    of_show = franchises(shows)
    return replace(
        dataset, shows=tuple(replace(show, franchise=of_show[show.anime_id]) for show in shows)
    )


DATASET = series_dataset()
SHOWS = {show.anime_id: show for show in DATASET.shows}
NOT_SEEN = {show.anime_id for show in DATASET.shows}


@pytest.fixture(scope="module")
def rec(tmp_path_factory: pytest.TempPathFactory) -> Recommender:
    content = Content().fit(DATASET, FitContext())
    ease = Ease().fit(DATASET, FitContext(fitted={Content.name: content}))
    popularity = Popularity().fit(DATASET)
    neighbours = ItemNeighbours().fit(DATASET)
    parts = Parts(popularity, content, ease, neighbours)
    learned = train_ranker(DATASET, parts, 0.8, FitContext(threads=1))
    place = tmp_path_factory.mktemp("wishes") / "bundle"
    provenance = Provenance("", "", 1, None, {})
    write_bundle(place, DATASET, Hybrid(ease, content), popularity, provenance, learned=learned)
    return Recommender.load(place)


@pytest.fixture(params=[False, True], ids=["many candidates", "few candidates"])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the learned ranker score so few candidates that filters run short of them."""
    if request.param:
        monkeypatch.setattr("anirec.ranking.ranker.FROM_EASE", 6)
        monkeypatch.setattr("anirec.ranking.selection.FROM_EASE", 6)
        for source in ("FROM_NEIGHBOURS", "FROM_POPULARITY"):
            monkeypatch.setattr(f"anirec.ranking.learned.candidates.{source}", 1)


entries = st.builds(
    Entry,
    anime_id=st.integers(1, N_ITEMS).map(lambda number: 10 * number),
    rating=st.integers(0, 10),
    status=st.sampled_from(list(Status)),
)
lists = st.lists(entries, max_size=20, unique_by=lambda entry: entry.anime_id)
weights = st.sampled_from([None, {"collaborative": 0.8, "content": 0.2}, {"content": 1.0}])
ANY: dict[str, Any] = {
    "adult": st.booleans(),
    "recaps": st.booleans(),
    "known_franchises": st.booleans(),
    "sequels_before_prequels": st.booleans(),
    "franchise_repeats": st.booleans(),
    "types": st.sampled_from([(), ("TV",), ("Movie",)]),
    "genres": st.sampled_from([(), ("Action",)]),
    "year_from": st.none() | st.integers(2000, 2019),
}
wishes = st.fixed_dictionaries(ANY).map(lambda found: Filters(**found))


def seen_of(history: list[Entry]) -> set[int]:
    return {entry.anime_id for entry in history if entry.status != Status.PLAN_TO_WATCH}


def waits(anime_id: int, seen: set[int]) -> bool:
    prequels = [relation.anime_id for relation in SHOWS[anime_id].relations]
    return bool(prequels) and not set(prequels) & seen


def allowed(anime_id: int, wish: Filters, seen: set[int]) -> bool:
    show = SHOWS[anime_id]
    known = {SHOWS[one].franchise for one in seen}
    return (
        anime_id not in seen
        and (wish.adult or not show.is_adult)
        and (wish.recaps or "Recap" not in show.title or show.type == "TV")
        and (wish.known_franchises or show.franchise not in known)
        and (not wish.types or show.type in wish.types)
        and set(wish.genres) <= set(show.genres)
        and (wish.year_from is None or (show.year or 0) >= wish.year_from)
        and (wish.sequels_before_prequels or not waits(anime_id, seen))
    )


def ids(found: list[Recommendation]) -> list[int]:
    return [show.anime_id for show in found]


@pytest.mark.usefixtures("few")
@settings(deadline=None, max_examples=60)
@given(lists, st.integers(1, 40), weights, wishes, st.sampled_from([0.0, 0.4, 1.0]), st.booleans())
def test_the_list_is_full_whenever_catalogue_and_filters_allow(
    rec: Recommender,
    history: list[Entry],
    n: int,
    weights: dict[str, float] | None,
    wish: Filters,
    diversity: float,
    dislikes: bool,
) -> None:
    found = rec.recommend(history, n, weights, wish, diversity, dislikes)
    seen = seen_of(history)
    left = {anime_id for anime_id in NOT_SEEN if allowed(anime_id, wish, seen)}
    places = left if wish.franchise_repeats else {SHOWS[one].franchise for one in left}
    assert len(found) == len(set(ids(found))) == min(n, len(places))
    assert set(ids(found)) <= left
    if not wish.franchise_repeats:
        assert max(Counter(SHOWS[i].franchise for i in ids(found)).values(), default=1) == 1
    for show in found:
        assert sum(show.components.values()) == pytest.approx(show.score, abs=1e-4)
        if show.instead_of is not None:
            assert not wish.sequels_before_prequels
            assert waits(show.instead_of, seen)
            assert SHOWS[show.instead_of].franchise == SHOWS[show.anime_id].franchise
    out = len(NOT_SEEN - seen) - len(places)
    assert sum(found.removed.values()) == out


def test_the_first_unseen_prequel_takes_the_place_of_the_best_sequel(rec: Recommender) -> None:
    wish = {"sequels_before_prequels": False}
    swapped = 0
    for user_id in rec.sample_viewers(20):
        plain = rec.recommend_user(user_id, 10, {"collaborative": 1})
        seen = seen_of(rec.history(user_id))
        expected: dict[int, None] = {}
        for anime_id in ids(plain):
            first = anime_id
            while waits(first, seen):
                first = SHOWS[first].relations[0].anime_id
            expected.setdefault(first)
        found = rec.recommend_user(user_id, len(expected), {"collaborative": 1}, wish)
        assert ids(found) == list(expected)
        swapped += sum(show.instead_of is not None for show in found)
    assert swapped > 0


def test_one_per_franchise_keeps_the_best_of_each(rec: Recommender) -> None:
    for given_weights in (None, {"collaborative": 0.5, "content": 0.5}):
        for user_id in rec.sample_viewers(5):
            everything = rec.recommend_user(user_id, N_ITEMS, given_weights)
            expected: dict[int, int] = {}
            for show in everything:
                expected.setdefault(SHOWS[show.anime_id].franchise, show.anime_id)
            found = rec.recommend_user(
                user_id, 12, given_weights, filters={"franchise_repeats": False}
            )
            assert ids(found) == list(expected.values())[:12]


def test_similar_shows_may_be_filtered_as_well(rec: Recommender) -> None:
    own = SHOWS[20].franchise
    assert own in {SHOWS[one].franchise for one in ids(rec.similar(20, N_ITEMS))}
    found = rec.similar(
        20, N_ITEMS, filters={"known_franchises": False, "franchise_repeats": False, "types": "TV"}
    )
    shown = [SHOWS[one].franchise for one in ids(found)]
    assert own not in shown
    assert len(set(shown)) == len(shown)
    assert found.removed.keys() == {"known_franchises", "types", "franchise_repeats"}


@settings(deadline=None, max_examples=60)
@given(lists)
def test_reasons_of_the_learned_ranker_add_up(rec: Recommender, history: list[Entry]) -> None:
    watched = rec._histories([history]).watched()
    unseen = rec._unseen(watched.items)
    (scored,) = rec._ranker.for_each(watched, [unseen], 10)
    if not isinstance(scored, LearnedScores):
        return
    rows = np.argsort(-scored.total)[:10]
    components = scored.components_of(rows)
    np.testing.assert_allclose(sum(components.values()), scored.total[rows], atol=1e-4)
    for name, shares in scored.contributions(watched, rows).items():
        assert shares.shape == (len(watched.items), len(rows))
        total = shares.sum(axis=0)
        gains, losses = np.maximum(shares, 0).sum(axis=0), np.minimum(shares, 0).sum(axis=0)
        explained = np.isclose(total, components[name], atol=1e-4)
        # Where nobody pulls the way of what is left, only what dislikes take away is explained.
        assert (explained | (gains == 0) | (losses == 0)).all()
    for show in rec.recommend(history, 5):
        assert set(show.components) == {"base", *FEATURES.values()}
        assert sum(show.components.values()) == pytest.approx(show.score, abs=1e-4)


@pytest.mark.parametrize("given_weights", [None, {"collaborative": 0.8, "content": 0.2}])
def test_a_batch_is_its_lists_one_by_one_with_the_same_switch(
    rec: Recommender, given_weights: dict[str, float] | None
) -> None:
    lists = [rec.history(user_id) for user_id in rec.sample_viewers(20)]
    answers = {}
    for switch in (True, False):
        together = rec.recommend_batch(lists, 7, given_weights, switch)
        apart = [rec.recommend(one, 7, given_weights, dislikes=switch) for one in lists]
        for one, other in zip(together, apart, strict=True):
            assert ids(one) == ids(other)
            assert [s.score for s in one] == pytest.approx([s.score for s in other], abs=1e-5)
        answers[switch] = [ids(one) for one in together]
    assert answers[True] != answers[False]


@settings(deadline=None, max_examples=60)
@given(lists, weights, st.booleans())
def test_an_explanation_is_of_what_was_recommended_with_the_same_switch(
    rec: Recommender, history: list[Entry], weights: dict[str, float] | None, dislikes: bool
) -> None:
    for show in rec.recommend(history, 5, weights, dislikes=dislikes):
        explained = rec.explain(history, show.anime_id, weights, dislikes)
        assert explained.score == show.score
        assert explained.components == show.components
        named = {(r.anime_id, r.component): r.contribution for r in explained.reasons}
        for reason in show.reasons:
            contribution = named[reason.anime_id, reason.component]
            assert contribution == pytest.approx(reason.contribution, abs=1e-5)
        assert dislikes or not any(reason.attitude.is_dislike for reason in explained.reasons)


def test_a_dislike_is_named_where_the_trees_hold_it_against_a_show(rec: Recommender) -> None:
    against = []
    for user_id in rec.sample_viewers(60):
        history = rec.history(user_id)
        entries = {entry.anime_id: entry for entry in history}
        for show in rec.recommend_user(user_id, 20):
            for reason in show.reasons:
                if reason.attitude.is_dislike:
                    assert reason.contribution < 0
                    entry = entries[reason.anime_id]
                    assert entry.status == Status.DROPPED or 0 < entry.rating < 6
                    against.append(reason)
        for show in rec.recommend_user(user_id, 20, dislikes=False):
            assert not any(reason.attitude.is_dislike for reason in show.reasons)
    assert against


@given(lists)
@settings(deadline=None, max_examples=30)
def test_discovery_trades_known_franchises_for_new_ones(
    rec: Recommender, history: list[Entry]
) -> None:
    known = {SHOWS[one].franchise for one in seen_of(history)}

    def new_among(discovery: float | None) -> int:
        found = rec.recommend(history, discovery=discovery)
        assert [show.score for show in found] == sorted(
            (show.score for show in found), reverse=True
        )
        return sum(SHOWS[show.anime_id].franchise not in known for show in found)

    assert new_among(0.0) <= new_among(0.4) <= new_among(1.0)
    assert ids(rec.recommend(history)) == ids(rec.recommend(history, discovery=0.0))  # its own
    (batch,) = rec.recommend_batch([history], discovery=1.0)
    assert ids(batch) == ids(rec.recommend(history, discovery=1.0))


def test_discovery_belongs_to_the_learned_blend(rec: Recommender) -> None:
    history = [Entry(10, 9), Entry(500, 8)]
    with pytest.raises(DiscoveryError, match="leave the weights out"):
        rec.recommend(history, weights={"content": 1}, discovery=0.5)
    for wrong in (-0.1, 1.1, float("nan"), "much", True):
        with pytest.raises(ValueError, match="discovery must be a number from 0 to 1"):
            rec.recommend(history, discovery=wrong)  # type: ignore[arg-type]


def watched_by(rec: Recommender, anime_id: int) -> float:
    return float(rec.bundle.popularity.share[rec.bundle.catalogue.known_row(anime_id)])


@pytest.mark.parametrize("weights", [None, {"collaborative": 1.0}])
def test_niche_leans_towards_what_few_watch_and_back(
    rec: Recommender, weights: dict[str, float] | None
) -> None:
    history = [Entry(DATASET.shows[0].anime_id, 9), Entry(DATASET.shows[7].anime_id, 8)]

    def fame(niche: float) -> float:
        found = rec.recommend(history, 5, weights, niche=niche)
        return float(np.mean([watched_by(rec, one.anime_id) for one in found]))

    assert fame(1.0) < fame(0.0) < fame(-1.0)
    plain = rec.recommend(history, 5, weights)
    assert rec.recommend(history, 5, weights, niche=0) == plain
    scores = {one.anime_id: one.score for one in rec.recommend(history, N_ITEMS, weights)}
    for one in rec.recommend(history, 5, weights, niche=0.5):
        # The order changes, the scores do not.
        assert one.score == pytest.approx(scores[one.anime_id], rel=1e-6)


@pytest.mark.parametrize("niche", [1.5, -2, "a lot", float("nan"), True])
def test_a_niche_that_cannot_be_is_refused(rec: Recommender, niche: Any) -> None:
    with pytest.raises(ValueError, match="niche must be a number from -1 to 1"):
        rec.recommend([], niche=niche)


def test_what_of_the_own_plans_to_watch_next(rec: Recommender) -> None:
    plans = [show.anime_id for show in DATASET.shows[20:30]]
    history = [Entry(DATASET.shows[0].anime_id, 9)]
    history += [Entry(anime_id, status=Status.PLAN_TO_WATCH) for anime_id in plans]
    found = rec.recommend(history, 20, filters={"unplanned": False})
    assert {one.anime_id for one in found} == set(plans)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    others = rec.recommend(history, N_ITEMS, filters={"planned": False})
    assert not {one.anime_id for one in others} & set(plans)
    hidden = rec.recommend(history, N_ITEMS, filters={"without_shows": [*plans, 10**9]})
    assert [one.anime_id for one in hidden] == [one.anime_id for one in others]
    assert hidden.removed["without_shows"] == others.removed["planned"] == len(plans)


def two_tastes() -> list[list[Entry]]:
    return [
        [Entry(DATASET.shows[row].anime_id, 9) for row in (0, 1, 2, 3)],
        [Entry(DATASET.shows[row].anime_id, 8) for row in (3, 40, 41, 42)],
    ]


@pytest.mark.parametrize("weights", [None, {"collaborative": 0.5, "content": 0.5}])
@pytest.mark.parametrize(
    "filters", [{}, {"franchise_repeats": False, "sequels_before_prequels": False}]
)
def test_shows_for_two_are_unseen_by_both_and_score_as_the_mean(
    rec: Recommender, weights: dict[str, float] | None, filters: dict[str, Any]
) -> None:
    lists = two_tastes()
    found = rec.recommend_together(lists, 8, weights, filters)
    assert len(found) == 8
    seen = {entry.anime_id for entries in lists for entry in entries}
    assert not {one.anime_id for one in found} & seen
    for one in found:
        assert one.score == pytest.approx(np.mean([each.score for each in one.each]), abs=1e-5)
        for entries, each in zip(lists, one.each, strict=True):
            assert sum(each.components.values()) == pytest.approx(each.score, abs=1e-5)
            if weights:  # the trees look at ranks among the candidates, which differ
                alone = rec.explain(entries, one.anime_id, weights)
                assert each.score == pytest.approx(alone.score, abs=1e-5)
            own = {entry.anime_id for entry in entries}
            assert {reason.anime_id for reason in each.reasons} <= own
    if not filters:
        assert [one.score for one in found] == sorted((o.score for o in found), reverse=True)


def test_the_order_of_the_lists_does_not_matter(rec: Recommender) -> None:
    lists = two_tastes()
    one, other = rec.recommend_together(lists, 10), rec.recommend_together(lists[::-1], 10)
    assert [show.anime_id for show in one] == [show.anime_id for show in other]
    assert [show.each for show in one] == [show.each[::-1] for show in other]


def test_watching_together_takes_two(rec: Recommender) -> None:
    with pytest.raises(ValueError, match="give 2 to 8 lists, not 1"):
        rec.recommend_together([[]])
    assert len(rec.recommend_together([[], two_tastes()[0]], 5)) == 5
