"""One community for all tests of a taste."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from taste.taste_world import community as make_community

if TYPE_CHECKING:
    from anirec.taste.community import Community


@pytest.fixture(scope="session")
def community(tmp_path_factory: pytest.TempPathFactory) -> Community:
    return make_community(tmp_path_factory)
