"""A franchise is a connected component of the relations that bind."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from anirec.data.franchise import franchises
from anirec.data.show import Relation, Show

IDS = st.integers(1, 12)
KINDS = st.sampled_from(["SEQUEL", "SIDE_STORY", "CHARACTER", "OTHER"])
LINKS = st.dictionaries(IDS, st.lists(st.builds(Relation, IDS, KINDS), max_size=3))


def shows_of(links: dict[int, list[Relation]]) -> list[Show]:
    return [Show(anime_id, f"show {anime_id}", relations=tuple(r)) for anime_id, r in links.items()]


def test_one_sided_links_bind_and_characters_do_not() -> None:
    shows = [
        Show(30, "film", relations=(Relation(10, "PARENT"), Relation(40, "CHARACTER"))),
        Show(10, "series"),
        Show(20, "sequel", relations=(Relation(10, "PREQUEL"),)),
        Show(40, "crossover", relations=(Relation(10, "OTHER"),)),
    ]
    assert franchises(shows) == {10: 10, 20: 10, 30: 10, 40: 40}


def test_an_absent_show_links_but_does_not_name() -> None:
    shows = [
        Show(5, "one", relations=(Relation(2, "SEQUEL"),)),
        Show(7, "two", relations=(Relation(2, "PREQUEL"),)),
    ]
    assert franchises(shows) == {5: 5, 7: 5}


@given(LINKS)
def test_franchises_are_the_classes_of_an_equivalence(links: dict[int, list[Relation]]) -> None:
    reachable: defaultdict[int, set[int]] = defaultdict(set)
    for anime_id, relations in links.items():
        for related, kind in relations:
            if kind not in ("CHARACTER", "OTHER"):
                reachable[anime_id].add(related)
                reachable[related].add(anime_id)

    def component(start: int) -> set[int]:
        found, todo = {start}, [start]
        while todo:
            new = reachable[todo.pop()] - found
            found |= new
            todo += new
        return found & set(links)

    named = franchises(shows_of(links))
    assert named == {anime_id: min(component(anime_id)) for anime_id in links}


@given(LINKS.flatmap(lambda links: st.permutations(shows_of(links))))
def test_the_order_of_shows_does_not_matter(shows: list[Show]) -> None:
    assert franchises(shows) == franchises(sorted(shows, key=lambda show: show.anime_id))
