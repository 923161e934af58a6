"""The map of the catalogue, drawn when a bundle is published (docs/taste.md)."""
