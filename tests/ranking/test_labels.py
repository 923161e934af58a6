from __future__ import annotations

import pytest

from anirec.errors import AnirecError, UnknownLabelError
from anirec.ranking.labels import Labels

GENRES = Labels.of("genre", [("Sci-Fi", "Drama"), (), ("Drama", "Drama"), ("Slice of Life",)])


def test_any_and_all() -> None:
    assert GENRES.names == ("Drama", "Sci-Fi", "Slice of Life")
    assert GENRES.having_any(["Drama"]).tolist() == [True, False, True, False]
    assert GENRES.having_any(["Sci-Fi", "Slice of Life"]).tolist() == [True, False, False, True]
    assert GENRES.having_any([]).tolist() == [False] * 4
    assert GENRES.having_all(["Sci-Fi", "Drama"]).tolist() == [True, False, False, False]


@pytest.mark.parametrize("name", ["sci fi", "SCI-FI", "scifi", "Science Fiction", " sci_fi "])
def test_other_spellings_are_understood(name: str) -> None:
    assert GENRES.having_any([name]).tolist() == [True, False, False, False]


def test_an_unknown_label_is_an_error_that_lists_a_few() -> None:
    says = "no show .* has the genre 'Dramma'; did you mean Drama or Sci-Fi or Slice of Life"
    with pytest.raises(UnknownLabelError, match=says):
        GENRES.having_any(["Drama", "Dramma"])
    assert issubclass(UnknownLabelError, AnirecError)
    assert issubclass(UnknownLabelError, ValueError)


def test_of_many_labels_only_close_ones_are_suggested() -> None:
    tags = Labels.of("tag", [(f"Number {letter}", "Swordplay") for letter in "abcdefghijk"])
    with pytest.raises(UnknownLabelError, match="'sword play'; did you mean Swordplay"):
        tags.having_any(["sword play"])
    with pytest.raises(UnknownLabelError, match=r"the tag 'xyz'$"):
        tags.having_any(["xyz"])


def test_no_shows_and_no_labels() -> None:
    assert Labels.of("genre", []).having_any([]).tolist() == []
    with pytest.raises(UnknownLabelError, match=r"the genre 'Drama'$"):
        Labels.of("genre", [(), ()]).having_any(["Drama"])
