"""The gate: whether a bundle may take the place of the current one (docs/gate.md)."""
