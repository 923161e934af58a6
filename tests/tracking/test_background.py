"""A tracker can neither fail nor stall a run, whatever it does."""

from __future__ import annotations

import threading

import pytest

from anirec.tracking.background import Background
from tracking.fake_trackers import Hanging, Raising, Told


def test_calls_arrive_in_order_and_nothing_is_missed() -> None:
    told = Told()
    background = Background("told", lambda: told)
    background.send("params", {"a": 1})
    background.send("metrics", {"loss": 0.5}, 1)

    assert background.end("finished") == ["told: look here"]
    assert told.calls == [
        ("params", {"a": 1}),
        ("metrics", {"loss": 0.5}, 1),
        ("end", "finished"),
    ]
    assert not told.abandoned.is_set()


def test_a_tracker_that_raises_is_one_line_at_the_end() -> None:
    background = Background("comet", Raising)
    background.send("metrics", {"loss": 0.5}, 1)

    assert background.end("finished") == [
        "tracker comet missed all records of this run: ConnectionError: no route to host"
    ]


def test_one_that_raises_once_keeps_the_rest() -> None:
    class Once(Told):
        def told(self, *call: object) -> None:
            if call[0] == "params":
                raise ValueError
            super().told(*call)

    once = Once()
    background = Background("comet", lambda: once)
    background.send("params", {})
    background.send("facts", {})

    assert background.end("failed") == [
        "comet: look here",
        "tracker comet missed 1 of 3 records of this run: ValueError",
    ]
    assert [call[0] for call in once.calls] == ["facts", "end"]


def test_one_that_cannot_be_opened_misses_everything() -> None:
    def refuse() -> Told:
        raise OSError("no such server")

    background = Background("comet", refuse)
    background.send("params", {})
    (line,) = background.end("finished")

    assert line == "tracker comet missed all records of this run: OSError: no such server"


def test_one_that_hangs_is_let_go_of_at_the_deadline() -> None:
    hanging = Hanging()
    background = Background("comet", lambda: hanging)
    background.send("params", {})
    background.send("facts", {})
    assert hanging.reached.wait(60)
    (line,) = background.end("finished", seconds=0.01)

    assert (
        line == "tracker comet missed all records of this run: it did not end within 0.01 seconds"
    )
    assert hanging.abandoned.is_set()


def test_one_that_hangs_while_it_opens() -> None:
    opened, let_go = threading.Event(), threading.Event()

    def hang() -> Told:
        opened.set()
        let_go.wait()
        return Told()

    background = Background("comet", hang)
    assert opened.wait(60)
    (line,) = background.end("finished", seconds=0.01)
    let_go.set()

    assert "did not end within" in line


def test_a_full_queue_drops_and_counts_and_never_waits() -> None:
    hanging = Hanging()
    background = Background("comet", lambda: hanging, waiting=2)
    background.send("params", {})
    assert hanging.reached.wait(60)  # the first is with the tracker, two may wait, two are dropped
    for step in range(4):
        background.send("metrics", {"loss": 0.5}, step)
    hanging.abandon()
    lines = background.end("finished")

    assert lines == [
        "comet: look here",
        "tracker comet missed 2 of 6 records of this run: more than 2 records were waiting for it",
    ]
    assert [call[0] for call in hanging.calls] == ["params", "metrics", "metrics", "end"]


def test_a_full_queue_at_the_end_is_no_reason_to_wait_longer() -> None:
    hanging = Hanging()
    background = Background("comet", lambda: hanging, waiting=1)
    background.send("params", {})
    assert hanging.reached.wait(60)
    background.send("facts", {})
    (line,) = background.end("finished", seconds=0.01)

    assert "missed all records" in line


def test_ctrl_c_while_waiting_lets_go(monkeypatch: pytest.MonkeyPatch) -> None:
    hanging = Hanging()
    background = Background("comet", lambda: hanging)
    background.send("params", {})
    assert hanging.reached.wait(60)

    def interrupted(timeout: float | None = None) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(background._thread, "join", interrupted)
    with pytest.raises(KeyboardInterrupt):
        background.end("finished")
    assert hanging.abandoned.is_set()


def test_the_worker_does_not_keep_the_process_alive() -> None:
    hanging = Hanging()
    background = Background("comet", lambda: hanging)

    assert background._thread.daemon
    hanging.abandon()
    background.end("finished")


def test_secrets_of_the_environment_are_not_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMET_API_KEY", "verysecretvalue")

    def refuse() -> Told:
        raise ValueError("the key verysecretvalue is not known")

    (line,) = Background("comet", refuse).end("finished")
    assert "the key *** is not known" in line
