from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from anirec.data.rejects import Rejects

if TYPE_CHECKING:
    from pathlib import Path


def test_rejects_are_counted_and_written(tmp_path: Path) -> None:
    with Rejects(tmp_path / "rejected.csv") as rejects:
        rejects.add("a.csv", 3, "wrong", 'x,"y"\nz')
        rejects.add("b.csv", 4, "wrong", "long" * 100)
        rejects.add("b.csv", 5, "worse")
    assert rejects.count == 3
    assert rejects.by_reason == {"wrong": 2, "worse": 1}
    with (tmp_path / "rejected.csv").open(newline="") as file:
        assert list(csv.reader(file)) == [
            ["source", "line", "reason", "text"],
            ["a.csv", "3", "wrong", 'x,"y"\nz'],
            ["b.csv", "4", "wrong", "long" * 50],
            ["b.csv", "5", "worse", ""],
        ]


def test_without_a_path_rejects_only_count() -> None:
    rejects = Rejects()
    rejects.add("a.csv", 3, "wrong")
    rejects.close()
    assert rejects.count == 1
