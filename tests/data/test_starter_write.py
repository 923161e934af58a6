"""The files and the command."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner
from starter_world import EPISODES, INDEX, two_tastes

from anirec.cli.starter import command
from anirec.data.starter import write
from anirec.data.starter.lists import COLUMNS, read_lists
from anirec.data.starter.shows import index_of, packaged_shows, packaged_shows_text
from anirec.data.starter.write import write_beside, write_starter
from anirec.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path


def test_the_files_are_the_same_bytes_every_time(tmp_path: Path) -> None:
    one = write_starter(tmp_path / "one", viewers=60, seed=3)
    write_starter(tmp_path / "two", viewers=60, seed=3)
    names = ["animelist.csv", "catalogue.jsonl", "simulated.json"]
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert sorted(path.name for path in one.out.iterdir()) == names
    assert (one.out / "catalogue.jsonl").read_text(encoding="utf-8") == packaged_shows_text()


def test_the_lists_are_in_the_kaggle_2020_layout(tmp_path: Path) -> None:
    written = write_starter(tmp_path, viewers=60, seed=3)
    with (tmp_path / "animelist.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) - 1 == written.entries
    assert {int(row[0]) for row in rows[1:]} == set(range(1, 61))
    assert len(read_lists(tmp_path, index_of(packaged_shows()))) == written.entries


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    place = tmp_path / "file.txt"
    place.write_text("old")

    def fail(path: Path) -> None:
        path.write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_beside(place, fail)
    assert place.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["file.txt"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot write into"):
        write_starter(tmp_path / "file", viewers=1)


def test_the_command_draws_and_says_what_it_wrote(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        command, ["--viewers", "30", "--seed", "1", "--out", str(tmp_path), "--json"]
    )
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["viewers"] == 30
    assert told["entries"] == len((tmp_path / "animelist.csv").read_text().splitlines()) - 1


@pytest.mark.parametrize(
    "arguments", [[], ["--viewers", "0", "--out", "x"], ["--derive-from", "x"], ["--seed", "-1"]]
)
def test_wrong_arguments_are_refused(arguments: list[str]) -> None:
    assert CliRunner().invoke(command, arguments).exit_code == 2


def test_the_command_derives_a_community(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shows = [
        {"idMal": int(anime_id), "episodeCount": int(episodes), "synopsis": "Ours."}
        for anime_id, episodes in zip(INDEX.anime_ids, EPISODES, strict=True)
    ]
    monkeypatch.setattr("anirec.cli.starter.packaged_shows", lambda: shows)
    source = tmp_path / "source"
    source.mkdir()
    lists = two_tastes()
    (source / "animelist.csv").write_text(",".join(COLUMNS) + "\n" + write._csv(lists, INDEX))
    out = tmp_path / "out"
    result = CliRunner().invoke(
        command, ["--derive-from", str(source), "--out", str(out), "--json"]
    )
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["entries"] == len(lists)
    assert {path.name for path in out.iterdir()} == {"sampler.npz", "shows.jsonl", "statistics.npz"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("user_id,anime_id,rating\n1,1,1\n", "lacks the columns watching_status, watched_episodes"),
        (",".join(COLUMNS) + "\n1,x,1,2,3\n", "cannot be read"),
    ],
)
def test_lists_that_do_not_serve_are_refused_in_one_line(
    tmp_path: Path, text: str, told: str
) -> None:
    (tmp_path / "animelist.csv").write_text(text)
    with pytest.raises(DataError, match=told):
        read_lists(tmp_path, INDEX)


def test_missing_lists_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no animelist\.csv"):
        read_lists(tmp_path, INDEX)


def test_of_a_repeated_entry_the_last_counts(tmp_path: Path) -> None:
    rows = ["5,100,7,2,24", "4,101,6,2,24", "5,100,9,2,24", "5,1,9,2,24"]
    (tmp_path / "animelist.csv").write_text(",".join(COLUMNS) + "\n" + "\n".join(rows) + "\n")
    lists = read_lists(tmp_path, INDEX)
    assert np.array_equal(lists.users, [4, 5])
    assert np.array_equal(lists.ratings, [6, 9])
