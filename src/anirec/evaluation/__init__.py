"""How good the rankings are: protocols, metrics, significance, the report."""
