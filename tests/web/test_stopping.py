"""SIGTERM: what is asked is still answered."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from half_request import WAIT, HalfRequest, IdleConnection
from web.web_world import plain_bundle

if TYPE_CHECKING:
    from pathlib import Path


def test_a_request_under_way_is_answered_before_the_server_ends(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "anirec", "serve", "--port", "0", "--workers", "1"]
    server = subprocess.Popen(
        [*command, "--bundle", str(plain_bundle(tmp_path / "bundle"))],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        lines = [server.stdout.readline(), server.stdout.readline()]
        found = re.match(r"http://\S+", lines[1])
        assert found, lines
        port = urlsplit(found[0]).port or 0
        idle = IdleConnection("127.0.0.1", port)
        request = HalfRequest("127.0.0.1", port)

        server.terminate()
        idle.wait_until_closed()

        assert server.poll() is None
        assert len(request.finish()["recommendations"]) == 3
        assert server.wait(timeout=WAIT) == 0
    finally:
        server.kill()
        server.communicate()


STOPPED_EARLY = """
import atexit, os, signal, sys, time
from anirec.recommender import Recommender
from anirec.web.app import create_app
from anirec.web.server import Server, open_port

def stop_and_wait_for_the_word():
    # In a worker that was just forked: its parent is stopped, and tells it.
    atexit.register(print, "the worker ended by itself", flush=True)
    os.kill(os.getppid(), signal.SIGTERM)
    until = time.monotonic() + 20
    while signal.SIGTERM not in signal.sigpending() and time.monotonic() < until:
        pass

app = create_app(Recommender.load(sys.argv[1]))
Server(app, open_port("127.0.0.1", 0), 1, 1, stop_and_wait_for_the_word).run()
"""


def test_a_worker_that_is_still_starting_hears_the_word_to_stop(tmp_path: Path) -> None:
    bundle = str(plain_bundle(tmp_path / "bundle"))
    ended = subprocess.run(
        [sys.executable, "-c", STOPPED_EARLY, bundle],
        capture_output=True,
        text=True,
        timeout=WAIT,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == "the worker ended by itself\n"
