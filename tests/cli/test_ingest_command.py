from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from anirec.cli.ingest import command
from anirec.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

ROWS = "user_id,anime_id,rating,watching_status,watched_episodes\n1,5114,10,2,64\n1,20,0,9,1\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    directory = tmp_path / "data"
    directory.mkdir()
    (directory / "animelist.csv").write_text(ROWS)
    (directory / "rating.csv").write_text("user_id,anime_id,rating\n1,20,-1\n")
    return directory


def test_the_summary_says_what_was_read_skipped_and_rejected(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = CliRunner().invoke(command, [str(data), "--out", str(out)])
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    for line in (
        "entries read: 2",
        "- rejected: 1",
        "entries written: 1",
        "viewers: 1",
        f"read: {data}/animelist.csv (Kaggle 2020 animelist)",
        f"skipped: {data}/rating.csv: another list (Kaggle 2016 rating): name it to read it",
        f"rows and values not used, with source, line and reason: {out}/rejected.csv",
        "  1 x watching_status is not a known status",
        "no catalogue was given: add one (anime.csv, ...), models need it",
    ):
        assert line in lines


def test_json_is_what_ingest_json_holds(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = CliRunner().invoke(
        command, [str(data), "--out", str(out), "--json", "--sample-users", "1", "--salt", "x"]
    )
    assert result.stderr == ""
    assert json.loads(result.stdout) == json.loads((out / "ingest.json").read_text())
    assert json.loads(result.stdout)["selection"]["salt"] == "x"


@pytest.mark.parametrize(
    "options",
    [
        ["--sample-users", "0"],
        ["--sample-users", "1.5"],
        ["--min-entries", "0"],
        ["--user-offset", "-1"],
        ["--min-entries", "9", "--max-entries", "8"],
    ],
)
def test_options_that_make_no_sense_are_refused(
    data: Path, tmp_path: Path, options: list[str]
) -> None:
    out = tmp_path / "out"
    result = CliRunner().invoke(command, [str(data), "--out", str(out), *options])
    assert result.exit_code == 2
    assert options[0] in result.stderr
    assert not out.exists()


def test_an_error_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["ingest", str(tmp_path / "missing.csv"), "--out", str(tmp_path / "out")])
    error = capsys.readouterr().err
    assert error == f"anirec: there is no file or directory {tmp_path}/missing.csv\n"


WAIT_IN_THE_MIDDLE = """
import sys
from contextlib import contextmanager
from anirec.cli import ingest, main

class Waiting:
    def step(self, text): pass
    @contextmanager
    def bar(self, text, total=None):
        def advance(done):
            print("reading", flush=True)
            sys.stdin.readline()
        yield advance

ingest.ConsoleProgress = Waiting
main.main(sys.argv[1:])
"""


def test_ctrl_c_leaves_the_old_output_and_nothing_else(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert CliRunner().invoke(command, [str(data), "--out", str(out)]).exit_code == 0
    old = {path.name: path.read_bytes() for path in out.iterdir()}
    (data / "animelist.csv").write_text(ROWS + "2,5114,10,2,64\n")
    arguments = ["ingest", str(data), "--out", str(out)]
    with subprocess.Popen(
        [sys.executable, "-c", WAIT_IN_THE_MIDDLE, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "reading\n"
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=30)
    assert process.returncode == 130
    assert error.strip() == "stopped"
    assert {path.name: path.read_bytes() for path in out.iterdir()} == old
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "out"]
