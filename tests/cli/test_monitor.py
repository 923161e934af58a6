"""``anirec monitor``: report, exit status, metrics."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from prometheus_client.parser import text_string_to_metric_families

from anirec.cli.main import main
from anirec.web.app import create_app
from monitoring.answers_world import AnswersWorld, answers_world

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("monitor")


@pytest.fixture(scope="module")
def world(place: Path) -> AnswersWorld:
    return answers_world(place / "bundle")


@pytest.fixture(scope="module")
def scrapes(world: AnswersWorld, place: Path) -> Path:
    """A directory with answers of ``/metrics``."""

    def keep(name: str, users: Sequence[int]) -> None:
        client = create_app(world.recommender).test_client()
        for user in users:
            client.get(f"/api/v1/users/{user}/recommendations?n=24")
        (place / name).write_text(client.get("/metrics").text)

    lengths = world.lists.lengths
    keep("usual.prom", range(1, 61))
    keep("long.prom", [user for user in range(1, 401) if lengths[user - 1] > 40][:60])
    keep("few.prom", range(1, 11))
    return place


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["monitor", *map(str, arguments)])
    return int(ended.value.code or 0)


def test_nothing_has_changed(scrapes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = run("--bundle", scrapes / "bundle", "--stats", scrapes / "usual.prom", "--json")
    about = json.loads(capsys.readouterr().out)

    assert status == 0
    assert about["answers"] == 60
    assert about["drifted"] == []
    assert len(about["findings"]) == 6


def test_a_drift_is_told_by_the_status_the_report_and_a_metric(
    scrapes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prom, page = tmp_path / "out" / "anirec.prom", tmp_path / "out" / "report.html"
    arguments = ("--bundle", scrapes / "bundle", "--stats", scrapes / "long.prom")
    assert run(*arguments, "--out", page, "--metrics-file", prom) == 3

    assert "Length of lists: DRIFTED" in capsys.readouterr().out
    assert "Drifted: Length of lists" in page.read_text()
    samples = {
        (sample.name, sample.labels.get("measure")): sample.value
        for family in text_string_to_metric_families(prom.read_text())
        for sample in family.samples
    }
    assert samples["anirec_drift_alert", "list_length"] == 1
    assert samples["anirec_drift_alert", "coverage"] == 0
    assert samples["anirec_drift_checked_timestamp_seconds", None] > 1.7e9
    assert sorted(file.name for file in prom.parent.iterdir()) == ["anirec.prom", "report.html"]


def test_few_answers_are_no_drift(
    scrapes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("--bundle", scrapes / "bundle", "--stats", scrapes / "few.prom")
    assert run(*arguments, "--out", tmp_path / "few.html") == 0
    assert "10 answers are too few to tell" in capsys.readouterr().out
    assert "Too few answers" in (tmp_path / "few.html").read_text()


def test_only_what_came_since_is_compared(
    scrapes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("--bundle", scrapes / "bundle", "--stats", scrapes / "usual.prom")
    assert run(*arguments, "--since", scrapes / "few.prom", "--json") == 0
    assert json.loads(capsys.readouterr().out)["answers"] == 50


@pytest.mark.parametrize(
    ("arguments", "status", "why"),
    [
        ((), 2, "say what to compare"),
        (("--stats", "a", "--stats", "b", "--since", "c"), 2, "--since is of one server"),
        (("--stats", "none.prom"), 1, "cannot be read"),
        (("--url", "http://127.0.0.1:9/metrics"), 1, "does not answer"),
    ],
)
def test_wrong_calls_are_said_in_one_sentence(
    scrapes: Path,
    arguments: tuple[str, ...],
    status: int,
    why: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("--bundle", scrapes / "bundle", *arguments) == status
    assert why in capsys.readouterr().err


def test_a_report_of_another_kind_is_refused(
    scrapes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("--bundle", scrapes / "bundle", "--stats", scrapes / "usual.prom")
    assert run(*arguments, "--out", tmp_path / "report.pdf") == 1
    assert "neither with .html nor with .json" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
