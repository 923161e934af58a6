"""Comet ML: online with a key from the environment, else an offline archive."""
