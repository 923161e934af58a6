"""A new process that cannot answer says why, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from anirec.data.histories import Entry
from anirec.errors import AnirecError
from anirec.pipeline.bench.fresh_process import start

if TYPE_CHECKING:
    from pathlib import Path


def test_what_fails_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(AnirecError, match="a new process could not answer from") as caught:
        start(tmp_path, [[Entry(1)]])
    assert "is no bundle" in str(caught.value)
    assert "\n" not in str(caught.value)
