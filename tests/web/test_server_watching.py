"""Metrics and log of real server processes."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import psutil
import pytest

from anirec.monitoring.exposition import read_url
from web.running_server import running
from web.web_world import KNOWN, plain_bundle

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return plain_bundle(tmp_path_factory.mktemp("watched") / "bundle")


@pytest.fixture
def server(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with running(bundle, "--workers", "2", "--threads", "1") as started:
        yield started


def get(address: str) -> str:
    with urlopen(address, timeout=30) as response:
        return str(response.read().decode())


def count(scrape: str, sample: str) -> float:
    found = re.search(rf"^{re.escape(sample)} (\S+)$", scrape, re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_every_worker_tells_the_sum_of_all(
    server: tuple[subprocess.Popen[str], str], tmp_path: Path
) -> None:
    process, address = server
    page = f"{address}/users/{KNOWN}"
    with ThreadPoolExecutor(8) as pool:
        assert len(list(pool.map(get, [page] * 40))) == 40

    scrape = get(f"{address}/metrics")
    labels = 'method="GET",route="/users/<user_id>",status="200"'
    assert count(scrape, f"anirec_http_requests_total{{{labels}}}") == 40
    assert count(scrape, "anirec_answers_total") == 40
    assert count(scrape, "anirec_http_requests_in_flight") == 1
    assert re.search(r'^anirec_model_info\{.*version=".+"\} 1.0$', scrape, re.MULTILINE)
    assert read_url(f"{address}/metrics").answers == 40
    pids = {file.stem.rsplit("_", 1)[1] for file in tmp_path.glob("anirec-metrics-*/counter_*.db")}
    assert len(pids) == 3  # the parent, which counts nothing, and its workers

    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    assert not list(tmp_path.glob("anirec-metrics-*"))


def test_a_killed_worker_takes_nothing_with_it(
    server: tuple[subprocess.Popen[str], str],
) -> None:
    process, address = server
    for _ in range(10):
        get(f"{address}/healthz")
    before = [child.pid for child in psutil.Process(process.pid).children()]
    os.kill(before[0], signal.SIGKILL)

    labels = 'method="GET",route="/healthz",status="200"'
    assert count(get(f"{address}/metrics"), f"anirec_http_requests_total{{{labels}}}") == 10


def test_the_log_keeps_addresses_and_queries_to_itself(
    server: tuple[subprocess.Popen[str], str],
) -> None:
    process, address = server
    get(f"{address}/users/{KNOWN}?n=17")
    place = urlsplit(address)
    with socket.create_connection((place.hostname, place.port), timeout=30) as connection:
        connection.sendall(f"G@T /users/{KNOWN}?q=topsecret HTTP/1.1\r\n\r\n".encode())
        while connection.recv(4096):
            pass
    process.send_signal(signal.SIGTERM)
    output, errors = process.communicate(timeout=30)

    (request,) = map(json.loads, output.splitlines())
    (complaint,) = map(json.loads, errors.splitlines())
    assert (request["route"], request["status"]) == ("/users/<user_id>", 200)
    told: dict[str, Any] = {"level": "warning", "message": "Invalid request"}
    assert complaint.items() >= told.items()
    for telltale in (str(KNOWN), "n=17", "topsecret", "127.0.0.1"):
        assert telltale not in output + errors
