"""Answers are compressed, except where that could tell a secret (docs/serving.md, Compression)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_compress import Compress

if TYPE_CHECKING:
    from flask import Flask, Response

SETTINGS: Final = {
    # The first of these that the client takes as well as any other.
    "COMPRESS_ALGORITHM": ["zstd", "br", "gzip"],
    # The fastest levels: of a page, slower ones save 2 % more and take five times as long.
    "COMPRESS_ZSTD_LEVEL": 1,
    "COMPRESS_BR_LEVEL": 1,
    "COMPRESS_LEVEL": 1,
    "COMPRESS_REGISTER": False,
}


def register_compression(app: Flask) -> None:
    """Compress texts of 500 bytes and more."""
    app.config.update(SETTINGS)
    compress = Compress(app)

    def after(response: Response) -> Response:
        # What holds a secret beside what somebody else may have put into the request would leak
        # it by its length (BREACH). All such answers may not be stored either.
        if response.cache_control.no_store:
            return response
        if response.is_streamed and response.status_code == 200:
            # Only static files are. They are small: read whole, a copy of them can be revalidated.
            response.direct_passthrough = False
            response.make_sequence()
        return compress.after_request(response)

    app.after_request(after)
