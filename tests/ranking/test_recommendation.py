from __future__ import annotations

import json
from dataclasses import asdict

from anirec.ranking.reasons import Attitude, Reason
from anirec.ranking.recommendation import Recommendation

FOUND = Recommendation(
    5114,
    "A title",
    1.25,
    {"collaborative": 1.0, "base": 0.25},
    [
        Reason(1, "One", "collaborative", 0.75),
        Reason(2, "Two", "collaborative", -0.5, Attitude.DROPPED),
    ],
    instead_of=7,
)


def test_json_has_every_field_in_order() -> None:
    assert FOUND.to_dict() == asdict(FOUND)
    assert json.dumps(FOUND.to_dict()) == json.dumps(asdict(FOUND))


def test_what_is_returned_can_be_changed() -> None:
    FOUND.to_dict()["components"].clear()
    assert FOUND.components
