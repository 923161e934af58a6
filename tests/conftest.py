"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

REPOSITORY = Path(__file__).parents[1]

pytest_plugins = ["containers"]

# The same examples every time, and no verdict by the speed of the machine.
settings.register_profile("anirec", deadline=None, derandomize=True)
settings.load_profile("anirec")

# Verbs that tests call leave no runs behind; tests of tracking name their trackers.
os.environ["ANIREC_TRACKER"] = "none"


def skip_or_fail(missing: str, how: str) -> None:
    """Skip a test whose real part is missing; in CI a missing part is a failure."""
    line = f"{missing} is missing: {how}"
    if os.environ.get("CI"):
        pytest.fail(line)
    pytest.skip(line)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The directory with the real lists and catalogue."""
    place = Path(
        os.environ.get("ANIREC_REAL_DATA", REPOSITORY.parent / "shared" / "data")
    ).resolve()
    if not (place / "animelist.csv.gz").exists():
        skip_or_fail(
            f"the real data ({place}/animelist.csv.gz)",
            "set ANIREC_REAL_DATA to a directory with it (see docs/data.md)",
        )
    return place
