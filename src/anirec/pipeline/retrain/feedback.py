"""What viewers said joins the sources of a retraining."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from anirec.store.database import Database
from anirec.store.export import export

if TYPE_CHECKING:
    from pathlib import Path

    from anirec.pipeline.retrain.steps import Step

DIRECTORY: Final = "feedback"


def export_feedback(address: str, place: Path, step: Step) -> tuple[str, ...]:
    """Export the feedback of a database below ``place``; returns it as sources, none if it is empty.

    Where nothing new was said the files stay as they are, and so count as ingested.

    Raises
    ------
    AnirecError
        If the address is none, or the database cannot be used now.
    """
    database = Database(address)
    if not database.exists:
        step.keep("nobody has said anything yet")
        return ()
    try:
        found = export(database, place / DIRECTORY)
    finally:
        database.close()
    step.note = (
        f"{found.entries} entries of {found.viewers} viewers, {found.left_out} said too little"
    )
    return (str(place / DIRECTORY),) if found.viewers else ()
