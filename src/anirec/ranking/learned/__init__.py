"""The learned blend: features of viewer, show and pair, and the trees that order by them."""
