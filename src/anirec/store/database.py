"""The database of a process: opened at its first use."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from anirec.store.address import SQLITE, VARIABLE, engine_for, make_file, parse
from anirec.store.errors import NothingKeptError, StoreUnavailableError
from anirec.store.outage import Outage
from anirec.store.schema_version import check_migrated, migrate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL, Connection, Engine


class Database:
    """Hands out transactions.

    Made before worker processes fork, opened in each of them at the first transaction: a connection
    must not be shared by processes. A SQLite file is made and migrated then; PostgreSQL must have
    been migrated (``python -m anirec.store.migrate``).

    Parameters
    ----------
    address
        See ``address.parse``, which says what is raised. Empty: nothing is kept, no transaction
        begins.
    """

    def __init__(self, address: str) -> None:
        self._url = parse(address) if address else None
        self._engine: Engine | None = None
        self._opening = threading.Lock()
        self._outage = Outage()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection whose changes are kept when the block ends without an exception.

        Raises
        ------
        StoreUnavailableError
            If the database cannot be used now, or there is none (``NothingKeptError``).
        """
        with self._transaction(reads_only=False) as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection that sees one moment and keeps no writer waiting; raises as above."""
        with self._transaction(reads_only=True) as connection:
            yield connection

    @property
    def exists(self) -> bool:
        """False of a SQLite file that nobody has made yet."""
        if self._url is None or self._url.drivername != SQLITE:
            return self.keeps
        return Path(str(self._url.database)).exists()

    @property
    def keeps(self) -> bool:
        """Whether there is a database at all: where not, pages need not offer to keep anything."""
        return self._url is not None

    def close(self) -> None:
        """Close the connections; the next transaction opens others."""
        with self._opening:
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.dispose()

    @contextmanager
    def _transaction(self, *, reads_only: bool) -> Iterator[Connection]:
        if self._url is None:
            raise NothingKeptError(VARIABLE)
        with self._outage.asking():
            try:
                engine = self._open(self._url).execution_options(reads_only=reads_only)
                with engine.begin() as connection:
                    yield connection
            except (IntegrityError, DataError):
                raise  # of what was written, not of the database
            except (DBAPIError, OSError) as error:
                raise _unavailable(error) from error

    def _open(self, url: URL) -> Engine:
        with self._opening:
            if self._engine is None:
                engine = engine_for(url)
                try:
                    if url.drivername == SQLITE:
                        make_file(url)
                        migrate(engine)
                    else:
                        check_migrated(engine)
                except BaseException:
                    engine.dispose()
                    raise
                self._engine = engine
            return self._engine


def _unavailable(error: Exception) -> StoreUnavailableError:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    # The first line alone: PostgreSQL quotes values in those that follow.
    text = (str(cause).splitlines() or [""])[0]
    return StoreUnavailableError(f"{type(cause).__name__}: {text}")
