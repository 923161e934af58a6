"""Watching a model at work: what is counted, the training snapshot, and how far they differ."""
