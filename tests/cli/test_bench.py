"""``anirec bench`` prints every row, and one clear line where it cannot."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from anirec.bundle.registry import LocalRegistry
from anirec.cli.main import BROUGHT_BY, main
from small_learned_bundle import small_learned_bundle
from small_world import N_SHOWS

if TYPE_CHECKING:
    from pathlib import Path

HALF = N_SHOWS // 2
"""Lists are no longer than that."""
REQUESTS = {
    f"{measured}, {blend}"
    for measured in (
        "recommend, 10 entries",
        f"recommend, {HALF} entries",
        f"batch of 256, {HALF} entries",
        f"2 batches at once, {HALF} entries",
    )
    for blend in ("learned", "given weights")
} | {f"diversity 0.5, {HALF} entries, learned", "recommend_user, learned", "similar", "search"}
STARTS = {f"new process: {step}" for step in ("import", "load", "first answer", "all three")}
MEMORY = {f"new process: {kind} memory" for kind in ("resident", "private", "proportional")}


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    registry = LocalRegistry(tmp_path_factory.mktemp("bench") / "bundles")
    registry.publish(small_learned_bundle)
    return registry.directory


@pytest.fixture(autouse=True)
def _one_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anirec.pipeline.bench.measure.STARTS", 1)


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[object, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main(["bench", *map(str, arguments)])
    return stopped.value.code, *capsys.readouterr()


def label(row: dict[str, Any]) -> str:
    entries = f"{row['entries']} entries" if row["entries"] else None
    return ", ".join(part for part in (row["measured"], entries, row["blend"]) if part)


def test_json_has_every_row_and_figure(bundles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "--bundle", bundles, "--requests", 3, "--seed", 5, "--json")
    found = json.loads(out)

    assert code == 0
    assert found["bundle"] == LocalRegistry(bundles).current()
    assert (found["requests"], found["seed"]) == (3, 5)
    assert found["machine"]
    rows = {label(row): row for row in found["rows"]}
    assert set(rows) == REQUESTS | STARTS | MEMORY
    for name in REQUESTS | STARTS:
        assert rows[name]["median_ms"] > 0, name
    for name in REQUESTS:
        row = rows[name]
        assert row["per_second"] > 0, name
        assert (row["p99_ms"] is None) == ("batch" in name), name
        assert row["p99_ms"] is None or row["p99_ms"] >= row["median_ms"], name
    told = [rows[name]["megabytes"] or rows[name]["note"] for name in MEMORY]
    assert all(told)
    for name in rows:
        assert f"measured: {name}\n" in err


def test_the_table_has_every_row(bundles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--bundle", bundles / "current", "--requests", 2)

    assert code == 0
    lines = out.splitlines()
    assert str(LocalRegistry(bundles).current()) in lines[0]
    assert lines[2] == "one thread to a process, 2 requests of each kind, seed 7"
    assert lines[3].split() == ["measured", "median", "ms", "p99", "ms", "a", "second", "MB"]
    for name in REQUESTS | STARTS | MEMORY:
        assert sum(line.startswith(f"{name} ") for line in lines) == 1, name


def test_a_bundle_without_viewers_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small_learned_bundle(tmp_path / "bundle", with_viewers=False)

    code, out, _ = run(capsys, "--bundle", tmp_path / "bundle", "--requests", 1)
    assert code == 0
    (row,) = (line for line in out.splitlines() if line.startswith("recommend_user"))
    assert row.split()[2:] == ["–"] * 4
    assert out.splitlines()[-1] == "–: the bundle holds no viewers"


def test_it_needs_no_training_library(bundles: Path) -> None:
    program = (
        "import sys\n"
        f"sys.modules.update(dict.fromkeys({list(BROUGHT_BY)}))\n"
        "from anirec.pipeline.bench import measure\n"
        "measure.STARTS = 1\n"
        "from anirec.cli.main import main\n"
        "main(sys.argv[1:])"
    )
    arguments = ("bench", "--bundle", str(bundles), "--requests", "1", "--json")
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["rows"]


def test_no_bundle_there_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "--bundle", tmp_path / "nothing")
    assert (code, out) == (1, "")
    assert "is no bundle (manifest.json is missing): make one with `anirec publish`" in err
    assert "Traceback" not in err


def test_a_damaged_bundle_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small_learned_bundle(tmp_path / "bundle")
    path = next((tmp_path / "bundle" / "models").rglob("*.npy"))
    path.write_bytes(path.read_bytes()[:-1] + b"?")

    code, out, err = run(capsys, "--bundle", tmp_path / "bundle")
    assert (code, out) == (1, "")
    assert err.splitlines()[-1].startswith("anirec: ")
    assert "is damaged (the checksum of" in err.splitlines()[-1]


@pytest.mark.parametrize("arguments", [("--requests", 0), ("--requests", "x"), ("--seed", -1)])
def test_wrong_usage_is_exit_2(
    arguments: tuple[object, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert "Error: Invalid value for " in err
