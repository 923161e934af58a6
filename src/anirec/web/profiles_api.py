"""Lists that people ask us to keep, each under a secret."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from anirec.store.feedback import feedback_of
from anirec.store.profiles import delete_profile, load_profile, replace_profile, save_profile
from anirec.web.context import database
from anirec.web.errors import problem_responses, require_json
from anirec.web.feedback_api import keep_nowhere
from anirec.web.feedback_schemas import Forgotten, KeptEventOut
from anirec.web.profiles_schemas import (
    ProfileBody,
    ProfileHeader,
    ProfileOut,
    ProfilePath,
    ProfileReplaced,
    ProfileSecret,
)

profiles_api = APIBlueprint(
    "profiles_api",
    __name__,
    url_prefix="/api/v1/profiles",
    abp_tags=[Tag(name="profiles")],
    abp_responses=problem_responses(422, 429, 503),
)
profiles_api.before_request(require_json)
profiles_api.after_request(keep_nowhere)


@profiles_api.post("", responses={200: ProfileSecret, **problem_responses(413, 415)})
def keep(body: ProfileBody) -> dict[str, str]:
    """Keep a list.

    The secret of the answer is the only way to it, and is not shown again.
    """
    return {"secret": save_profile(database(), body.to_entries(), set(body.hidden))}


@profiles_api.get("/<secret>", responses={200: ProfileOut, **problem_responses(404)})
def export(path: ProfilePath) -> Response:
    """Return all that is kept under a secret.

    Its `ETag` changes with the list, not with feedback.
    """
    kept = load_profile(database(), path.secret)
    everything = {
        "history": [
            {"anime_id": entry.anime_id, "rating": entry.rating, "status": int(entry.status)}
            for entry in kept.entries
        ],
        "hidden": sorted(kept.hidden),
        "created_at": kept.created_at.isoformat(),
        "updated_at": kept.updated_at.isoformat(),
        "feedback": [KeptEventOut.of(one) for one in feedback_of(database(), path.secret)],
    }
    return _tagged(everything, kept.version)


@profiles_api.put(
    "/<secret>", responses={200: ProfileReplaced, **problem_responses(404, 412, 413, 415)}
)
def replace(path: ProfilePath, header: ProfileHeader, body: ProfileBody) -> Response:
    """Keep another list under the same secret.

    With `If-Match`, only where nobody has changed it since.
    """
    entries = body.to_entries()
    version = replace_profile(
        database(), path.secret, entries, set(body.hidden), version=header.version
    )
    return _tagged({"entries": len(entries)}, version)


@profiles_api.delete("/<secret>", responses={200: Forgotten, **problem_responses(404)})
def delete(path: ProfilePath) -> dict[str, int]:
    """Delete a kept list and all feedback that was given under its secret."""
    return {"events": delete_profile(database(), path.secret)}


def _tagged(body: dict[str, Any], version: str) -> Response:
    response = jsonify(body)
    response.set_etag(version)
    return response
