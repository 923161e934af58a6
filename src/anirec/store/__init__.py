"""What viewers say and the lists they keep, in a database: SQLite by default, PostgreSQL by address."""
