"""The page about the model that answers: its card, its figures, its data."""

from __future__ import annotations

from flask import Blueprint, render_template

from anirec.web import urls
from anirec.web.markdown import to_html
from anirec.web.models_view import models_view

models = Blueprint("models", __name__)


@models.get("/models", strict_slashes=False)
def page() -> str:
    """Show what the bundle says of itself."""
    view = models_view()
    return render_template(
        "models.html",
        view=view,
        card=None if view.card is None else to_html(view.card),
        twin=urls.models_json(),
    )
