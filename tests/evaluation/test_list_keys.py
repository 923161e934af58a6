"""A key says whether the same was asked of a viewer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from split_world import taste_split

from anirec.data.split import Fold
from anirec.evaluation.list_keys import key_of_all, list_keys
from anirec.evaluation.protocols import NEW_VIEWERS, evaluate
from anirec.models.popularity import Popularity


def test_a_list_that_changed_has_another_key_and_no_other() -> None:
    split = taste_split()
    fold = split.test
    before = list_keys(fold, split.index)
    shorter = np.ones(len(fold.history.items), dtype=np.bool_)
    shorter[fold.history.indptr[3]] = False
    known = Fold(fold.history.where(shorter), fold.held_out)
    wanted = fold.held_out.anime_ids.copy()
    wanted[fold.held_out.indptr[3]] = 999_999
    looked_for = Fold(fold.history, replace(fold.held_out, anime_ids=wanted))
    for changed in (known, looked_for):
        after = list_keys(changed, split.index)
        assert [i for i in range(len(before)) if before[i] != after[i]] == [3]
    rated = Fold(replace(fold.history, ratings=np.zeros_like(fold.history.ratings)), fold.held_out)
    assert list_keys(rated, split.index) == before


def test_history_and_held_out_shows_are_told_apart() -> None:
    split = taste_split()
    fold = split.test
    swapped = Fold(
        replace(
            fold.history,
            indptr=fold.held_out.indptr,
            items=fold.held_out.rows,
        ),
        replace(
            fold.held_out,
            indptr=fold.history.indptr,
            anime_ids=split.index.ids(fold.history.items),
        ),
    )
    assert list_keys(swapped, split.index)[0] != list_keys(fold, split.index)[0]


def test_the_key_of_all_depends_on_every_viewer_and_list() -> None:
    whole = key_of_all([1, 2], ["aa", "bb"])
    assert whole == key_of_all([1, 2], ["aa", "bb"])
    others = [key_of_all([1, 3], ["aa", "bb"]), key_of_all([1, 2], ["aa", "bc"])]
    assert whole not in [*others, key_of_all([1], ["aa"])]
    with pytest.raises(ValueError, match="argument 2 is longer"):
        key_of_all([1], ["aa", "bb"])


def test_reports_hold_a_key_for_each_viewer() -> None:
    split = taste_split()
    models = {"popularity": Popularity().fit(split.train)}
    report = evaluate(NEW_VIEWERS, "test", split, models, None).to_dict()
    keys = report["per_viewer"]["list_keys"]
    assert len(keys) == report["viewers"]
    assert report["lists"] == key_of_all(report["per_viewer"]["user_ids"], keys)
