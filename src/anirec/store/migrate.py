"""``python -m anirec.store.migrate``: brings the database to the newest revision.

SQLite is migrated by whoever opens it; PostgreSQL by this, once before a new version is rolled out.
"""

from __future__ import annotations

import sys

from sqlalchemy.exc import SQLAlchemyError

from anirec.errors import AnirecError
from anirec.store.address import SQLITE, engine_for, from_environment, make_file, parse
from anirec.store.schema_version import HEAD, migrate


def main() -> int:
    """Migrate the database of the environment; return the exit status."""
    try:
        url = parse(from_environment())
        engine = engine_for(url)
        try:
            if url.drivername == SQLITE:
                make_file(url)
            migrate(engine)
        finally:
            engine.dispose()
    except (AnirecError, OSError, SQLAlchemyError) as error:
        cause = getattr(error, "orig", None) or error
        sys.stderr.write(f"anirec: {(str(cause).splitlines() or [type(cause).__name__])[0]}\n")
        return 1
    sys.stdout.write(f"the database is at revision {HEAD}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
