from __future__ import annotations

from typing import TYPE_CHECKING

from split_world import taste_split

from anirec.evaluation.figures import HEADLINE, measure
from anirec.evaluation.learning_curve import SHARES, learning_curve, nested_parts
from anirec.models.popularity import Popularity

if TYPE_CHECKING:
    from anirec.data.dataset import Dataset


def test_parts_are_nested_and_about_as_large_as_said() -> None:
    split = taste_split()
    everyone = len(split.train.histories)
    before: set[int] = set()
    for share, part in nested_parts(split):
        viewers = set(part.histories.user_ids.tolist())
        assert before < viewers
        assert abs(len(viewers) - share * everyone) < 0.05 * everyone
        before = viewers
    assert len(before) == everyone


def test_each_part_is_fitted_once_and_measured_on_new_viewers() -> None:
    split = taste_split()
    fitted: list[int] = []

    def fit(part: Dataset) -> dict[str, Popularity]:
        fitted.append(len(part.histories))
        return {"popularity": Popularity().fit(part)}

    points = learning_curve(fit, "test", split)
    assert [point.viewers for point in points] == fitted == sorted(fitted)
    assert [point.share for point in points] == list(SHARES)
    last = points[-1].to_dict()["models"]["popularity"]["ndcg@10"]
    whole = measure(Popularity().fit(split.train), split.test).per_viewer[HEADLINE]
    assert last["mean"] == round(float(whole.mean()), 6)
