"""What viewers did with what they were shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from anirec.store.feedback import feedback_of, forget, record
from anirec.web.context import database, recommender
from anirec.web.errors import problem_responses, require_json
from anirec.web.feedback_schemas import (
    FeedbackBody,
    FeedbackHeader,
    FeedbackOut,
    Forgotten,
    KeptEventOut,
    KeptFeedback,
    ViewerPath,
)
from anirec.web.metrics import count_feedback

if TYPE_CHECKING:
    from flask import Response

feedback_api = APIBlueprint(
    "feedback_api",
    __name__,
    url_prefix="/api/v1",
    abp_tags=[Tag(name="feedback")],
    abp_responses=problem_responses(422, 429, 503),
)
feedback_api.before_request(require_json)


@feedback_api.after_request
def keep_nowhere(response: Response) -> Response:
    """Let nobody between keep what is secret."""
    response.headers["Cache-Control"] = "no-store"
    return response


@feedback_api.post("/feedback", responses={200: FeedbackOut, **problem_responses(413, 415)})
def post_feedback(header: FeedbackHeader, body: FeedbackBody) -> dict[str, Any]:
    """Keep what a viewer did.

    A repetition under the same `Idempotency-Key` gets the same answer and changes nothing; the same
    key with another body is refused.
    """
    events = [event.to_event() for event in body.events]
    found = record(
        database(),
        body.viewer,
        events,
        bundle=body.bundle or recommender().manifest.version,
        key=header.idempotency_key,
        sent=body.model_dump(mode="json"),
        knows=recommender().bundle.catalogue.knows,
    )
    if not found.repeated:
        count_feedback(event for event in events if event.anime_id not in found.ignored)
    return {"recorded": found.recorded, "ignored": list(found.ignored)}


@feedback_api.get("/feedback/<viewer>", responses={200: KeptFeedback})
def get_feedback(path: ViewerPath) -> dict[str, Any]:
    """Return all that is kept of what a viewer did."""
    return {"feedback": [KeptEventOut.of(kept) for kept in feedback_of(database(), path.viewer)]}


@feedback_api.delete("/feedback/<viewer>", responses={200: Forgotten})
def delete_feedback(path: ViewerPath) -> dict[str, Any]:
    """Delete all that is kept of what a viewer did."""
    return {"events": forget(database(), path.viewer)}
