from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from anirec.ranking.learned.blame import blame, dislike_votes
from anirec.ranking.learned.features import FEATURES, ViewerList

COLUMNS = {name: column for column, name in enumerate(FEATURES)}
VIEWER = ViewerList(
    np.array([0, 1, 2], dtype=np.int32),
    np.array([9, 2, 0], dtype=np.float32),
    np.array([2, 2, 4], dtype=np.uint8),
)


def votes() -> dict[str, np.ndarray]:
    return dislike_votes(
        VIEWER,
        np.array([[0.5, 0.2], [0.1, 0.0], [0.3, 0.4]], dtype=np.float32),
        np.array([[0.9, 0.1], [-0.4, 0.8], [0.2, 0.3]], dtype=np.float32),
        np.array([7, 8, 9], dtype=np.int32),
        np.array([8, 7], dtype=np.int32),
    )


def test_only_what_is_disliked_is_spoken_of() -> None:
    found = votes()
    assert found.keys() <= FEATURES.keys()
    for vote in found.values():
        assert vote.shape == (3, 2)
        assert (vote >= 0).all()
        assert not vote[0].any()
    assert found["franchise_rating"][1, 0] > 0
    assert not found["franchise_rating"][:, 1].any()
    assert found["content_to_disliked"][:, 0].tolist() == [0, 0, np.float32(0.2)]


@given(hnp.arrays(np.float64, (2, len(FEATURES)), elements=st.floats(-3, 3)))
def test_a_loss_is_shared_out_whole_or_not_at_all(attributions: np.ndarray) -> None:
    found = votes()
    taken = blame(attributions, found)
    assert taken.keys() == {FEATURES[name] for name in found}
    for component, loss in taken.items():
        assert (loss <= 0).all()
        owed = sum(
            np.minimum(attributions[:, COLUMNS[name]], 0) * (vote.sum(axis=0) > 0)
            for name, vote in found.items()
            if FEATURES[name] == component
        )
        np.testing.assert_allclose(loss.sum(axis=0), owed, atol=1e-6)
