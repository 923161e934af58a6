"""What the page of a show says beyond the catalogue's facts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from anirec.web.standing import standing_in_words
from web.web_world import ADULT_SHOW, SHOW

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from anirec.recommender import Recommender


def part(html: str, label: str) -> list[int]:
    """Return the shows of one list on the page."""
    inside = html.partition(f'aria-label="{label}"')[2].partition("</ol>")[0]
    return [int(anime_id) for anime_id in re.findall(r'<a href="/anime/(\d+)"', inside)]


def test_the_franchise_is_a_line_without_adult_titles(
    client: FlaskClient, recommender: Recommender
) -> None:
    page = client.get(f"/anime/{SHOW}").text
    line = part(page, "The franchise, in watch order")
    assert line == [SHOW, 20]
    assert {show.anime_id for show in recommender.bundle.catalogue.franchise(SHOW)} == {
        SHOW,
        20,
        ADULT_SHOW,
    }
    assert f'<a href="/anime/{SHOW}" aria-current="page">' in page
    assert ADULT_SHOW in part(
        client.get(f"/anime/{ADULT_SHOW}").text, "The franchise, in watch order"
    )
    assert "watch order" not in client.get("/anime/300").text


def test_shows_alike_by_taste_and_by_content_stand_side_by_side(
    client: FlaskClient, recommender: Recommender
) -> None:
    page = client.get(f"/anime/{SHOW}").text
    for label, component in (
        ("Watched by the same people", "collaborative"),
        ("Alike in what they are about", "content"),
    ):
        found = recommender.similar(SHOW, 6, {component: 1.0}, {"adult": False})
        assert list(dict.fromkeys(part(page, label)))[:6] == [one.anime_id for one in found]


def test_a_list_can_begin_with_the_show(client: FlaskClient) -> None:
    assert f'value="like:{SHOW}"' in client.get(f"/anime/{SHOW}").text
    answer = client.get(f"/recommendations?change=like:{SHOW}")
    assert client.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("score", "members", "said"),
    [
        (0.987, 0.5, ["Rated higher than 98 % of all shows that have a score.",
                      "Better known than 50 % of all shows."]),
        (None, 0.0, ["Better known than 0 % of all shows."]),
        (None, None, []),
    ],
)  # fmt: skip
def test_how_a_show_stands_is_said(
    score: float | None, members: float | None, said: list[str]
) -> None:
    assert standing_in_words(score, members) == said


def test_the_standing_is_the_share_of_shows_below(recommender: Recommender) -> None:
    n_items = recommender.manifest.n_items
    shows = [recommender.show(10 * (row + 1)) for row in range(n_items)]
    own = recommender.show(SHOW)
    assert own.score
    assert own.members
    scores = [show.score for show in shows if show.score]
    members = [show.members for show in shows if show.members]
    assert recommender.bundle.catalogue.standing(SHOW) == pytest.approx(
        (
            sum(score < own.score for score in scores) / len(scores),
            sum(count < own.members for count in members) / len(members),
        )
    )
