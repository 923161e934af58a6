"""Where worker processes keep their metrics, so that each can tell those of all."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Final

from anirec.errors import AnirecError

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Read by prometheus_client."""


@contextmanager
def metrics_directory() -> Iterator[Path]:
    """Make an empty directory for the files of a server's metrics, removed when it ends.

    It lies below ``TMPDIR`` (``/tmp``) and takes up to 4 MB a worker. Files of a server that ran
    before would be added up as well, so each run has one of its own.

    Raises
    ------
    AnirecError
        If no directory for temporary files can be written.
    """
    try:
        directory = Path(mkdtemp(prefix="anirec-metrics-"))
    except OSError:
        raise AnirecError(
            "there is no writable directory for temporary files: mount one at /tmp or name one with "
            "TMPDIR"
        ) from None
    owner, before = os.getpid(), os.environ.get(VARIABLE)
    os.environ[VARIABLE] = str(directory)
    try:
        yield directory
    finally:
        # A forked worker leaves through here as well, while the others go on.
        if os.getpid() == owner:
            shutil.rmtree(directory, ignore_errors=True)
            if before is None:
                del os.environ[VARIABLE]
            else:
                os.environ[VARIABLE] = before
