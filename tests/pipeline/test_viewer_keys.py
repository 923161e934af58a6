from __future__ import annotations

from anirec.pipeline.viewer_keys import viewer_keys


def test_keys_depend_on_id_and_salt_alone() -> None:
    keys = viewer_keys([3, 1, 2], "salt")
    assert keys[::-1] == viewer_keys([2, 1, 3], "salt")
    assert keys != viewer_keys([3, 1, 2], "other")


def test_many_ids_share_a_key_so_that_a_key_tells_nobody() -> None:
    keys = viewer_keys(range(100_000), "salt")
    assert len(set(keys)) < 2**16
    assert all(len(key) == 4 for key in keys)
