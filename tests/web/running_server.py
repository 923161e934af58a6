"""A server process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def running(bundle: str | Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server process and its address."""
    # Background processes inherit an ignored Ctrl-C; on a terminal it is not ignored.
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from anirec.cli.main import main; main()"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", code, "serve", "--bundle", str(bundle), "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        assert server.stderr is not None
        lines = [server.stdout.readline(), server.stdout.readline()]
        found = re.match(r"http://\S+", lines[1])
        assert found, lines
        yield server, found[0]
    finally:
        server.terminate()
        server.communicate(timeout=30)
