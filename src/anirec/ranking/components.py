"""The components that a score is made of, by the names that weights and answers give them."""

from __future__ import annotations

from typing import Final

COLLABORATIVE: Final = "collaborative"
"""What alike viewers watch"""
CONTENT: Final = "content"
"""What the shows are about"""
PROFILE: Final = "profile"
"""How the show fits the kind of shows on the list, whoever watches it; learned ranker only"""
POPULARITY: Final = "popularity"
"""How many watch it"""
BASE: Final = "base"
"""What every candidate starts from; learned ranker only"""

WEIGHED: Final = (COLLABORATIVE, CONTENT)
"""Those of the hybrid, which a caller may weigh"""
