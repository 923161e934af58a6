"""Lists that people asked us to keep, each under a secret that only they have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from anirec.data.histories import Entry
from anirec.store.errors import ProfileChangedError, UnknownProfileError
from anirec.store.feedback import forget_within
from anirec.store.models import Profile
from anirec.store.secret_keys import key_hash, new_key

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from anirec.store.database import Database


@dataclass(frozen=True)
class KeptList:
    """A list and since when it is kept."""

    entries: tuple[Entry, ...]
    hidden: frozenset[int]
    """Shows that are not to be recommended"""
    created_at: datetime
    updated_at: datetime

    @property
    def version(self) -> str:
        """Printable ASCII; another one after each change."""
        return _version(self.updated_at)


def save_profile(database: Database, entries: Sequence[Entry], hidden: Collection[int] = ()) -> str:
    """Keep a list; returns the secret, which is stored nowhere.

    Parameters
    ----------
    hidden
        Ids of shows that are not to be recommended.

    Raises
    ------
    StoreUnavailableError
        If the database cannot be used now.
    """
    secret, now = new_key(), datetime.now(UTC)
    row = {
        "secret": key_hash(secret),
        "entries": _rows(entries),
        "hidden": sorted(hidden),
        "created_at": now,
        "updated_at": now,
    }
    with database.writing() as connection:
        connection.execute(insert(Profile), row)
    return secret


def load_profile(database: Database, secret: str) -> KeptList:
    """Return a kept list.

    Raises
    ------
    UnknownProfileError
        If none is kept under this secret.
    StoreUnavailableError
        If the database cannot be used now.
    """
    wanted = select(Profile.entries, Profile.hidden, Profile.created_at, Profile.updated_at).where(
        Profile.secret == key_hash(secret)
    )
    with database.reading() as connection:
        row = connection.execute(wanted).one_or_none()
    if row is None:
        raise UnknownProfileError
    entries = tuple(Entry(*entry) for entry in row.entries)
    return KeptList(entries, frozenset(row.hidden or ()), row.created_at, row.updated_at)


def replace_profile(
    database: Database,
    secret: str,
    entries: Sequence[Entry],
    hidden: Collection[int] = (),
    *,
    version: str | None = None,
) -> str:
    """Keep another list under the same secret; returns its version.

    Parameters
    ----------
    hidden
        As in ``save_profile``.
    version
        Of the list that may be replaced; None replaces whatever is there.

    Raises
    ------
    ProfileChangedError
        If another version is kept by now.
    UnknownProfileError, StoreUnavailableError
        As ``load_profile`` does.
    """
    mine = Profile.secret == key_hash(secret)
    with database.writing() as connection:
        # Locked, so that of two who replace the same version one is told.
        before = connection.scalar(select(Profile.updated_at).where(mine).with_for_update())
        if before is None:
            raise UnknownProfileError
        if version is not None and version != _version(before):
            raise ProfileChangedError(_version(before))
        # Clocks may stand still or go back: versions must not.
        now = max(datetime.now(UTC), before + timedelta.resolution)
        values = {"entries": _rows(entries), "hidden": sorted(hidden), "updated_at": now}
        connection.execute(update(Profile).where(mine).values(values))
    return _version(now)


def delete_profile(database: Database, secret: str) -> int:
    """Delete a kept list and all feedback that was given under its secret; raises as above.

    Returns
    -------
    How many events of feedback are gone with it.
    """
    with database.writing() as connection:
        gone = delete(Profile).where(Profile.secret == key_hash(secret))
        if not connection.execute(gone).rowcount:
            raise UnknownProfileError
        return forget_within(connection, key_hash(secret))


def _version(updated_at: datetime) -> str:
    return updated_at.isoformat(timespec="microseconds")


def _rows(entries: Sequence[Entry]) -> list[list[int]]:
    return [[entry.anime_id, entry.rating, int(entry.status)] for entry in entries]
