"""The tables. ``migrations/`` makes them; a test holds the two together."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from anirec.store.secret_keys import HASH_BYTES

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import Dialect

NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""So that later migrations can name constraints, on every database alike."""

BUNDLE_LENGTH: Final = 64


class UtcTime(TypeDecorator[datetime]):
    """A moment, kept in UTC: SQLite knows no time zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn it into UTC without a zone."""
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Say that it is UTC."""
        return value and value.replace(tzinfo=UTC)


Hash = LargeBinary(HASH_BYTES)
BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows only in an INTEGER


class Base(DeclarativeBase):
    """Of every table."""

    metadata = MetaData(naming_convention=NAMES)


class FeedbackRequest(Base):
    """One request that brought feedback; what makes a repeated one count once."""

    __tablename__ = "feedback_requests"

    key: Mapped[bytes] = mapped_column(Hash, primary_key=True)
    """Hash of the idempotency key"""
    body: Mapped[bytes] = mapped_column(Hash)
    """Hash of what was sent"""
    viewer: Mapped[bytes] = mapped_column(Hash, index=True)
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Given again to a repeated request"""
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class Feedback(Base):
    """One event."""

    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("request", "place"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request: Mapped[bytes] = mapped_column(
        Hash, ForeignKey(FeedbackRequest.key, ondelete="CASCADE")
    )
    place: Mapped[int] = mapped_column(SmallInteger)
    """In the request, from 0"""
    viewer: Mapped[bytes] = mapped_column(Hash, index=True)
    """Hash of the viewer's key"""
    kind: Mapped[str] = mapped_column(String(16))
    anime_id: Mapped[int] = mapped_column(BigInteger)
    rating: Mapped[int | None] = mapped_column(SmallInteger)
    status: Mapped[int | None] = mapped_column(SmallInteger)
    position: Mapped[int | None] = mapped_column(Integer)
    bundle: Mapped[str] = mapped_column(String(BUNDLE_LENGTH))
    """Version of the bundle that recommended"""
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class Profile(Base):
    """A list that somebody asked us to keep."""

    __tablename__ = "profiles"

    secret: Mapped[bytes] = mapped_column(Hash, primary_key=True)
    """Hash of the secret"""
    entries: Mapped[list[list[int]]] = mapped_column(JSON)
    """(anime_id, rating, status) of each entry"""
    hidden: Mapped[list[int] | None] = mapped_column(JSON)
    """Shows that are not to be recommended; None of lists from before revision 0002"""
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
