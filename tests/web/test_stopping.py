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
