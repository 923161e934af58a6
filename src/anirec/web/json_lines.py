"""Log records as one JSON object a line."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

FIELDS: Final = "anirec_fields"
"""The name under which ``fields`` hands values to a record."""


class JsonLines(logging.Formatter):
    """Writes time, level, message, and the record's fields.

    Of an exception it writes kind and place, never the text: that may quote a list or an address.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **getattr(record, FIELDS, {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line |= _about_exception(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a log call takes as ``extra`` so that ``values`` stand in the line."""
    return {FIELDS: dict(values)}


def _about_exception(error: BaseException) -> dict[str, Any]:
    """Return kind and place of an exception, innermost place last, without its text."""
    return {
        "error": type(error).__name__,
        "where": [
            f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in extract_tb(error.__traceback__)
        ],
    }
