"""Ingesting again only what changed: the tables remember which files they came from."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from anirec.data.ingest import ingest
from anirec.data.sources import find
from anirec.data.split import table_hashes
from anirec.data.staging import clear_abandoned
from anirec.data.starter.write import write_beside
from anirec.errors import DataError
from anirec.pipeline.recipe import canonical

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anirec.data.list_stream import Selection
    from anirec.progress import Progress


def ingest_changes(
    sources: Sequence[str], tables: Path, selection: Selection, record: Path, progress: Progress
) -> bool:
    """Ingest, unless ``tables`` came from these very files by the same selection.

    Parameters
    ----------
    record
        A JSON file that this function keeps: what the tables came from, and their hashes.

    Returns
    -------
    Whether anything was ingested.

    Raises
    ------
    DataError
        If a source cannot be used.
    """
    clear_abandoned(tables)
    about = {
        "anirec": version("anirec"),
        "sources": [
            [source, [[file.name, file.size, file.state()] for file in find(source).files]]
            for source in sources
        ],
        "selection": selection.model_dump(mode="json"),
    }
    inputs = hashlib.sha256(canonical(about)).hexdigest()
    if _recorded(record) == {"inputs": inputs, "tables": _hashes(tables)}:
        return False
    ingest(sources, tables, selection, progress)
    kept = {"inputs": inputs, "tables": table_hashes(tables)}
    write_beside(record, lambda path: path.write_text(json.dumps(kept, indent=1) + "\n"))
    return True


def _hashes(tables: Path) -> dict[str, str] | None:
    try:
        return table_hashes(tables)
    except DataError:
        return None


def _recorded(record: Path) -> Any:
    try:
        return json.loads(record.read_text())
    except (OSError, ValueError):
        return None
