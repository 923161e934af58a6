"""The groups of features that the ablation leaves out."""

from __future__ import annotations

from collections import Counter

import numpy as np

from anirec.evaluation.protocols import DISCOVERY, NEW_VIEWERS
from anirec.ranking.learned.features import FEATURES
from ranker_ablation import PREFIXES, WAYS, Figures, columns_of, line


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


def test_a_row_says_by_how_much_a_group_is_missed() -> None:
    keys = [(protocol, way) for protocol in (NEW_VIEWERS, DISCOVERY) for way in WAYS]
    everything: Figures = {key: np.linspace(0.4, 0.6, 50) for key in keys}
    without: Figures = {key: figures - 0.1 for key, figures in everything.items()}

    assert line("all", everything, everything).count("0.5000") == len(keys)
    assert line("less", without, everything).count("-0.1000 (-0.1000 to -0.1000)") == len(keys)
