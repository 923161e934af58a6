"""What viewers said is one more list of the next retraining."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from anirec.data.ingest import SUMMARY_FILE
from anirec.errors import AnirecError
from anirec.pipeline.publish import TABLES
from anirec.pipeline.retrain import loop
from anirec.pipeline.retrain.steps import StepFailedError
from anirec.store.database import Database
from anirec.store.events import Event, Kind
from anirec.store.feedback import forget, record
from anirec.store.secret_keys import new_key

if TYPE_CHECKING:
    from pipeline.retrain.nightly_world import World

SHOWS = (1, 20, 43, 5114, 1535, 9253)
EVENTS = [Event(Kind.RATING, show, rating=8) for show in SHOWS]


@pytest.fixture
def address(world: World) -> str:
    return f"sqlite:///{world.place}/kept/anirec.db"


def until_compared(world: World, address: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Run until the tables are there; returns outcome and note of each step."""

    def stop(*_: object) -> None:
        raise AnirecError("that is enough")

    monkeypatch.setattr(loop, "load_dataset", stop)
    with pytest.raises(StepFailedError, match="that is enough"):
        loop.retrain(replace(world.job(), database=address))
    newest = max((world.artifacts / loop.OWN / "reports").glob("*.json"))
    steps = json.loads(newest.read_text())["steps"]
    return {step["name"]: f"{step['outcome']} {step['note']}" for step in steps}


def viewers(world: World) -> int:
    return int(json.loads((world.artifacts / TABLES / SUMMARY_FILE).read_text())["viewers"])


def test_feedback_joins_the_lists_and_leaves_them_when_it_is_deleted(
    world: World, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = viewers(world)
    steps = until_compared(world, address, monkeypatch)
    assert steps["export"] == "kept nobody has said anything yet"
    assert "ingest" in steps

    viewer, database = new_key(), Database(address)
    record(database, viewer, EVENTS, bundle="b")
    steps = until_compared(world, address, monkeypatch)
    assert steps["export"] == "done 6 entries of 1 viewers, 0 said too little"
    assert steps["ingest"].startswith("done")
    assert viewers(world) == before + 1

    assert until_compared(world, address, monkeypatch)["ingest"].startswith("kept")

    forget(database, viewer)
    until_compared(world, address, monkeypatch)
    assert viewers(world) == before
    database.close()


def test_a_database_that_cannot_be_used_fails_the_run(world: World) -> None:
    (world.place / "file").write_text("no database" * 100)
    before = world.registry.current()
    with pytest.raises(StepFailedError, match="export failed: the database cannot be used"):
        loop.retrain(replace(world.job(), database=f"sqlite:///{world.place}/file"))
    assert world.registry.current() == before
