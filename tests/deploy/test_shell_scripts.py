"""Every shell script of the deployment passes shellcheck."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from conftest import REPOSITORY

SCRIPTS = sorted(
    script
    for script in (REPOSITORY / "deploy").rglob("*.sh")
    # Those that checkov brought are not ours.
    if ".venv" not in script.parts
)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda p: str(p.relative_to(REPOSITORY)))
def test_shellcheck_has_nothing_to_say(script: Path) -> None:
    shellcheck = Path(sys.executable).with_name("shellcheck")
    done = subprocess.run(
        [shellcheck, "--external-sources", script.relative_to(REPOSITORY)],
        cwd=REPOSITORY,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
