"""Watch lists that people bring."""
