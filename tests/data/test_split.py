"""The split: a partition of viewers and of lists that depends on nothing but ids and salt."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anirec.data import split_writer
from anirec.data.held_out_draw import fold_numbers, held_out_mask
from anirec.data.schema import CATALOGUE_FILE, INTERACTIONS_FILE
from anirec.data.show import Show
from anirec.data.split import FILES, Fold, known_viewers_dataset, load_split
from anirec.data.split_writer import write_split
from anirec.data.tables import LIST_SCHEMA, load_dataset, write_catalogue
from anirec.errors import DataError
from anirec.params import SplitParams

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from anirec.data.histories import Histories

PARAMS = SplitParams(test_share=0.3, validation_share=0.3, minimum_interactions=5)
UNKNOWN = 60
"""The one id of the lists that the catalogue lacks."""

Lists = dict[int, dict[int, tuple[int, int]]]
"""Rating and status by anime_id, by user_id."""

LISTS = st.dictionaries(
    st.integers(0, 10**6),
    st.dictionaries(
        st.integers(1, UNKNOWN),
        st.tuples(st.integers(0, 10), st.sampled_from([1, 2, 3, 4, 6])),
        min_size=1,
        max_size=30,
    ),
    min_size=25,
    max_size=40,
)


def write_tables(directory: Path, lists: Lists) -> Path:
    write_catalogue([Show(i, f"show {i}") for i in range(1, UNKNOWN)], directory / CATALOGUE_FILE)
    rows = [
        (user_id, anime_id, rating, status)
        for user_id, entries in sorted(lists.items())
        for anime_id, (rating, status) in sorted(entries.items())
    ]
    table = pl.DataFrame(rows, schema=LIST_SCHEMA, orient="row")
    table.write_parquet(directory / INTERACTIONS_FILE)
    return directory


def community(viewers: int = 60, seed: int = 3) -> Lists:
    generator = np.random.default_rng(seed)
    return {
        int(user_id): {
            int(anime_id): (int(generator.integers(0, 11)), int(generator.choice([1, 2, 2, 4, 6])))
            for anime_id in generator.permutation(np.arange(1, UNKNOWN + 1))[
                : generator.integers(1, 40)
            ]
        }
        for user_id in range(viewers)
    }


def entries_of(table: Path) -> Lists:
    lists: Lists = {}
    for user_id, anime_id, rating, status in pl.read_parquet(table).rows():
        lists.setdefault(user_id, {})[anime_id] = rating, status
    return lists


def as_sets(lists: Histories) -> dict[int, set[int]]:
    return {
        int(lists.user_ids[i]): set(lists.items[lists.indptr[i] : lists.indptr[i + 1]].tolist())
        for i in range(len(lists))
    }


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(LISTS)
def test_the_split_is_a_partition(tmp_path_factory: pytest.TempPathFactory, lists: Lists) -> None:
    tables, out = tmp_path_factory.mktemp("tables"), tmp_path_factory.mktemp("out") / "split"
    try:
        about = write_split(write_tables(tables, lists), out, PARAMS)
    except DataError:  # chance left nobody in a fold
        return
    assert {path.name for path in out.iterdir()} == set(FILES)
    train = entries_of(out / "train.parquet")
    seen = set(train)
    assert train == {user_id: lists[user_id] for user_id in train}
    for fold in ("validation", "test"):
        history = entries_of(out / f"{fold}_history.parquet")
        held_out = entries_of(out / f"{fold}_held_out.parquet")
        assert set(history) == set(held_out)
        assert not seen & set(history)
        seen |= set(history)
        for user_id, entries in history.items():
            watched = {i: entry for i, entry in lists[user_id].items() if entry[1] != 6}
            assert not set(entries) & set(held_out[user_id])
            assert entries | held_out[user_id] == watched
            assert len(watched) >= PARAMS.minimum_interactions
            assert len(held_out[user_id]) == max(1, round(0.2 * len(watched)))
        counts = about["counts"][fold]
        assert counts["viewers"] == len(history)
        assert counts["held_out"] == sum(map(len, held_out.values()))
        assert counts["held_out_not_in_catalogue"] == sum(UNKNOWN in h for h in held_out.values())
    for user_id in set(lists) - seen:
        assert sum(status != 6 for _, status in lists[user_id].values()) < 5
    too_short = sum(about["counts"][fold]["viewers_too_short"] for fold in ("validation", "test"))
    assert len(set(lists) - seen) == too_short


ENTRIES = st.dictionaries(
    st.integers(0, 2**62), st.sets(st.integers(1, 2**31 - 1), min_size=2, max_size=40), min_size=1
)


def flat(lists: dict[int, set[int]], backwards: bool = False) -> tuple[NDArray, NDArray]:  # type: ignore[type-arg]
    rows = [(u, a) for u in sorted(lists) for a in sorted(lists[u], reverse=backwards)]
    return np.array([u for u, _ in rows], np.int64), np.array([a for _, a in rows], np.int32)


def drawn(lists: dict[int, set[int]], backwards: bool = False) -> set[tuple[int, int]]:
    user_ids, anime_ids = flat(lists, backwards)
    mask = held_out_mask(user_ids, anime_ids, PARAMS)
    return set(zip(user_ids[mask].tolist(), anime_ids[mask].tolist(), strict=True))


@given(ENTRIES)
def test_draws_depend_on_no_other_viewer_and_on_no_order(lists: dict[int, set[int]]) -> None:
    together = drawn(lists)
    assert drawn(lists, backwards=True) == together
    assert set().union(*(drawn({user_id: shows}) for user_id, shows in lists.items())) == together
    user_ids = np.array(sorted(lists), np.int64)
    folds = fold_numbers(user_ids, PARAMS)
    alone = [int(fold_numbers(user_ids[[i]], PARAMS)[0]) for i in range(len(user_ids))]
    assert folds.tolist() == alone


def test_shares_are_as_asked_for_and_the_salt_matters() -> None:
    user_ids = np.arange(50_000)
    params = SplitParams()
    folds = fold_numbers(user_ids, params)
    assert [np.mean(folds == number) for number in (-1, 0, 1)] == pytest.approx(
        [0.8, 0.1, 0.1], abs=0.005
    )
    other = fold_numbers(user_ids, SplitParams(salt="other"))
    assert np.mean(other[folds == 1] == 1) == pytest.approx(0.1, abs=0.02)


def test_every_entry_is_as_likely_to_be_held_out() -> None:
    user_ids = np.repeat(np.arange(5_000), 10)
    anime_ids = np.tile(np.arange(1, 11, dtype=np.int32), 5_000)
    share = held_out_mask(user_ids, anime_ids, SplitParams()).reshape(-1, 10).mean(axis=0)
    assert share == pytest.approx(np.full(10, 0.2), abs=0.02)


def test_the_draw_is_the_same_for_ever() -> None:
    """Figures compare across time only while these stay as they are."""
    params = SplitParams()
    assert np.flatnonzero(fold_numbers(np.arange(40), params) == 1).tolist() == [
        0,
        6,
        7,
        19,
        25,
        27,
        30,
        36,
    ]
    assert np.flatnonzero(fold_numbers(np.arange(40), params) == 0).tolist() == [23, 32]
    mask = held_out_mask(np.full(20, 7), np.arange(1, 21, dtype=np.int32), params)
    assert (np.flatnonzero(mask) + 1).tolist() == [5, 9, 11, 19]


def test_a_split_is_opened_with_the_catalogue(tmp_path: Path) -> None:
    lists = community()
    tables = write_tables(tmp_path, lists)
    about = write_split(tables, tmp_path / "split", PARAMS)
    split = load_split(tmp_path / "split", tables)
    assert split.about == about
    assert len(split.shows) == len(split.index) == UNKNOWN - 1
    assert len(split.train.histories) == about["counts"]["train"]["viewers"]
    for fold, name in ((split.validation, "validation"), (split.test, "test")):
        check_fold(fold, entries_of(tmp_path / "split" / f"{name}_held_out.parquet"))
    missing = sum(int((f.held_out.rows < 0).sum()) for f in (split.validation, split.test))
    assert missing == sum(
        about["counts"][name]["held_out_not_in_catalogue"] for name in ("validation", "test")
    )
    assert missing > 0


def check_fold(fold: Fold, held_out: Lists) -> None:
    assert fold.history.user_ids.tolist() == sorted(held_out)
    assert len(fold.held_out) == len(fold.history)
    rows, ids = fold.held_out.rows, fold.held_out.anime_ids
    assert (rows[ids == UNKNOWN] == -1).all()
    assert (rows[ids != UNKNOWN] == ids[ids != UNKNOWN] - 1).all()
    found: dict[int, dict[int, int]] = {}
    for viewer, anime_id, rating in zip(
        fold.held_out.viewers, ids, fold.held_out.ratings, strict=True
    ):
        user_id = int(fold.history.user_ids[viewer])
        found.setdefault(user_id, {})[int(anime_id)] = int(rating)
    assert found == {
        user_id: {anime_id: rating for anime_id, (rating, _) in entries.items()}
        for user_id, entries in held_out.items()
    }


def test_known_viewers_join_the_training_lists(tmp_path: Path) -> None:
    tables = write_tables(tmp_path, community())
    write_split(tables, tmp_path / "split", PARAMS)
    split = load_split(tmp_path / "split", tables)
    together = known_viewers_dataset(split)
    assert together.index is split.index
    parts = (split.train.histories, split.validation.history, split.test.history)
    assert (np.diff(together.histories.user_ids) > 0).all()
    expected = {user_id: items for part in parts for user_id, items in as_sets(part).items()}
    assert as_sets(together.histories) == expected


def test_splitting_again_writes_the_same_bytes(tmp_path: Path) -> None:
    tables = write_tables(tmp_path, community())
    out = tmp_path / "split"
    write_split(tables, out, PARAMS)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    write_split(tables, out, PARAMS)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_an_interrupted_split_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = write_tables(tmp_path, community())
    out = tmp_path / "split"
    write_split(tables, out, PARAMS)
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def interrupt(tables: Path) -> dict[str, str]:
        raise KeyboardInterrupt

    monkeypatch.setattr(split_writer, "table_hashes", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_split(tables, out, SplitParams(salt="other", minimum_interactions=2))
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_a_split_of_other_tables_is_refused(tmp_path: Path) -> None:
    tables = write_tables(tmp_path, community())
    write_split(tables, tmp_path / "split", PARAMS)
    write_tables(tmp_path, community(seed=4))
    with pytest.raises(DataError, match=r"has changed since .* was made: run anirec split again"):
        load_split(tmp_path / "split", tables)


def test_a_missing_damaged_or_newer_split_is_told_in_one_line(tmp_path: Path) -> None:
    tables = write_tables(tmp_path, community())
    out = tmp_path / "split"
    with pytest.raises(DataError, match=r"no split in .*: make it with anirec split"):
        load_split(out, tables)
    about = write_split(tables, out, PARAMS)
    (out / "split.json").write_text(json.dumps(about | {"format": 99}))
    with pytest.raises(DataError, match="newer anirec"):
        load_split(out, tables)
    (out / "split.json").write_text("{")
    with pytest.raises(DataError, match="is damaged"):
        load_split(out, tables)


def test_nothing_is_written_over_other_files(tmp_path: Path) -> None:
    tables = write_tables(tmp_path, community())
    with pytest.raises(DataError, match="parquet"):
        write_split(tables, tmp_path, PARAMS)
    assert (tables / INTERACTIONS_FILE).exists()


def test_too_few_viewers_are_told_in_one_line(tmp_path: Path) -> None:
    tables = write_tables(tmp_path, community(viewers=3))
    with pytest.raises(DataError, match="none of 3 viewers is left for validation"):
        write_split(tables, tmp_path / "split", SplitParams())
    assert not (tmp_path / "split").exists()


def test_tables_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="make it with anirec ingest"):
        write_split(tmp_path, tmp_path / "split", PARAMS)


def test_a_data_set_without_split_holds_everyone(tmp_path: Path) -> None:
    lists = community()
    dataset = load_dataset(write_tables(tmp_path, lists))
    assert dataset.histories.user_ids.tolist() == sorted(lists)
