from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from anirec.ranking.filters import Filters, parse_filters


def test_an_unknown_filter_is_named() -> None:
    with pytest.raises(ValidationError, match="studio"):
        Filters.model_validate({"studio": "Madhouse"})


def test_takes_a_dict_or_nothing() -> None:
    assert parse_filters({"adult": False}) == Filters(adult=False)
    assert parse_filters(None) == parse_filters({}) == Filters()


def test_one_name_need_not_be_in_a_list() -> None:
    assert parse_filters({"genres": "Drama"}) == parse_filters({"genres": ["Drama"]})


def test_switches_let_in_whatever_they_name() -> None:
    defaults = Filters().model_dump()
    assert all(value is True for value in defaults.values() if isinstance(value, bool))
    assert all(not value for value in defaults.values() if not isinstance(value, bool))


@pytest.mark.parametrize(
    ("filters", "says"),
    [
        ({"adlt": False}, "there is no filter 'adlt'; there are: adult"),
        ({"adult": "perhaps"}, "the filter adult: .*, not 'perhaps'"),
        (["adult"], "must be Filters or a dict"),
        ({"genres": 5}, "the filter genres: .*, not 5"),
        ({"year_from": "soon"}, "the filter year_from: .*, not 'soon'"),
        ({"year_from": 2020, "year_to": 2010}, "year_from is 2020 and year_to 2010: nothing"),
        ({"episodes_from": 3, "episodes_to": 2}, "episodes_from is 3 and episodes_to 2: nothing"),
        ({"episodes_to": 0}, "the filter episodes_to: .*, not 0"),
        ({"members_from": 10**12}, "the filter members_from: "),
        ({"score_from": 11}, "the filter score_from: .*, not 11"),
        ({"score_from": float("nan")}, "the filter score_from: "),
    ],
)
def test_refuses_other_filters_in_one_sentence(filters: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says) as refused:
        parse_filters(filters)
    assert "\n" not in str(refused.value)
