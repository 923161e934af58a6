"""A clone of this working tree in which DVC runs, with a configuration and caches of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from conftest import REPOSITORY

RUNNING = re.compile(r"^Running stage '(.+)':$", re.MULTILINE)
MINUTES_FOR_A_COMMAND = 10
IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in {"NAME": "tests", "EMAIL": "tests@example.com"}.items()
}


@dataclass
class Checkout:
    """A directory under git and DVC, and the environment that commands run in."""

    place: Path
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *command: str, status: int = 0) -> str:
        """Run a command, which must end with a status; returns what it printed, progress too."""
        done = subprocess.run(
            command,
            cwd=self.place,
            env=os.environ | self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=MINUTES_FOR_A_COMMAND * 60,
        )
        assert done.returncode == status, f"{' '.join(command)}\n{done.stdout}"
        return done.stdout

    def repro(self, *targets: str) -> list[str]:
        """Reproduce; returns the stages that ran."""
        return RUNNING.findall(self.run("dvc", "repro", *targets))

    def set(self, file: str, old: str, new: str) -> None:
        """Replace the one occurrence of a text in a file."""
        path = self.place / file
        text = path.read_text()
        assert text.count(old) == 1, f"{old!r} in {file}"
        path.write_text(text.replace(old, new))

    def commit(self, message: str) -> None:
        """Commit all there is."""
        self.run("git", "add", "--all")
        self.run("git", "commit", "--quiet", "--message", message)

    def wipe(self) -> None:
        """Remove all that DVC can bring back."""
        for name in ("artifacts", ".dvc/cache"):
            shutil.rmtree(self.place / name)


def clone(place: Path, beside: Path) -> Checkout:
    """Clone what is or could be committed here into ``place``; DVC's own state goes ``beside``."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (REPOSITORY / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / name, place / name)
    checkout = _checkout(place, beside)
    checkout.run("git", "init", "--quiet")
    checkout.commit("all")
    return checkout


def clone_by_git(origin: Checkout, place: Path, beside: Path) -> Checkout:
    """Clone what was committed in another checkout, as a machine that knows nothing else."""
    origin.run("git", "clone", "--quiet", str(origin.place), str(place))
    return _checkout(place, beside)


def _checkout(place: Path, beside: Path) -> Checkout:
    return Checkout(
        place,
        {
            **IDENTITY,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "DVC_SITE_CACHE_DIR": str(beside / "site"),
            "DVC_GLOBAL_CONFIG_DIR": str(beside / "global"),
            "DVC_SYSTEM_CONFIG_DIR": str(beside / "system"),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(place / "src"),
        },
    )
