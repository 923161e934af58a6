"""What viewers did, kept once however often it is sent."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from anirec.data.schema import Status
from anirec.store.errors import KeyReusedError
from anirec.store.events import Event, Kind
from anirec.store.models import Feedback, FeedbackRequest
from anirec.store.secret_keys import key_hash, new_key

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from anirec.store.database import Database


@dataclass(frozen=True)
class Recorded:
    """What came of a request."""

    recorded: int
    """How many events are kept."""
    ignored: tuple[int, ...] = ()
    """Shows that were not known, whose events are not kept."""
    repeated: bool = False
    """Whether the request had come before, so that nothing was kept anew."""


@dataclass(frozen=True)
class KeptEvent:
    """An event as it is kept."""

    event: Event
    bundle: str
    created_at: datetime


def record(
    database: Database,
    viewer: str,
    events: Sequence[Event],
    *,
    bundle: str,
    key: str | None = None,
    sent: object = None,
    knows: Callable[[Sequence[int]], Sequence[bool]] | None = None,
) -> Recorded:
    """Keep what a viewer did.

    Parameters
    ----------
    viewer
        A random key that stands for the viewer, or the secret of a kept list; its hash is stored.
    events
        In the order in which they happened.
    bundle
        Version of the bundle that recommended, at most 64 characters.
    key
        The idempotency key: a second call with the same one changes nothing. None: every call counts.
    sent
        What a repetition must be equal to, as JSON has it; None: viewer, events and bundle.
    knows
        Tells of each show whether there is one; None keeps all.

    Raises
    ------
    KeyReusedError
        If the key came before with something else.
    StoreUnavailableError
        If the database cannot be used now.
    """
    key = new_key() if key is None else key
    body = _hash(sent or [viewer, [asdict(event) for event in events], bundle])
    try:
        with database.writing() as connection:
            return _earlier(connection, key, body) or _keep(
                connection, key, body, viewer, events, bundle, knows
            )
    except IntegrityError:
        # Another process was faster with the same key; what it wrote can be read now.
        with database.reading() as connection:
            if (found := _earlier(connection, key, body)) is None:
                raise
            return found


def feedback_of(database: Database, viewer: str) -> list[KeptEvent]:
    """Return all that is kept of what a viewer did, oldest first; raises as ``record``."""
    wanted = (
        select(
            Feedback.kind,
            Feedback.anime_id,
            Feedback.rating,
            Feedback.status,
            Feedback.position,
            Feedback.bundle,
            Feedback.created_at,
        )
        .where(Feedback.viewer == key_hash(viewer))
        .order_by(Feedback.created_at, Feedback.id)
    )
    with database.reading() as connection:
        return [
            KeptEvent(
                Event(
                    Kind(row.kind),
                    row.anime_id,
                    row.rating,
                    None if row.status is None else Status(row.status),
                    row.position,
                ),
                row.bundle,
                row.created_at,
            )
            for row in connection.execute(wanted)
        ]


def forget(database: Database, viewer: str) -> int:
    """Delete all that a viewer did; returns how many events. Raises as ``record``."""
    with database.writing() as connection:
        return forget_within(connection, key_hash(viewer))


def forget_within(connection: Connection, viewer: bytes) -> int:
    """Delete all that a viewer did, within a transaction; ``viewer`` is the hash of the key."""
    gone = connection.execute(delete(Feedback).where(Feedback.viewer == viewer)).rowcount
    connection.execute(delete(FeedbackRequest).where(FeedbackRequest.viewer == viewer))
    return gone


def _hash(value: object) -> bytes:
    return sha256(json.dumps(value, sort_keys=True).encode()).digest()


def _earlier(connection: Connection, key: str, body: bytes) -> Recorded | None:
    wanted = select(FeedbackRequest.body, FeedbackRequest.answer).where(
        FeedbackRequest.key == key_hash(key)
    )
    row = connection.execute(wanted).one_or_none()
    if row is None:
        return None
    if row.body != body:
        raise KeyReusedError
    return Recorded(row.answer["recorded"], tuple(row.answer["ignored"]), repeated=True)


def _keep(
    connection: Connection,
    key: str,
    body: bytes,
    viewer: str,
    events: Sequence[Event],
    bundle: str,
    knows: Callable[[Sequence[int]], Sequence[bool]] | None,
) -> Recorded:
    known = knows([event.anime_id for event in events]) if knows else [True] * len(events)
    kept = [event for event, is_known in zip(events, known, strict=True) if is_known]
    unknown = {
        event.anime_id for event, is_known in zip(events, known, strict=True) if not is_known
    }
    found = Recorded(len(kept), tuple(sorted(unknown)))
    now = datetime.now(UTC)
    request = {
        "key": key_hash(key),
        "body": body,
        "viewer": key_hash(viewer),
        "answer": {"recorded": found.recorded, "ignored": list(found.ignored)},
        "created_at": now,
    }
    connection.execute(insert(FeedbackRequest), request)
    rows: list[dict[str, Any]] = [
        {
            "request": request["key"],
            "place": place,
            "viewer": request["viewer"],
            **asdict(event),
            "bundle": bundle,
            "created_at": now,
        }
        for place, event in enumerate(kept)
    ]
    if rows:
        connection.execute(insert(Feedback), rows)
    return found
