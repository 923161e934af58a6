"""What another version of anirec trained and measured is not kept, though it was made of the same."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from anirec.data.starter.write import write_beside
from anirec.evaluation.protocols import NEW_VIEWERS
from anirec.pipeline.training import BLEND_FILE, TRAINED_FILE

if TYPE_CHECKING:
    from pathlib import Path


def disown_other_version(record: Path, models: Path, evaluation: Path) -> None:
    """See to it that models and figures of another version of anirec are made again.

    They stay where they are until then; what says what they were made of is removed.

    Parameters
    ----------
    record
        A file that this function keeps: the version at work.
    """
    now = f"{version('anirec')}\n"
    if record.exists() and record.read_text() == now:
        return
    for path in (
        *models.glob(f"*/{TRAINED_FILE}"),
        models / BLEND_FILE,
        evaluation / f"{NEW_VIEWERS}.json",
    ):
        path.unlink(missing_ok=True)
    record.parent.mkdir(parents=True, exist_ok=True)
    write_beside(record, lambda path: path.write_text(now))
