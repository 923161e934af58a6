"""Posters of our own as SVG."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, abort, request

from anirec.web.context import language, recommender
from anirec.web.poster.drawing import draw_poster
from anirec.web.schemas import MAX_ID
from anirec.web.titles import title_of

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

posters = Blueprint("posters", __name__, url_prefix="/posters")

POSTERS_KEPT: Final = 512

_draw = lru_cache(maxsize=POSTERS_KEPT)(draw_poster)


@posters.get("/<int:anime_id>.svg")
def poster(anime_id: int) -> AnyResponse:
    """Draw a show's poster."""
    if anime_id > MAX_ID:
        abort(404)
    show = recommender().show(anime_id)
    title = title_of(show, language())
    japanese = show.title_japanese if show.title_japanese != title else None
    drawing = _draw(title, japanese, show.genres)
    response = Response(drawing, content_type="image/svg+xml; charset=utf-8")
    response.set_etag(blake2b(drawing.encode(), digest_size=12).hexdigest())
    return response.make_conditional(request)
