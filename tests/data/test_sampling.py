from __future__ import annotations

import numpy as np

from anirec.data.sampling import viewer_shares


def test_shares_are_the_same_for_ever() -> None:
    ids = np.array([0, 1, 2_000_000, 2**62 - 1])
    assert viewer_shares(ids, "anirec-sample").round(6).tolist() == [
        0.227992,
        0.747985,
        0.822,
        0.115292,
    ]


def test_shares_are_uniform_and_salted() -> None:
    ids = np.arange(200_000)
    one, other = viewer_shares(ids, "one"), viewer_shares(ids, "other")
    counts = np.histogram(one, bins=20, range=(0, 1))[0]
    assert abs(counts - 10_000).max() < 500
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.01
    assert abs(np.corrcoef(one[:-1], one[1:])[0, 1]) < 0.01
