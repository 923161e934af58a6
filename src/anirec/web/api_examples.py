"""A request and its answer for each operation of the API; tests send every one of them.

They stand in the OpenAPI document, and so on the page about the API.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

JSON: Final = "application/json"
FORM: Final = "multipart/form-data"

VERSION: Final = "20260101T000000Z-0123abcd"
MODEL: Final = f"ease + content, {VERSION}"
LIST_CODE: Final = "1AR75JyAk8w"
KEY: Final = "example-key-of-a-viewer"
KEPT: Final = "example-secret-of-a-list"
UUID: Final = "9f1c2f6e-6f0b-4f6e-9d8f-3a1f6f0f6a55"
WHEN: Final = "2026-01-01T12:00:00+00:00"


@dataclass(frozen=True)
class ApiExample:
    """What is sent and what comes back with status 200."""

    answer: Any
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """By name, wherever they go"""
    bodies: Mapping[str, Any] = field(default_factory=dict)
    """By media type"""


ENTRY: Final = {"anime_id": 5114, "rating": 10, "status": 2}
HISTORY: Final = [ENTRY, {"anime_id": 1, "rating": 8, "status": 2}]
RECOMMENDATION: Final = {
    "anime_id": 121,
    "title": "Hagane no Renkinjutsushi",
    "score": 5.24,
    "components": {"collaborative": 2.83, "content": 2.41},
    "reasons": [
        {
            "anime_id": 5114,
            "title": "Hagane no Renkinjutsushi: FULLMETAL ALCHEMIST",
            "component": "content",
            "contribution": 2.29,
            "attitude": "liked",
        }
    ],
    "instead_of": None,
}
ANSWER: Final = {
    "recommendations": [RECOMMENDATION],
    "ignored": [],
    "removed": {"adult": 25},
    "model": MODEL,
}
SHOW: Final = {
    "anime_id": 5114,
    "title": "Hagane no Renkinjutsushi: FULLMETAL ALCHEMIST",
    "title_english": "Fullmetal Alchemist: Brotherhood",
    "title_japanese": "鋼の錬金術師 FULLMETAL ALCHEMIST",
    "synonyms": ["FMAB"],
    "synopsis": "Two brothers look for a way to undo what they have done.",
    "genres": ["Action", "Adventure", "Drama", "Fantasy"],
    "tags": ["Alchemy", "Military"],
    "studios": ["Bones"],
    "source": "MANGA",
    "type": "TV",
    "episodes": 64,
    "year": 2009,
    "season": "spring",
    "age_rating": "R",
    "score": 9.1,
    "members": 3000000,
    "poster_url": None,
    "anilist_id": 5114,
    "relations": [{"anime_id": 121, "kind": "ALTERNATIVE"}],
    "franchise": 12,
    "is_adult": False,
}
IMPORTED: Final = {
    "history": [ENTRY],
    "source": "CSV",
    "read": 2,
    "matched": 1,
    "unknown": [{"site": "myanimelist", "id": 99999999, "title": None}],
    "skipped": {},
    "notes": [],
}
KEPT_EVENT: Final = {
    "kind": "rating",
    "anime_id": 5114,
    "rating": 9,
    "status": 2,
    "position": None,
    "bundle": VERSION,
    "created_at": WHEN,
}
TASTE: Final = {
    "n_shows": 2,
    "n_franchises": 2,
    "enough": False,
    "watching": [],
    "ratings": None,
    "niche": {"mean_popularity": 0.41, "percentile": 3.5, "n_viewers": 7923},
    "backtest": {"n_shows": 2, "n_hidden": 0, "found": [], "hits": []},
    "map": {
        "own": [{"anime_id": 5114, "x": 0.41, "y": 0.63, "rating": 10}],
        "recommended": [{"anime_id": 121, "x": 0.42, "y": 0.64, "rating": 0}],
    },
    "model": MODEL,
}

EXAMPLES: Final[Mapping[tuple[str, str], ApiExample]] = {
    ("get", "/api/v1"): ApiExample(
        {
            "name": "anirec",
            "version": "0.1.0",
            "bundle": VERSION,
            "model": MODEL,
            "weights": {"collaborative": 0.6, "content": 0.4},
            "n_items": 27424,
            "n_viewers": 7923,
            "simulated_viewers": False,
            "sample_viewers": [1000001],
        }
    ),
    ("get", "/api/v1/users/{user_id}/recommendations"): ApiExample(
        ANSWER, {"user_id": 1000001, "n": 1, "collaborative": 1, "content": 1}
    ),
    ("get", "/api/v1/recommendations"): ApiExample(ANSWER, {"list": LIST_CODE, "n": 1}),
    ("post", "/api/v1/recommendations"): ApiExample(
        ANSWER,
        bodies={JSON: {"history": [ENTRY], "n": 1, "filters": {"types": ["TV"]}, "diversity": 0.2}},
    ),
    ("post", "/api/v1/together"): ApiExample(
        {
            "recommendations": [
                {
                    "anime_id": 121,
                    "title": "Hagane no Renkinjutsushi",
                    "score": 5.24,
                    "each": [RECOMMENDATION, RECOMMENDATION | {"reasons": []}],
                }
            ],
            "model": MODEL,
        },
        bodies={JSON: {"histories": [[ENTRY], [{"anime_id": 1, "rating": 9}]], "n": 1}},
    ),
    ("get", "/api/v1/anime"): ApiExample(
        {"anime": [SHOW], "total": None}, {"q": "fullmetal", "n": 1}
    ),
    ("get", "/api/v1/anime/{anime_id}"): ApiExample(SHOW, {"anime_id": 5114}),
    ("get", "/api/v1/anime/{anime_id}/similar"): ApiExample(
        ANSWER
        | {
            "recommendations": [
                RECOMMENDATION | {"components": {"content": 2.41}, "score": 2.41, "reasons": []}
            ]
        },
        {"anime_id": 5114, "n": 1, "content": 1},
    ),
    ("post", "/api/v1/lists"): ApiExample(
        IMPORTED,
        bodies={
            JSON: {"source": "anilist", "username": "somebody"},
            FORM: {"file": "anime_id,rating,status\n5114,10,2\n99999999,7,2\n"},
        },
    ),
    ("get", "/api/v1/taste"): ApiExample(TASTE, {"list": LIST_CODE}),
    ("post", "/api/v1/taste"): ApiExample(TASTE, bodies={JSON: {"history": HISTORY}}),
    ("get", "/api/v1/models"): ApiExample(
        {
            "answers": "ease + content",
            "manifest": {"version": VERSION, "n_items": 27424, "n_viewers": 7923},
            "measured": [
                {
                    "protocol": "new_viewers",
                    "title": "New viewers",
                    "metric": "ndcg",
                    "viewers": 700,
                    "figures": [{"model": "hybrid", "mean": 0.31, "low": 0.3, "high": 0.32}],
                }
            ],
            "card": "# Model card\n",
            "report": "/models/report",
        }
    ),
    ("get", "/api/v1/models/report"): ApiExample(
        {
            "reports": {
                "new-viewers": {
                    "protocol": "new-viewers",
                    "n": 10,
                    "viewers": 700,
                    "models": {"hybrid": {"ndcg@10": {"mean": 0.31, "low": 0.3, "high": 0.32}}},
                }
            }
        }
    ),
    ("post", "/api/v1/feedback"): ApiExample(
        {"recorded": 2, "ignored": []},
        {"Idempotency-Key": UUID},
        {
            JSON: {
                "viewer": KEY,
                "events": [
                    {"kind": "rating", "anime_id": 5114, "rating": 9, "status": 2},
                    {"kind": "dismissal", "anime_id": 1, "position": 4},
                ],
                "bundle": None,
            }
        },
    ),
    ("get", "/api/v1/feedback/{viewer}"): ApiExample({"feedback": [KEPT_EVENT]}, {"viewer": KEY}),
    ("delete", "/api/v1/feedback/{viewer}"): ApiExample({"events": 2}, {"viewer": KEY}),
    ("post", "/api/v1/profiles"): ApiExample(
        {"secret": KEPT}, bodies={JSON: {"history": HISTORY, "hidden": [20]}}
    ),
    ("get", "/api/v1/profiles/{secret}"): ApiExample(
        {
            "history": HISTORY,
            "hidden": [20],
            "created_at": WHEN,
            "updated_at": WHEN,
            "feedback": [KEPT_EVENT],
        },
        {"secret": KEPT},
    ),
    ("put", "/api/v1/profiles/{secret}"): ApiExample(
        {"entries": 1}, {"secret": KEPT}, {JSON: {"history": [ENTRY]}}
    ),
    ("delete", "/api/v1/profiles/{secret}"): ApiExample({"events": 0}, {"secret": KEPT}),
    ("get", "/healthz"): ApiExample({"status": "alive"}),
    ("get", "/readyz"): ApiExample({"status": "ready"}),
}
