"""The built wheel works outside the checkout, with what it carries."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]


@pytest.mark.real
def test_the_wheel_carries_all_it_needs(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", tmp_path, REPOSITORY],
        check=True,
    )
    (wheel,) = tmp_path.glob("anirec-*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        archive.extractall(site)

    assert "anirec/py.typed" in names
    assert "anirec/evaluation/page/templates/report.html" in names
    assert "anirec/monitoring/templates/drift.html" in names
    assert "anirec/store/migrations/versions/0001_first_tables.py" in names
    assert not [name for name in names if name.startswith(("tests/", "docs/"))]
    program = (
        f"import sys; sys.path.insert(0, {str(site)!r})\n"
        "import anirec; assert anirec.__file__.startswith(sys.path[0]), anirec.__file__\n"
        "from anirec.cli.main import main; main(sys.argv[1:])"
    )
    subprocess.run(
        [
            sys.executable,
            "-P",
            "-c",
            program,
            "starter",
            "--viewers",
            "100",
            "--out",
            str(tmp_path / "lists"),
        ],
        cwd=tmp_path,
        check=True,
    )
    subprocess.run(
        [
            sys.executable,
            "-P",
            "-c",
            program,
            "ingest",
            str(tmp_path / "lists"),
            "--out",
            str(tmp_path / "tables"),
        ],
        cwd=tmp_path,
        check=True,
    )

    assert (tmp_path / "tables" / "interactions.parquet").exists()
