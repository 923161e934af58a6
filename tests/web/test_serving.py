"""Settings, the port, and a real server process."""

from __future__ import annotations

import gc
import json
import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest
from click.testing import CliRunner
from threadpoolctl import threadpool_info  # type: ignore[import-untyped]

from anirec.cli.serve import command
from anirec.errors import AnirecError, BundleError
from anirec.models.registry import MODELS
from anirec.web.server import Server, open_port
from anirec.web.serving import answer_one_request, serve
from anirec.web.settings import PREFIX, Settings
from anirec.web.titles import Language
from small_world import TEST_MODELS
from web.running_server import running
from web.web_world import KNOWN, plain_bundle, web_bundle

if TYPE_CHECKING:
    from flask import Flask

DOCS = Path(__file__).parents[2] / "docs"


def test_settings_come_from_the_environment() -> None:
    found = Settings.from_environment(
        {"ANIREC_REMOTE_POSTERS": "1", "ANIREC_TITLE_LANGUAGE": "english", "ANIREC_OTHER": "x"}
    )
    assert found == Settings(remote_posters=True, title_language=Language.ENGLISH)
    assert Settings.from_environment({}) == Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ANIREC_TITLE_LANGUAGE", "klingon"),
        ("ANIREC_REMOTE_POSTERS", "perhaps"),
        ("ANIREC_MAX_BODY_BYTES", "-1"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(AnirecError, match=rf"^{name}: .*{value}"):
        Settings.from_environment({name: value})


def test_every_setting_is_documented() -> None:
    text = (DOCS / "serving.md").read_text()
    options = [parameter.envvar for parameter in command.params]
    for name in [PREFIX + field.upper() for field in Settings.model_fields] + options:
        assert f"`{name}`" in text, name


def test_every_api_route_is_documented(app: Flask) -> None:
    text = (DOCS / "api.md").read_text()
    for path in app.test_client().get("/api/openapi.json").get_json()["paths"]:
        assert f"{path}`" in text, path


def test_the_requests_in_the_documentation_are_valid_json() -> None:
    examples = re.findall(r"```json\n(.*?)```", (DOCS / "api.md").read_text(), re.DOTALL)
    assert examples
    for example in examples:
        json.loads(example)


def test_a_port_in_use_is_said_in_one_sentence() -> None:
    with open_port("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AnirecError, match=rf"^port {port} .* is in use: choose another"):
            open_port("127.0.0.1", port)


def test_an_unknown_host_is_said_in_one_sentence() -> None:
    with pytest.raises(AnirecError, match="choose another with --host"):
        open_port("no.such.host.invalid", 0)


def test_a_missing_bundle_is_said_before_serving(tmp_path: Path) -> None:
    arguments = ["--bundle", str(tmp_path / "none"), "--port", "0"]
    result = CliRunner().invoke(command, arguments)
    assert isinstance(result.exception, BundleError)


def test_a_request_stays_on_one_core(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[int] = []

    def note(server: Server) -> None:
        threads.extend(p["num_threads"] for p in threadpool_info() if p["user_api"] == "blas")

    monkeypatch.setattr(Server, "run", note)
    serve(plain_bundle(tmp_path / "bundle"), "127.0.0.1", 0)
    assert set(threads) == {1}


def test_what_lasts_is_settled_before_workers_fork(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen: list[int] = []
    monkeypatch.setattr(Server, "run", lambda server: frozen.append(gc.get_freeze_count()))
    gc.unfreeze()
    serve(plain_bundle(tmp_path / "bundle"), "127.0.0.1", 0)
    gc.unfreeze()
    assert frozen[0] > 1_000


@pytest.mark.parametrize(("with_viewers", "who"), [(True, "viewer 1"), (False, "a new viewer")])
def test_one_request_is_answered_without_a_socket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_viewers: bool, who: str
) -> None:
    for name, model in TEST_MODELS.items():
        monkeypatch.setitem(MODELS, name, model)
    bundle = web_bundle(tmp_path / "bundle", with_viewers=with_viewers)
    assert re.match(rf"{who}.* gets 10 shows, first \S+", answer_one_request(bundle))


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_serve_answers_and_stops_cleanly(tmp_path: Path, stop: signal.Signals) -> None:
    with running(plain_bundle(tmp_path / "bundle")) as (server, address):
        with urlopen(f"{address}/users/{KNOWN}", timeout=30) as page:
            assert b"simulated viewer" in page.read()
        with urlopen(f"{address}/readyz", timeout=30) as ready:
            assert json.load(ready) == {"status": "ready"}
        server.send_signal(stop)
        assert server.wait(timeout=30) == 0
        assert server.stderr is not None
        assert server.stderr.read() == ""
