"""Memory as the system tells it, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from anirec.pipeline.bench.memory import memory_held

if TYPE_CHECKING:
    from pathlib import Path

ROLLUP = """55ccca131000-7ffc2eab1000 ---p 00000000 00:00 0                          [rollup]
Rss:                3000 kB
Pss:                2000 kB
Shared_Clean:       1000 kB
Private_Clean:       500 kB
Private_Dirty:      1000 kB
"""


def test_kinds_add_up(tmp_path: Path) -> None:
    (tmp_path / "smaps_rollup").write_text(ROLLUP)
    held = memory_held(tmp_path / "smaps_rollup")
    assert held == pytest.approx({"resident": 3.072, "private": 1.536, "proportional": 2.048})


def test_a_system_that_does_not_tell(tmp_path: Path) -> None:
    assert memory_held(tmp_path / "nothing") is None
