"""The page about the API."""

from __future__ import annotations

from flask import Blueprint, render_template

from anirec.web import urls
from anirec.web.api_docs_view import api_docs_view
from anirec.web.openapi_document import openapi_document

api_docs = Blueprint("api_docs", __name__)


@api_docs.get("/api/docs", strict_slashes=False)
def page() -> str:
    """Show what can be asked and what is answered, with an example of each."""
    return render_template(
        "api_docs.html", docs=api_docs_view(openapi_document()), twin=urls.openapi()
    )
