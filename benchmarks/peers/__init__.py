"""Other libraries' recommenders behind one small contract; runs in an environment of its own.

Nothing here knows anirec: lists come in as arrays, rankings and costs go out (``run.py``).
"""
