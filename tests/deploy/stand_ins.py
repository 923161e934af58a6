"""Programs in front of PATH that record how they are called and do what a test says."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

STAND_IN = """\
#!/usr/bin/env bash
echo "{program} $*" >>"{calls}"
{does}
"""


class StandIns:
    """A directory of stand-ins and the list of their calls."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.programs = place / "programs"
        self.programs.mkdir()
        self._calls = place / "calls"

    def add(self, program: str, does: str = "") -> None:
        """Put a program in front of PATH; ``does`` is its bash."""
        path = self.programs / program
        path.write_text(STAND_IN.format(program=program, calls=self._calls, does=does))
        path.chmod(0o755)

    def calls(self) -> list[str]:
        """Return the calls so far, in order, each with its arguments."""
        return self._calls.read_text().splitlines() if self._calls.exists() else []

    def run(
        self, *command: str | Path, cwd: Path, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a program that finds the stand-ins first."""
        path = f"{self.programs}:{os.environ['PATH']}"
        return subprocess.run(
            command,
            cwd=cwd,
            env={**os.environ, "PATH": path, "HERE": str(self.place), **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
