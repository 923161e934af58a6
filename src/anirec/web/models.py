"""The pages about the model that answers: its card, its figures, its data, its evaluation report."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, make_response, render_template

from anirec.web import urls
from anirec.web.context import recommender
from anirec.web.markdown import to_html
from anirec.web.models_view import models_view

REPORT_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""The report brings its own styles, and whatever stood in it could neither run nor fetch."""

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


@models.get("/models/report")
def report() -> Response:
    """Show the evaluation report as it was published, with a way back."""
    text = recommender().bundle.evaluation_report
    if text is None:
        message = "This bundle was published without an evaluation report."
        return make_response(render_template("message.html", status=404, message=message), 404)
    way_back = render_template("_report_head.html", twin=urls.evaluation_report_json())
    response = make_response(text.replace("<body>", f"<body>\n{way_back}", 1))
    response.headers["Content-Security-Policy"] = REPORT_POLICY
    return response
