"""Pin and hash every requirement for all supported Pythons and platforms.

Writes one file per install: ``base`` serves, ``gcs`` serves from a bucket and keeps feedback in
PostgreSQL as well (the image), ``train`` fits models, ``ops`` adds the cloud and PostgreSQL, ``dev``
has everything, ``build`` only builds the wheel. ``dev`` is resolved first and the others take its
pins. Needs ``uv`` on the path. No index address ends up in the files.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PROJECT = str(HERE.parent / "pyproject.toml")
CHOICES: dict[str, tuple[str, ...]] = {
    "dev": (
        PROJECT,
        "--extra=train",
        "--extra=minilm",
        "--extra=ops",
        "--extra=postgres",
        "--extra=dev",
    ),
    "ops": (PROJECT, "--extra=train", "--extra=ops", "--extra=postgres"),
    "train": (PROJECT, "--extra=train"),
    "gcs": (PROJECT, "--extra=gcs", "--extra=postgres"),
    "base": (PROJECT,),
    "build": (f"--group={PROJECT}:build",),
}
OPTIONS = (
    "--quiet",
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-header",
    "--no-emit-index-url",
    "--no-annotate",
)


def main() -> int:
    """Compile each file; return a process exit status."""
    uv = shutil.which("uv")
    if uv is None:
        sys.stderr.write("lock: uv is missing: pip install uv\n")
        return 1
    for name, chosen in CHOICES.items():
        pins = [f"--constraint={HERE / 'dev.txt'}"] if name != "dev" else []
        target = f"--output-file={HERE / name}.txt"
        subprocess.run([uv, "pip", "compile", *OPTIONS, *pins, target, *chosen], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
