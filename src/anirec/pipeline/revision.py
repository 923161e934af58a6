"""Which code this is."""

from __future__ import annotations

import subprocess
from pathlib import Path


def code_revision() -> str | None:
    """Return the git revision of this code, None outside a checkout of it."""
    here = Path(__file__).parent

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(here), *arguments]
        return subprocess.run(  # noqa: S603
            command, check=True, capture_output=True, text=True
        ).stdout.strip()

    try:
        # Installed into an environment inside somebody's checkout, the code is not part of it.
        git("ls-files", "--error-unmatch", Path(__file__).name)
        return git("describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")
    except (OSError, subprocess.CalledProcessError):
        return None
