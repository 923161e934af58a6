"""The start page."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, render_template, request

from anirec.lists.list_code import CodedList
from anirec.web import urls
from anirec.web.context import recommender
from anirec.web.lists import SITE_NAMES
from anirec.web.panel import Panel
from anirec.web.wall import shows_to_rate

home = Blueprint("home", __name__)

SHOWN: Final = 18
"""Fills the rows of a grid of three, six or nine columns."""


@home.get("/")
def page() -> str:
    """Offer the ways to tell a taste: rate a few shows, or name a viewer."""
    return render_template(
        "home.html",
        panel=Panel(request.args, ""),
        to_rate=shows_to_rate(CodedList(), SHOWN),
        site_names=SITE_NAMES,
        about=recommender().manifest,
        twin=urls.about_json(),
    )
