"""What every registry promises, run on each kind of them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anirec.bundle.bundle import open_bundle
from anirec.bundle.registry import GateNote, MovedMeanwhileError, open_registry, registry_behind
from anirec.bundle.registry.moves import State, a_move
from anirec.errors import BundleError
from bundle.registry.published import bundle_named, publish

if TYPE_CHECKING:
    from pathlib import Path

    from anirec.bundle.manifest import Manifest
    from anirec.bundle.registry import Registry


@pytest.fixture
def registry(empty: Registry) -> Registry:
    publish(empty, "v1", "v2", "v3")
    return empty


def test_nothing_there_yet(empty: Registry) -> None:
    assert (empty.versions(), empty.current(), empty.history()) == ([], None, [])
    for act in (lambda: empty.promote("v1"), empty.rollback):
        with pytest.raises(BundleError, match=r"no registry at .*`anirec publish` makes one"):
            act()


def test_the_first_publish_moves_current_and_later_ones_do_not(registry: Registry) -> None:
    assert registry.versions() == ["v1", "v2", "v3"]
    assert registry.current() == "v1"
    assert [(m.action, m.version, m.current) for m in registry.history()] == [
        ("publish", "v1", "v1"),
        ("publish", "v2", "v1"),
        ("publish", "v3", "v1"),
    ]


def test_promote_moves_current_for_every_reader(registry: Registry, address: str | Path) -> None:
    assert open_bundle(address).manifest.version == "v1"
    registry.promote("v3", "better", lambda current: GateNote(f"asked about {current}"))
    assert open_registry(address).current() == "v3"
    assert open_bundle(address).manifest.version == "v3"
    last = open_registry(address).history()[-1]
    assert (last.action, last.version, last.current) == ("promote", "v3", "v3")
    assert (last.why, last.gate) == ("better", "asked about v1")
    assert last.who


def test_one_version_can_be_opened_and_current_by_name(
    registry: Registry, address: str | Path
) -> None:
    assert open_bundle(f"{address}/v2").manifest.version == "v2"
    assert open_bundle(f"{address}/current").manifest.version == "v1"
    assert registry_behind(f"{address}/v2") is None
    for place in (address, f"{address}/current"):
        behind = registry_behind(place)
        assert behind is not None
        assert behind.address == registry.address


def test_rollback_retraces_the_steps(registry: Registry) -> None:
    registry.promote("v2")
    registry.promote("v3")
    registry.promote("v3")
    assert registry.rollback(why="complaints") == "v2"
    assert registry.rollback() == "v1"
    with pytest.raises(BundleError, match="nothing to roll back to"):
        registry.rollback()
    registry.promote("v3")
    assert registry.rollback() == "v1"
    assert registry.current() == "v1"


def test_an_unknown_version_is_refused_and_the_known_are_listed(registry: Registry) -> None:
    for name in ("v9", "current"):
        with pytest.raises(BundleError, match=rf"no bundle {name} .* there are: v1, v2, v3"):
            registry.promote(name)
    assert registry.current() == "v1"


def test_a_refusal_of_the_gate_changes_nothing(registry: Registry) -> None:
    def refuse(current: str | None) -> GateNote:
        raise BundleError("not good enough")

    before = registry.state()
    with pytest.raises(BundleError, match="not good enough"):
        registry.promote("v2", gate=refuse)
    assert registry.state() == before


def test_of_two_promotions_at_once_one_wins_and_the_other_is_told(
    registry: Registry, address: str | Path
) -> None:
    def meanwhile(current: str | None) -> GateNote:
        open_registry(address).promote("v3", "faster")
        return GateNote()

    with pytest.raises(MovedMeanwhileError) as told:
        registry.promote("v2", gate=meanwhile)
    assert registry.current() == "v3"
    last = registry.history()[-1]
    assert str(told.value) == (
        f"nothing was changed: {last.who} moved current in {registry.address} to v3 meanwhile "
        f"(promote, {last.at}); look at it with `anirec promote` and try again"
    )
    registry.promote("v2")
    assert registry.current() == "v2"


def test_moved_away_and_back_again_is_moved(registry: Registry, address: str | Path) -> None:
    def meanwhile(current: str | None) -> GateNote:
        other = open_registry(address)
        other.promote("v3")
        other.rollback("by mistake")
        return GateNote()

    with pytest.raises(MovedMeanwhileError, match=r"to v1 meanwhile \(rollback"):
        registry.promote("v2", gate=meanwhile)


def test_a_publish_meanwhile_is_no_move(registry: Registry, address: str | Path) -> None:
    def meanwhile(current: str | None) -> GateNote:
        publish(open_registry(address), "v4")
        return GateNote()

    registry.promote("v2", gate=meanwhile)
    assert registry.current() == "v2"
    assert [move.version for move in registry.history()] == ["v1", "v2", "v3", "v4", "v2"]


def test_many_at_once_lose_nothing(registry: Registry, address: str | Path) -> None:
    told: list[str] = []
    won: list[str] = []
    start = threading.Barrier(4)

    def work(number: int) -> None:
        mine = open_registry(address)
        start.wait()
        for version in ("v2", "v3", "v1"):
            try:
                mine.promote(version)
                won.append(version)
            except MovedMeanwhileError as error:
                told.append(str(error))
        publish(mine, f"w{number}")

    workers = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    moves = registry.history()
    promoted = [move for move in moves if move.action == "promote"]
    assert len(won) + len(told) == 12
    assert len(promoted) == len(won) >= 3
    assert moves[-1].current == registry.current() == promoted[-1].version
    assert registry.versions() == ["v1", "v2", "v3", "w0", "w1", "w2", "w3"]
    assert len([move for move in moves if move.action == "publish"]) == 7


def test_a_failed_publish_leaves_the_registry_as_it_was(registry: Registry) -> None:
    before = registry.state(), registry.versions()

    def fail(place: Path) -> Manifest:
        bundle_named("v4", place)
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        registry.publish(fail)
    assert (registry.state(), registry.versions()) == before


def test_publishing_the_same_version_again_keeps_the_first(registry: Registry) -> None:
    publish(registry, "v1")
    assert registry.versions() == ["v1", "v2", "v3"]
    assert registry.fetch("v1").is_dir()


def test_old_versions_go_but_never_current_nor_what_a_rollback_needs(registry: Registry) -> None:
    registry.promote("v2")
    publish(registry, "v4", "v5", "v6")
    assert registry.keep_last(2, "tidy") == ["v3", "v4"]
    assert registry.versions() == ["v1", "v2", "v5", "v6"]
    assert registry.keep_last(2) == []
    assert [(m.version, m.current, m.why) for m in registry.history()[-2:]] == [
        ("v3", "v2", "tidy"),
        ("v4", "v2", "tidy"),
    ]
    with pytest.raises(BundleError, match="no bundle v3"):
        registry.promote("v3")
    assert registry.rollback() == "v1"
    registry.promote("v6")
    assert registry.keep_last(1) == ["v2", "v5"]
    assert registry.rollback() == "v1"


def test_a_rollback_to_a_removed_version_is_refused(registry: Registry) -> None:
    registry.promote("v2")
    registry.promote("v3")
    assert registry.keep_last(1) == ["v1"]
    assert registry.rollback() == "v2"
    with pytest.raises(BundleError, match="no bundle v1"):
        registry.rollback()
    assert registry.current() == "v2"


def test_removing_and_promoting_at_once(registry: Registry, address: str | Path) -> None:
    def meanwhile(current: str | None) -> GateNote:
        assert open_registry(address).keep_last(1) == ["v2"]
        return GateNote()

    with pytest.raises(BundleError, match=r"v2"):
        registry.promote("v2", gate=meanwhile)
    assert registry.current() == "v1"


def test_at_least_one_is_kept(registry: Registry) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        registry.keep_last(0)


ACTIONS = st.lists(
    st.tuples(st.sampled_from(["publish", "promote", "rollback", "remove"]), st.integers(1, 4)),
    max_size=20,
)


@given(ACTIONS)
def test_a_trail_ends_at_current_and_a_rollback_shortens_it(
    actions: list[tuple[str, int]],
) -> None:
    state = State()
    for action, number in actions:
        earlier, before = state, state.trail()
        version = f"v{number}"
        if action == "promote":
            state = state.then(a_move("promote", version, version))
        elif action == "rollback" and len(before) > 1:
            state = state.then(a_move("rollback", before[-2], before[-2]))
            assert state.trail() == before[:-1]
        elif action == "publish":
            state = state.then(a_move("publish", version, state.current or version))
        elif action == "remove" and state.current is not None:
            state = state.then(a_move("remove", version, state.current))
            assert version in state.removed()
        moved = state.moved_since(earlier)
        is_move = action in ("promote", "rollback") or earlier.current != state.current
        assert (moved is not None) == (is_move and state != earlier)
        assert state.trail()[-1:] == ([state.current] if state.current else [])
