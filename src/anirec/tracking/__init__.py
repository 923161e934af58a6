"""Experiment tracking: what a run was given and what came of it, kept by one or more trackers."""
