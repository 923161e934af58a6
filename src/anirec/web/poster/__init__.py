"""Posters of our own: drawn from title and genres, the same every time."""
