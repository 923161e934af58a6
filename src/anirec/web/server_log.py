"""What gunicorn has to say, as JSON lines, without the addresses that it likes to mention."""

from __future__ import annotations

import logging
from typing import Any, Final

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from anirec.web.json_lines import JsonLines

TELLTALE: Final = ("Invalid request", "Error handling request")
"""How lines begin that go on with a client's address, an address of ours or a header."""


class Discreet(logging.Filter):
    """Cuts telltale lines after their beginning."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; none is dropped."""
        for beginning in TELLTALE:
            if str(record.msg).startswith(beginning):
                record.msg, record.args = beginning, ()
        return True


class ServerLog(Logger):  # type: ignore[misc]
    """Gunicorn's logger; requests are logged by ``request_log``."""

    def setup(self, cfg: Any) -> None:
        """Set up as gunicorn does, then take its formatting over."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonLines())
            handler.addFilter(Discreet())

    def access(self, *arguments: Any) -> None:
        """Write nothing: the application logs its requests."""
