"""Recommenders: one a file, one contract (``base.py``), one list of them (``registry.py``)."""
