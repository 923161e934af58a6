"""The start page."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, render_template, request

from anirec.web import urls
from anirec.web.cards import card
from anirec.web.context import recommender
from anirec.web.panel import panel
from anirec.web.schemas import WebFilters

home = Blueprint("home", __name__)

POPULAR_SHOWN: Final = 12


@home.get("/")
def page() -> str:
    """Ask for a user id; show what most viewers watch."""
    popular = recommender().recommend([], n=POPULAR_SHOWN, filters=WebFilters())
    return render_template(
        "home.html",
        panel=panel(request.args),
        popular=[card(recommender().show(one.anime_id)) for one in popular],
        about=recommender().manifest,
        twin=urls.about_json(),
    )
