"""Comet online, against servers that refuse or hang."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from anirec.tracking.background import Background
from anirec.tracking.comet.process import CometProcess
from anirec.tracking.folder import RunFolder
from tracking.comet.test_comet_archive import need_comet, run_comet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = "notarealkeynotarealkey"


@pytest.fixture(autouse=True, scope="module")
def _comet() -> None:
    need_comet()


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """A socket that takes connections and answers nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(120)
        yield server


def url(server: socket.socket) -> str:
    return f"http://127.0.0.1:{server.getsockname()[1]}/clientlib/"


def test_a_server_that_is_down_costs_nothing_but_the_sending(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = url(server)
    archive = run_comet(
        tmp_path,
        COMET_API_KEY=KEY,
        COMET_URL_OVERRIDE=address,
        COMET_HTTP_SESSION_RETRY_TOTAL="0",
    )

    assert archive.said.startswith("comet: did not take the run (")
    assert archive.said.count("\n") == 1
    assert KEY not in archive.said
    assert not any(KEY.encode() in content for content in archive.files.values())
    assert "net/loss" in {m["metric"]["metricName"] for m in archive.payloads("metric_msg")}


def test_a_server_that_hangs_is_killed_with_its_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listening: socket.socket
) -> None:
    monkeypatch.setenv("COMET_API_KEY", KEY)
    monkeypatch.setenv("COMET_URL_OVERRIDE", url(listening))
    folder = RunFolder(tmp_path, "train")
    processes: list[CometProcess] = []

    def open_comet() -> CometProcess:
        processes.append(CometProcess(folder, "train"))
        return processes[0]

    background = Background("comet", open_comet)
    background.send("metrics", {"loss": 0.5}, 1)
    connection, _ = listening.accept()  # Comet asks, and nobody answers
    (line,) = background.end("finished", seconds=0.01)
    connection.close()
    folder.close()

    assert "did not end within 0.01 seconds" in line
    (process,) = processes
    process._process.join(60)
    assert process._process.exitcode == -9
    background._thread.join(60)
    assert not background._thread.is_alive()


INTERRUPTED = """
import os, signal, sys
from pathlib import Path
from anirec.progress import ConsoleProgress
from anirec.tracking.run import tracked_run

if __name__ == "__main__":
    try:
        with tracked_run(("comet",), "train", Path(sys.argv[1]), ConsoleProgress()) as run:
            run.metrics({"loss": 0.5}, 1)
            os.killpg(0, signal.SIGINT)
            signal.pause()
    except KeyboardInterrupt:
        sys.exit(130)
"""


def test_ctrl_c_reaches_the_run_and_not_comets_process(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(INTERRUPTED)
    done = subprocess.run(
        [sys.executable, str(program), str(tmp_path / "runs")],
        start_new_session=True,  # the terminal's Ctrl-C goes to all of a group
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 130
    assert done.stderr.count("\n") == 1  # no traceback of another process
    assert done.stderr.startswith(("comet: ", "tracker comet missed "))
