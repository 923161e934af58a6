"""Run by Alembic for every command: works on the connection that it is handed."""

from __future__ import annotations

from alembic import context

from anirec.store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    # SQLite changes a table by making a new one.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
