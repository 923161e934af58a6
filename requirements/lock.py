"""Pin and hash every requirement for all supported Pythons and platforms.

Writes one file per install: ``base`` serves, ``train`` fits models as well, ``ops`` adds the
cloud, ``dev`` has everything. ``dev`` is resolved first and the others take its pins. Needs
``uv`` on the path. No index address ends up in the files.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
EXTRAS: dict[str, tuple[str, ...]] = {
    "dev": ("train", "minilm", "ops", "dev"),
    "ops": ("train", "ops"),
    "train": ("train",),
    "base": (),
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
    for name, extras in EXTRAS.items():
        chosen = [f"--extra={extra}" for extra in extras]
        if name != "dev":
            chosen.append(f"--constraint={HERE / 'dev.txt'}")
        target = f"--output-file={HERE / name}.txt"
        project = str(HERE.parent / "pyproject.toml")
        subprocess.run([uv, "pip", "compile", *OPTIONS, *chosen, target, project], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
