"""From the starter community to answers, through the command line, as a newcomer would."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from anirec import Entry, Recommender
from anirec.cli.main import main
from anirec.data.tables import read_catalogue_table, write_catalogue

QUICK = "models: {recommender_net: {epochs: 2, embedding_size: 16, batch_size: 5000}}"

PATIENT = "gate: {median_ms: 1.0e+6, p99_ms: 1.0e+6}"
"""What else runs on the machine is no reason to refuse a bundle here; the gate's tests have a clock of their own."""

TRAINING_LIBRARIES = (
    "polars",
    "scipy",
    "sklearn",
    "keras",
    "tensorflow",
    "onnxruntime",
    "tokenizers",
    "wordllama",
    "fsspec",
    "pandas",
)


def run(*arguments: str) -> None:
    """Run a verb; it must end well."""
    with pytest.raises(SystemExit) as stop:
        main(list(arguments))
    assert stop.value.code == 0


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory in which every verb of the pipeline has run on simulated viewers."""
    place = tmp_path_factory.mktemp("path")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        patch.setenv("ANIREC_CACHE_DIR", str(place / "artifacts/cache"))
        Path("params.yaml").write_text(QUICK)
        run("starter", "--viewers", "400", "--seed", "7", "--out", "lists")
        run("ingest", "lists", "--out", "artifacts/tables")
        run("split")
        run("train", "--model", "all")
        run("evaluate")
        run("publish", "--out", "bundles")
        run("publish", "--out", "bundles")
    return place


@pytest.fixture(scope="module")
def recommender(place: Path) -> Recommender:
    return Recommender.load(place / "bundles" / "current")


def test_answers_a_viewer_with_reasons(recommender: Recommender) -> None:
    shows = recommender.recommend_user(1, n=10)

    assert len(shows) == 10
    assert any(show.reasons for show in shows)
    for show in shows:
        assert sum(show.components.values()) == pytest.approx(show.score, abs=1e-4)


def test_answers_a_new_list(recommender: Recommender) -> None:
    history = [Entry(5114, 10), Entry(9253, 9), Entry(1535, 8)]
    shows = recommender.recommend(history, n=5)

    assert len(shows) == 5
    assert not {show.anime_id for show in shows} & {entry.anime_id for entry in history}


def test_says_that_its_viewers_are_simulated(recommender: Recommender) -> None:
    assert recommender.manifest.simulated


def test_the_same_input_gives_the_same_bundle(place: Path) -> None:
    hashes = [
        json.loads(path.read_text())["bundle_hash"]
        for path in sorted(place.glob("bundles/2*/manifest.json"))
    ]

    assert len(hashes) in (1, 2)
    assert len(set(hashes)) == 1


def test_every_model_is_in_the_evaluation(place: Path) -> None:
    report = json.loads((place / "artifacts/evaluation/new-viewers.json").read_text())

    assert set(report["models"]) >= {
        "popularity",
        "content",
        "ease",
        "ials",
        "recommender_net",
        "user_neighbours",
        "hybrid",
        "learned",
    }


def test_the_command_line_answers_in_json(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(place)
    run("recommend", "--user-id", "1", "-n", "3", "--json")
    recommended = json.loads(capsys.readouterr().out)
    run("similar", "5114", "-n", "3", "--json")
    similar = json.loads(capsys.readouterr().out)

    assert len(recommended["recommendations"]) == 3
    assert len(similar["recommendations"]) == 3


def test_a_new_season_enters_without_a_refit(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(place / "artifacts/tables", tmp_path / "artifacts/tables")
    shutil.copytree(place / "bundles", tmp_path / "bundles", symlinks=True)
    monkeypatch.chdir(tmp_path)
    Path("params.yaml").write_text(PATIENT)
    table = tmp_path / "artifacts/tables/catalogue.parquet"
    shows = read_catalogue_table(table)
    (model,) = (show for show in shows if show.anime_id == 5114)
    sequel = replace(model, anime_id=99_999, title=f"{model.title}: Once More", members=None)
    write_catalogue([*shows, sequel], table)
    run("publish", "--refresh-catalogue", "--json")
    about = json.loads(capsys.readouterr().out)
    run("promote", about["version"], "--why", "the new season")
    rec = Recommender.load("bundles/current")

    assert rec.manifest.version == about["version"]
    assert about["refreshed_from"] == about["current"]
    assert rec.manifest.simulated
    assert 99_999 in {show.anime_id for show in rec.similar(5114, n=10)}
    assert 99_999 in {
        show.anime_id
        for show in rec.recommend([Entry(5114, 10)], n=10, weights={"collaborative": 1})
    }


def test_answers_without_any_training_library(place: Path) -> None:
    program = (
        "import sys\n"
        "from anirec import Entry, Recommender\n"
        "rec = Recommender.load(sys.argv[1])\n"
        "assert rec.recommend_user(1) and rec.recommend([Entry(5114, 10)]) and rec.similar(5114)\n"
        f"print([name for name in {TRAINING_LIBRARIES} if name in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program, str(place / "bundles")],
        capture_output=True,
        text=True,
        check=True,
    )

    assert answer.stdout == "[]\n"
