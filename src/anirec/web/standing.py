"""How the community rates a show, in words."""

from __future__ import annotations


def standing_in_words(score: float | None, members: float | None) -> list[str]:
    """Return a sentence for what is known.

    Parameters
    ----------
    score, members
        Share of shows, 0 to 1, with a lower community score and with fewer people listing them.
    """
    said = []
    if score is not None:
        said.append(f"Rated higher than {_percent(score)} of all shows that have a score.")
    if members is not None:
        said.append(f"Better known than {_percent(members)} of all shows.")
    return said


def _percent(share: float) -> str:
    # Rounded down: nothing is better than all, itself included.
    return f"{int(100 * share)} %"
