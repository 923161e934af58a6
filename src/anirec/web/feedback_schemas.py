"""What the API takes and gives of what viewers did."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from anirec.data.schema import MAX_RATING, NOT_RATED, Status
from anirec.store.events import EVIDENCE, Event, Kind
from anirec.store.models import BUNDLE_LENGTH
from anirec.store.secret_keys import KEY_PATTERN
from anirec.web.json_body import JsonBody, StatusCode
from anirec.web.schemas import AnimeId

if TYPE_CHECKING:
    from anirec.store.feedback import KeptEvent

MAX_EVENTS = 500
"""Of one request"""

ViewerKey = Annotated[
    str,
    Field(
        pattern=KEY_PATTERN,
        description="Stands for the viewer: 22 to 64 random letters, digits, - and _, or the secret "
        "of a kept list. Only its hash is stored.",
    ),
]


class EventIn(BaseModel):
    """One thing that a viewer did."""

    model_config = ConfigDict(extra="forbid", strict=True, title="Event")

    kind: Kind
    anime_id: AnimeId
    rating: int | None = Field(
        None,
        ge=NOT_RATED,
        le=MAX_RATING,
        description="Of a rating, where 0 takes it back; may come with `seen` and `added`.",
    )
    status: StatusCode | None = Field(
        None, description="Where the viewer stands; of `rating`, `seen` and `added`."
    )
    position: int | None = Field(
        None, ge=1, le=100_000, description="In the list of recommendations, from 1."
    )

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if self.kind is Kind.RATING and self.rating is None:
            raise ValueError("a rating needs the field rating")
        says_nothing = self.kind not in EVIDENCE or self.kind is Kind.DISMISSAL
        if says_nothing and (self.rating, self.status) != (None, None):
            raise ValueError(f"kind {self.kind} has neither rating nor status")
        return self

    def to_event(self) -> Event:
        """Return it as the store takes it."""
        return Event(self.kind, self.anime_id, self.rating, self.status, self.position)


class FeedbackBody(JsonBody):
    """What a viewer did, in order."""

    viewer: ViewerKey
    events: list[EventIn] = Field(min_length=1, max_length=MAX_EVENTS)
    bundle: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9._-]+$",
        max_length=BUNDLE_LENGTH,
        description="Version of the bundle that recommended; null is the one that answers now.",
    )


class FeedbackHeader(BaseModel):
    """What makes a repeated request count once."""

    idempotency_key: str = Field(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{8,128}$",
        description="Random, such as a UUID: a new one for new events, the same for a repetition.",
    )


class FeedbackOut(BaseModel):
    """What came of it; the same for every repetition."""

    model_config = ConfigDict(title="FeedbackAnswer")

    recorded: int = Field(description="How many events are kept.")
    ignored: list[int] = Field(description="Ids that the catalogue lacks; not kept.")


class ViewerPath(BaseModel):
    """Whose feedback."""

    viewer: ViewerKey


class KeptEventOut(BaseModel):
    """An event that is kept."""

    model_config = ConfigDict(title="KeptEvent")

    kind: Kind
    anime_id: int
    rating: int | None
    status: Status | None
    position: int | None
    bundle: str
    created_at: datetime

    @classmethod
    def of(cls, kept: KeptEvent) -> dict[str, Any]:
        """Return it as JSON has it."""
        event = kept.event
        return {
            "kind": event.kind,
            "anime_id": event.anime_id,
            "rating": event.rating,
            "status": event.status,
            "position": event.position,
            "bundle": kept.bundle,
            "created_at": kept.created_at.isoformat(),
        }


class KeptFeedback(BaseModel):
    """All that is kept of what a viewer did, oldest first."""

    feedback: list[KeptEventOut]


class Forgotten(BaseModel):
    """What was deleted."""

    events: int = Field(description="How many events of feedback.")
