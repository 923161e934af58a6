"""The groups of features that the ablation leaves out."""

from __future__ import annotations

from collections import Counter

from anirec.ranking.learned.features import FEATURES
from ranker_ablation import PREFIXES, columns_of


def test_every_group_has_columns_and_no_column_is_in_two() -> None:
    assert all(columns_of(group) for group in PREFIXES)
    uses = Counter(column for group in PREFIXES for column in columns_of(group))
    assert set(uses.values()) == {1}


def test_all_is_measured_but_the_scores_of_ease_itself() -> None:
    measured = {list(FEATURES)[column] for group in PREFIXES for column in columns_of(group)}
    assert FEATURES.keys() - measured == {
        "ease",
        "ease_rank",
        "ease_deviation",
        "ease_strongest",
    }
