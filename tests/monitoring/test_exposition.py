"""What serving tells Prometheus is what the monitor reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from anirec.errors import AnirecError
from anirec.monitoring.counts import Counts
from anirec.monitoring.exposition import parse, read_file, read_url
from anirec.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring.answers_world import AnswersWorld


def scraped(world: AnswersWorld, users: range) -> list[str]:
    """The metrics of one server, before and after it has answered some viewers."""
    client = create_app(world.recommender).test_client()
    scrapes = [client.get("/metrics").text]
    for user in users:
        client.get(f"/users/{user}")
    return [*scrapes, client.get("/metrics").text]


def same(one: Counts, two: Counts) -> bool:
    a, b = one.to_dict(), two.to_dict()
    for name in ("list_genres", "recommended_genres"):
        assert a.pop(name) == pytest.approx(b.pop(name))
    for name in ("list_length", "recommended_popularity", "registers"):
        assert a.pop(name) == pytest.approx(b.pop(name))
    return a == b


def test_a_scrape_tells_the_counts_of_the_answers(world: AnswersWorld) -> None:
    before, after = (parse(text, "x") for text in scraped(world, range(1, 31)))

    assert before.answers == 0
    # The page shows 24 as well, and leaves the same out.
    assert same(after, Counts.of(world.answers[:30], world.recommender.traits))


def test_servers_add_up_and_readings_subtract(world: AnswersWorld) -> None:
    one, two = (parse(scraped(world, users)[1], "x") for users in (range(1, 11), range(11, 31)))
    both = one.plus(two)
    assert same(both, Counts.of(world.answers[:30], world.recommender.traits))

    later = both.since(one)
    assert later.answers == two.answers
    assert later.list_length == pytest.approx(two.list_length)
    assert later.list_genres == pytest.approx(two.list_genres, abs=1e-9)


def test_after_a_restart_everything_is_new(world: AnswersWorld) -> None:
    many = Counts.of(world.answers[:20], world.recommender.traits)
    few = Counts.of(world.answers[:5], world.recommender.traits)
    assert few.since(many) is few


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("up 1\n", "has no anirec_answers_total"),
        ("<html></html>", "not in Prometheus' text format"),
        ("# TYPE anirec_answers counter\nanirec_answers_total 3\n", "another version of anirec"),
    ],
)
def test_what_is_no_scrape_is_said_in_one_sentence(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "scrape.prom"
    path.write_text(text)
    with pytest.raises(AnirecError, match=why):
        read_file(path)


def test_a_server_that_does_not_answer_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(AnirecError, match="does not answer"):
        read_url("http://127.0.0.1:9/metrics")
    with pytest.raises(AnirecError, match="is no address"):
        read_url("file:///etc/passwd")
    with pytest.raises(AnirecError, match="cannot be read"):
        read_file(tmp_path / "none")


def test_distinct_shows_are_those_of_the_answers(world: AnswersWorld) -> None:
    rows = np.concatenate([answer.recommended_rows for answer in world.answers[:30]])
    counts = parse(scraped(world, range(1, 31))[1], "x")
    assert counts.distinct_shows == pytest.approx(len(np.unique(rows)), rel=0.2)
