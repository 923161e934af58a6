"""How often more candidates were scored for a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anirec.ranking.diversity import diversify
from anirec.recommender import Recommender
from small_learned_bundle import small_learned_bundle
from small_world import FIRST_USER

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_refills_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_learned_bundle(tmp_path / "bundle")
    recommender = Recommender.load(tmp_path / "bundle")
    assert recommender.recommend_user(FIRST_USER, 5).refills == 0

    # Of 60 shows all are candidates at once: a diversity that finds too few stands for filters.
    found = iter([2, 4, 5])

    def too_few(*arguments: object) -> object:
        return diversify(*arguments)[: next(found)]  # type: ignore[arg-type]

    monkeypatch.setattr("anirec.ranking.selection.diversify", too_few)
    monkeypatch.setattr("anirec.ranking.selection.FROM_EASE", 1)
    assert recommender.recommend_user(FIRST_USER, 5).refills == 2
