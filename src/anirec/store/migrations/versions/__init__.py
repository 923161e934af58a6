"""Revisions, numbered in order; the last is ``schema_version.HEAD``."""
