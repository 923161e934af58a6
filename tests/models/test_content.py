from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from anirec.data.dataset import Dataset
from anirec.data.histories import Entry, Histories
from anirec.data.item_index import ItemIndex
from anirec.data.schema import Status
from anirec.data.show import Show
from anirec.models.base import FitContext
from anirec.models.content import BlockWeights, Content, ContentConfig

THEMES = {
    "space": ("Sci-Fi", "Space", "pilots cross the galaxy aboard a ship to fight machines"),
    "school": ("Romance", "School", "classmates share a club room and fall in love at school"),
    "kitchen": ("Gourmet", "Cooking", "a young chef cooks noodles and wins the kitchen contest"),
}


def catalogue() -> tuple[Show, ...]:
    """Ten shows a theme, in pairs of one franchise, then shows with gaps."""
    shows: list[Show] = []
    for genre, tag, words in THEMES.values():
        for number in range(10):
            anime_id = len(shows) + 1
            name = f"{tag}{number // 2}"
            shows.append(
                Show(
                    anime_id=anime_id,
                    title=f"{name} Story" if number % 2 == 0 else f"{name} Story 2nd Season",
                    synopsis=" ".join(np.roll(words.split(), number)[:7]),
                    genres=(genre,),
                    tags=(tag,),
                    studios=(f"Studio {number % 3}",),
                    source="Manga",
                    type="TV",
                    year=2000 + number,
                    age_rating="PG-13",
                    score=7 + number / 10,
                    members=1000 * 2**number,
                    franchise=anime_id - number % 2,
                )
            )
    shows.append(Show(anime_id=31, title="Unannounced", genres=("Sci-Fi",), tags=("Space",)))
    shows.append(Show(anime_id=32, title="?"))
    return tuple(shows)


SHOWS = catalogue()
INDEX = ItemIndex([show.anime_id for show in SHOWS])
NOBODY = Histories.from_entries([], INDEX)
DATASET = Dataset(INDEX, SHOWS, NOBODY)
ROWS = np.arange(len(SHOWS), dtype=np.int32)
SPACE, SCHOOL, KITCHEN = ROWS[:10], ROWS[10:20], ROWS[20:30]
BARE, UNKNOWN = 30, 31


@pytest.fixture(scope="module")
def model() -> Content:
    return Content().fit(DATASET)


def one(*entries: Entry) -> Histories:
    return Histories.from_entries([entries], INDEX)


def test_a_viewer_is_shown_more_of_what_they_liked_though_nobody_has_watched_it(
    model: Content,
) -> None:
    scores = model.score(one(Entry(1, 10), Entry(3, 9)))[0]
    assert scores[SPACE].mean() > max(scores[SCHOOL].mean(), scores[KITCHEN].mean()) + 0.1
    assert scores[BARE] > scores[UNKNOWN]


def test_a_sequel_comes_first(model: Content) -> None:
    scores = model.score(one(Entry(1)))[0]
    assert np.argsort(-scores)[:2].tolist() == [0, 1]
    assert np.argsort(-model.similar(0))[:2].tolist() == [0, 1]


@pytest.mark.parametrize(
    "disliked", [Entry(11, 2), Entry(11, 0, Status.DROPPED), Entry(11, 9, Status.DROPPED)]
)
def test_a_dislike_pushes_its_kind_away(model: Content, disliked: Entry) -> None:
    before = model.score(one(Entry(1, 9), Entry(21, 9)))[0]
    after = model.score(one(Entry(1, 9), Entry(21, 9), disliked))[0]
    assert (after[SCHOOL] < before[SCHOOL]).all()


def test_what_is_not_rated_is_liked_a_little(model: Content) -> None:
    before = model.score(one(Entry(1, 9)))[0]
    after = model.score(one(Entry(1, 9), Entry(11)))[0]
    assert (after[SCHOOL] > before[SCHOOL]).all()


def test_plan_to_watch_changes_nothing(model: Content) -> None:
    plain = one(Entry(1, 9), Entry(21, 6))
    planned = one(Entry(1, 9), Entry(21, 6), Entry(2, 10, Status.PLAN_TO_WATCH))
    assert_array_equal(model.score(planned), model.score(plain))
    assert not model.contributions(planned, ROWS)[2].any()


def test_ratings_are_read_against_the_viewers_own_mean(model: Content) -> None:
    mild = one(*(Entry(anime_id, 9) for anime_id in (21, 22, 23, 24)), Entry(1, 6))
    harsh = one(*(Entry(anime_id, 3) for anime_id in (21, 22, 23, 24)), Entry(1, 6))
    assert model.entry_weights(mild)[4] < model.entry_weights(harsh)[4]


def test_many_entries_of_one_franchise_count_less_each() -> None:
    balanced = Content(ContentConfig(franchise_balance=0.5)).fit(DATASET)
    weights = balanced.entry_weights(one(Entry(1), Entry(2), Entry(11)))
    assert_allclose(weights[:2], weights[2] / np.sqrt(2))


def test_nothing_to_go_by_gives_the_prior(model: Content) -> None:
    scores = model.score(
        Histories.from_entries([[], [Entry(5, 0, Status.PLAN_TO_WATCH)], [Entry(32)]], INDEX)
    )
    for row in scores:
        assert_array_equal(row, model.prior)
    assert scores[0, 9] > scores[0, 0]
    assert scores[0, UNKNOWN] == 0


def test_without_member_counts_the_prior_is_constant() -> None:
    shows = tuple(
        Show(anime_id=show.anime_id, title=show.title, genres=show.genres) for show in SHOWS
    )
    model = Content().fit(Dataset(INDEX, shows, NOBODY))
    assert not model.score(one()).any()
    assert model.score(one(Entry(1)))[0, 2] > model.score(one(Entry(1)))[0, 12]


entries = st.builds(
    Entry,
    st.integers(1, len(SHOWS)),
    st.integers(0, 10),
    st.sampled_from([int(status) for status in Status]),
)


@settings(deadline=None)
@given(history=st.lists(entries, max_size=12))
def test_contributions_and_the_prior_sum_to_the_score(model: Content, history: list[Entry]) -> None:
    histories = one(*history)
    parts = model.contributions(histories, ROWS)
    assert parts.shape == (len(histories.items), len(ROWS))
    assert parts.dtype == np.float32
    scores = model.score(histories)[0]
    assert np.isfinite(scores).all()
    assert_allclose(parts.sum(axis=0) + model.prior, scores, atol=2e-3)


@settings(deadline=None)
@given(history=st.lists(entries, min_size=1, max_size=12))
def test_the_order_of_a_list_does_not_matter(model: Content, history: list[Entry]) -> None:
    distinct = list({entry.anime_id: entry for entry in history}.values())
    assert_allclose(model.score(one(*distinct)), model.score(one(*distinct[::-1])), atol=2e-3)


def test_similarity_is_a_cosine(model: Content) -> None:
    similarity = np.stack([model.similar(row) for row in range(len(SHOWS))])
    assert_allclose(similarity, similarity.T, atol=1e-5)
    assert_allclose(np.diag(similarity)[:UNKNOWN], 1, atol=1e-5)
    assert np.abs(similarity).max() < 1 + 1e-5
    assert not similarity[UNKNOWN].any()


def test_a_batch_scores_as_its_lists_do(model: Content) -> None:
    lists = [[Entry(1, 8), Entry(2, 3)], [], [Entry(25, 10)]]
    batch = model.score(Histories.from_entries(lists, INDEX))
    for row, entries_of_one in zip(batch, lists, strict=True):
        assert_allclose(row, model.score(one(*entries_of_one))[0], atol=1e-6)


def test_fitting_again_gives_the_same_arrays_with_and_without_a_cache(
    model: Content, tmp_path: Path
) -> None:
    for _ in range(2):
        again = Content().fit(DATASET, FitContext(cache=tmp_path)).state()
        for name, array in model.state().items():
            assert_array_equal(again[name], array)


def test_fitting_in_another_process_gives_the_same_arrays(model: Content) -> None:
    code = """
from hashlib import sha256
from test_content import DATASET, Content

print(sha256(Content().fit(DATASET).vectors.dense.tobytes()).hexdigest())
"""
    here = sha256(model.vectors.dense.tobytes()).hexdigest()
    for hash_seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
            cwd=Path(__file__).parent,
        )
        assert done.stdout.strip() == here


@pytest.mark.parametrize("block", BlockWeights.model_fields)
def test_every_block_alone_makes_a_model(block: str) -> None:
    weights = dict.fromkeys(BlockWeights.model_fields, 0.0) | {block: 1.0}
    config = ContentConfig(weights=BlockWeights(**weights))
    alone = Content(config).fit(DATASET)
    assert alone.similar(0)[0] == pytest.approx(1, abs=1e-5) or block == "title"
    assert np.isfinite(alone.score(one(Entry(1, 9)))).all()


def test_no_block_at_all_leaves_the_prior() -> None:
    config = ContentConfig(weights=BlockWeights(**dict.fromkeys(BlockWeights.model_fields, 0.0)))
    alone = Content(config).fit(DATASET)
    assert_array_equal(alone.score(one(Entry(1, 9)))[0], alone.prior)


@pytest.mark.parametrize("n_shows", [1, 2, 3])
def test_a_tiny_catalogue(n_shows: int) -> None:
    shows = SHOWS[:n_shows]
    index = ItemIndex([show.anime_id for show in shows])
    model = Content().fit(Dataset(index, shows, Histories.from_entries([], index)))
    assert model.score(Histories.from_entries([[Entry(1, 9)]], index)).shape == (1, n_shows)


def test_loading_and_scoring_import_no_training_library(model: Content, tmp_path: Path) -> None:
    model.save(tmp_path)
    code = """
import sys
from pathlib import Path
import numpy as np
from anirec.data.histories import Entry, Histories
from anirec.data.item_index import ItemIndex
from anirec.models.content import Content

model = Content.load(Path(sys.argv[1]))
history = Histories.from_entries([[Entry(1, 9)]], ItemIndex(range(1, 33)))
model.score(history), model.contributions(history, np.arange(5)), model.similar(3)
heavy = {"sklearn", "scipy", "onnxruntime", "tokenizers", "keras", "tensorflow", "polars"}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "setting", [{"dimensions": 0}, {"dimensions": 257}, {"whitening": 2}, {"encoder": "bert"}]
)
def test_wrong_settings_are_refused(setting: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(setting))):
        ContentConfig.model_validate(setting)
