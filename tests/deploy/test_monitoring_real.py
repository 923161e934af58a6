"""Prometheus itself: its checks of our configuration, and a scrape of a running server."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

import pytest

from conftest import REPOSITORY, skip_or_fail
from web.running_server import running
from web.web_world import KNOWN, plain_bundle

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real

MONITORING = REPOSITORY / "deploy" / "monitoring"
PATIENCE = 60
"""Seconds."""


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        skip_or_fail(f"the program {name}", "apt-get install prometheus (or your system's package)")
    assert found
    return found


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "config", "prometheus.yml"),
        ("check", "rules", "rules/recording.yml", "rules/alerts.yml"),
        ("test", "rules", "rule-tests/alerts.yml"),
    ],
)
def test_promtool_agrees(arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        [program("promtool"), *arguments],
        cwd=MONITORING,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "FAILED" not in done.stdout


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def query(port: int, expression: str) -> list[dict[str, Any]]:
    """Ask until there is something, for as long as patience lasts."""
    address = f"http://127.0.0.1:{port}/api/v1/query?{urlencode({'query': expression})}"
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urlopen(address, timeout=10) as response:
                found: list[dict[str, Any]] = json.load(response)["data"]["result"]
        except URLError:
            found = []
        if found or time.monotonic() > deadline:
            return found
        time.sleep(0.2)


def test_prometheus_scrapes_both_workers_of_a_server(tmp_path: Path) -> None:
    prometheus, port = program("prometheus"), free_port()
    with running(plain_bundle(tmp_path / "bundle"), "--workers", "2") as (_, address):
        for _ in range(20):
            with urlopen(f"{address}/users/{KNOWN}", timeout=30) as page:
                page.read()
        text = (MONITORING / "prometheus.yml").read_text()
        text = text.replace("web:8000", urlsplit(address).netloc)
        text = text.replace("15s", "1s").replace("rules/*", f"{MONITORING}/rules/*")
        (tmp_path / "prometheus.yml").write_text(text)
        scraper = subprocess.Popen(
            [
                prometheus,
                f"--config.file={tmp_path / 'prometheus.yml'}",
                f"--storage.tsdb.path={tmp_path / 'data'}",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            labels = 'job="anirec",route="/users/<user_id>",status="200"'
            (requests,) = query(port, f"anirec_http_requests_total{{{labels}}} == 20")
            (model,) = query(port, "anirec_model_info")
            (age,) = query(port, "anirec:model_age_seconds")
            (up,) = query(port, 'up{job="anirec"} == 1')
        finally:
            scraper.terminate()
            scraper.wait(timeout=PATIENCE)

    assert requests["metric"]["method"] == "GET"
    assert model["metric"]["simulated"] == "true"
    assert 0 <= float(age["value"][1]) < 600
    assert up["metric"]["instance"] == urlsplit(address).netloc
