from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from anirec.bundle.known_viewers import KnownViewers
from anirec.data.schema import FEEDBACK_USERS
from anirec.errors import UnknownViewerError
from small_world import FIRST_USER, N_VIEWERS, small_dataset

DRAWN = small_dataset().histories
LISTS = DRAWN.select(np.argsort(DRAWN.user_ids))
KNOWN = KnownViewers(LISTS)


def test_each_viewer_has_their_own_list() -> None:
    for place, user_id in enumerate(LISTS.user_ids.tolist()):
        assert user_id in KNOWN
        found = KNOWN.list_of(user_id)
        assert found.user_ids.tolist() == [user_id]
        assert found.items.tolist() == LISTS.select(slice(place, place + 1)).items.tolist()


@pytest.mark.parametrize("user_id", [-1, FIRST_USER - 1, FIRST_USER + N_VIEWERS, 10**30])
@pytest.mark.parametrize("known", [KNOWN, KnownViewers(None)])
def test_nobody_else_has_one(known: KnownViewers, user_id: int) -> None:
    assert user_id not in known
    with pytest.raises(UnknownViewerError, match=f"no viewer {user_id} "):
        known.list_of(user_id)


def test_a_sample_is_of_common_length() -> None:
    lengths = dict(zip(LISTS.user_ids.tolist(), LISTS.lengths.tolist(), strict=True))
    shortest, longest = sorted(lengths.values())[:: len(lengths) - 1]
    sample = KNOWN.sample(5)
    assert len(set(sample)) == 5
    assert all(shortest <= lengths[user_id] <= longest for user_id in sample)
    assert KNOWN.sample(0) == KnownViewers(None).sample(3) == []
    assert KnownViewers(LISTS.select(slice(0, 0))).sample(3) == []


def test_who_gave_feedback_is_offered_to_nobody() -> None:
    some = np.arange(N_VIEWERS) >= 10
    users = np.where(some, FEEDBACK_USERS.start + LISTS.user_ids, LISTS.user_ids)
    known = KnownViewers(replace(LISTS, user_ids=users))
    assert set(known.sample(N_VIEWERS)) <= set(users[:10].tolist())
    assert known.sample(3)
    assert int(users[-1]) in known
    nobody = KnownViewers(replace(LISTS, user_ids=FEEDBACK_USERS.start + LISTS.user_ids))
    assert nobody.sample(3) == []
