"""Measuring a bundle from Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from anirec.models.registry import MODELS
from anirec.pipeline.bench.fresh_process import Start
from anirec.pipeline.bench.measure import measure_bundle
from small_world import TEST_MODELS, small_bundle

if TYPE_CHECKING:
    from pathlib import Path


def test_a_bundle_without_a_learned_ranker_where_memory_is_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, model in TEST_MODELS.items():
        monkeypatch.setitem(MODELS, name, model)
    # A new process knows no models of tests.
    measure = "anirec.pipeline.bench.measure"
    monkeypatch.setattr(f"{measure}.start", lambda *_: Start(30.0, 20.0, 10.0, None))
    monkeypatch.setattr(f"{measure}.batches_at_once", lambda *_: [[400.0], [200.0, 256.0, 300.0]])
    small_bundle(tmp_path / "bundle")

    rows = measure_bundle(tmp_path / "bundle", requests=2, seed=1).rows
    assert {row.blend for row in rows} == {"hybrid", "given weights", None}
    took = {row.measured: row.median_ms for row in rows if row.measured.startswith("new process")}
    assert took["new process: all three"] == 60
    (given,) = (row for row in rows if "at once" in row.measured and row.blend == "given weights")
    assert (given.median_ms, given.per_second) == (256, 2000)
    memory = [row for row in rows if row.measured.endswith("memory")]
    assert [row.megabytes for row in memory] == [None] * 3
    assert all("this system does not tell it" in (row.note or "") for row in memory)


def test_no_requests_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="requests must be at least 1, not 0"):
        measure_bundle(tmp_path, requests=0, seed=7)
