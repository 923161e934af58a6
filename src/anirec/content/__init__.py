"""What the shows are: rows of the catalogue become vectors whose inner product is likeness."""
