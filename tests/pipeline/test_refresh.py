"""A season's shows enter the bundle that is served, and nothing else of it changes."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner, Result

from anirec import Entry, Recommender
from anirec.bundle.bundle import REPORT_FILE, Bundle, open_bundle
from anirec.bundle.manifest import MEASURED_ON, describe_file
from anirec.bundle.registry import LocalRegistry
from anirec.cli.main import main
from anirec.cli.publish import command
from anirec.data.catalogue_growth import CatalogueGrowth
from anirec.data.schema import CATALOGUE_FILE, INTERACTIONS_FILE
from anirec.data.show import Relation, Show
from anirec.errors import BundleError, DataError
from anirec.models.ease import Ease
from anirec.models.registry import MODELS
from anirec.pipeline.publish import publish
from anirec.pipeline.refresh import CARD_NOTE, merged, refresh_catalogue
from notes import Notes
from pipeline.refresh_world import CHANGED, GONE, NEW, PARAMS, publish_world, write_newest
from small_world import TEST_MODELS, small_bundle

if TYPE_CHECKING:
    from pathlib import Path

    from anirec.bundle.manifest import Manifest

NEW_IDS = [show.anime_id for show in NEW]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("published")
    publish_world(place)
    return place


@pytest.fixture
def place(published: Path, tmp_path: Path) -> Path:
    """A copy of the published world that a test may change."""
    shutil.copytree(published, tmp_path / "place", symlinks=True)
    return tmp_path / "place"


@pytest.fixture(scope="module")
def refreshed(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The world after the new season, for tests that only look."""
    place = tmp_path_factory.mktemp("refreshed") / "place"
    shutil.copytree(published, place, symlinks=True)
    write_newest(place)
    assert refresh(place) is not None
    return place


def refresh(place: Path, notes: Notes | None = None) -> Manifest | None:
    return refresh_catalogue(place, place / "bundles", PARAMS, progress=notes or Notes())


def bundles(place: Path) -> tuple[Bundle, Bundle]:
    """Return the bundle before and the one after."""
    registry = LocalRegistry(place / "bundles")
    before = registry.current()
    (after,) = set(registry.versions()) - {before}
    return open_bundle(place / "bundles" / str(before)), open_bundle(place / "bundles" / after)


def test_the_new_bundle_waits_for_promotion_and_says_where_it_comes_from(refreshed: Path) -> None:
    before, after = bundles(refreshed)
    old, new = before.manifest, after.manifest

    assert new.refreshed_from == old.version
    assert old.refreshed_from is None
    assert new.anirec == old.anirec == version("anirec")
    assert new.n_items == old.n_items + len(NEW)
    assert (new.n_viewers, new.params_hash, new.weights) == (
        old.n_viewers,
        old.params_hash,
        old.weights,
    )
    assert new.data_hash != old.data_hash


def test_every_show_that_the_catalogue_has_can_be_recommended(refreshed: Path) -> None:
    _, after = bundles(refreshed)
    rec = Recommender.load(refreshed / "bundles" / after.manifest.version)
    everything = rec.recommend([Entry(10, 9)], n=after.manifest.n_items - 1, weights={"content": 1})
    ids = {one.anime_id for one in everything}

    assert set(NEW_IDS) <= ids
    assert GONE in ids
    assert rec.similar(5)[0].components.keys() == {"collaborative", "content"}


@pytest.mark.parametrize("weights", [{"collaborative": 1}, {"content": 1}])
def test_a_new_show_reaches_those_who_like_its_kind(
    refreshed: Path, weights: dict[str, float]
) -> None:
    _, after = bundles(refreshed)
    rec = Recommender.load(refreshed / "bundles" / after.manifest.version)
    shows = [rec.show(int(anime_id)) for anime_id in after.catalogue.index.anime_ids]
    robots = [show.anime_id for show in shows if show.genres == NEW[0].genres][1:12]
    horror = [show.anime_id for show in shows if show.genres == ("Horror", "Mystery")][:12]

    def place_of(anime_id: int, liked: list[int]) -> int:
        found = rec.recommend([Entry(i, 9) for i in liked], n=80, weights=weights)
        ids = [one.anime_id for one in found]
        return ids.index(anime_id) if anime_id in ids else len(ids)

    assert place_of(5, robots) < place_of(5, horror)
    assert place_of(5000, horror) < place_of(5000, robots)


def test_publishing_again_draws_the_same_map(place: Path) -> None:
    first = open_bundle(place / "bundles" / "current")
    again = publish(place, place / "again", PARAMS)
    assert again.bundle_hash == first.manifest.bundle_hash
    assert any(name.startswith("map/") for name in again.files)


def test_new_shows_have_a_place_on_the_map_and_nothing_moves(refreshed: Path) -> None:
    before, after = bundles(refreshed)
    assert before.shows_map is not None
    assert after.shows_map is not None
    rows = after.catalogue.index.rows(before.catalogue.index.anime_ids)
    assert np.array_equal(after.shows_map.positions[rows], before.shows_map.positions)
    assert np.isfinite(after.shows_map.positions).all()


def test_the_learned_ranker_scores_new_shows(refreshed: Path) -> None:
    _, after = bundles(refreshed)
    rec = Recommender.load(refreshed / "bundles" / after.manifest.version)
    shows = rec.recommend([Entry(20, 9), Entry(40, 8)], n=len(after.catalogue))
    found = {one.anime_id: one for one in shows}

    assert set(NEW_IDS) <= found.keys()
    # Of 155 nothing is known.
    assert {5, 5000} <= {one.anime_id for one in shows[:100]}
    for anime_id in NEW_IDS:
        assert "base" in found[anime_id].components
        assert np.isfinite(found[anime_id].score)


def test_lists_weights_and_trees_stay(refreshed: Path) -> None:
    before, after = bundles(refreshed)
    growth = CatalogueGrowth.between(before.catalogue.index, after.catalogue.index)
    assert before.viewers is not None
    assert after.viewers is not None
    assert before.learned is not None
    assert after.learned is not None

    np.testing.assert_array_equal(after.viewers.user_ids, before.viewers.user_ids)
    np.testing.assert_array_equal(
        after.catalogue.index.ids(after.viewers.items),
        before.catalogue.index.ids(before.viewers.items),
    )
    np.testing.assert_array_equal(after.viewers.ratings, before.viewers.ratings)
    np.testing.assert_array_equal(after.popularity.share[growth.rows], before.popularity.share)
    assert not after.popularity.share[growth.new].any()
    for name, array in before.learned.trees.state().items():
        np.testing.assert_array_equal(after.learned.trees.state()[name], array)
    old, new = before.hybrid.models["collaborative"], after.hybrid.models["collaborative"]
    assert isinstance(old, Ease)
    assert isinstance(new, Ease)
    rows = np.arange(old.n_items, dtype=np.int32)
    np.testing.assert_array_equal(
        new.weights.of(growth.rows).for_each(growth.rows), old.weights.of(rows).for_each(rows)
    )


def test_codes_that_the_trees_know_stay(refreshed: Path) -> None:
    before, after = bundles(refreshed)
    growth = CatalogueGrowth.between(before.catalogue.index, after.catalogue.index)
    assert before.learned is not None
    assert after.learned is not None
    old, new = before.learned.facts, after.learned.facts

    np.testing.assert_array_equal(new.type[growth.rows], old.type)
    np.testing.assert_array_equal(new.genres[growth.rows], old.genres)
    assert new.type_names.tolist() == old.type_names.tolist()
    hologram = after.catalogue.row(155)
    assert new.type_names[new.type[hologram]] == ""


def test_changed_facts_are_taken_over_and_lost_shows_kept(refreshed: Path) -> None:
    _, after = bundles(refreshed)
    changed, gone = (after.catalogue.show(after.catalogue.row(i)) for i in (CHANGED, GONE))

    assert (changed.title, changed.score) == ("Renamed", 9.5)
    assert gone.title
    # Computed anew over all shows that are there: a sequel and its prequel are of one franchise.
    first = after.catalogue.show(after.catalogue.row(10))
    assert first.franchise == 5
    assert after.titles.rows("renamed", 1) == [after.catalogue.row(CHANGED)]


def test_what_happens_is_told(place: Path) -> None:
    write_newest(place)
    notes = Notes()
    refresh(place, notes)

    assert "3 new shows and 1 with changed facts; 1 that it lost are kept" in notes.text


def test_figures_are_marked_as_those_of_the_bundle_before(place: Path) -> None:
    directory = place / "bundles"
    version = str(LocalRegistry(directory).current())
    manifest = open_bundle(directory / version).manifest
    manifest.evaluation["new-viewers"] = {"figures": {"ease": {"ndcg": 0.5}}}
    manifest.write(directory / version)
    write_newest(place)
    first = refresh(place)
    assert first is not None
    LocalRegistry(directory).promote(first.version)
    write_newest(place, new=(Show(anime_id=7000, title="Later still"),))
    second = refresh(place)
    assert second is not None

    assert first.evaluation["new-viewers"][MEASURED_ON] == version
    assert second.evaluation["new-viewers"] == first.evaluation["new-viewers"]
    assert second.refreshed_from == first.version


def test_the_evaluation_report_goes_along(place: Path) -> None:
    directory = place / "bundles" / "current"
    (directory / REPORT_FILE).write_text("<p>Figures</p>")
    manifest = open_bundle(directory).manifest
    documents = {**manifest.documents, REPORT_FILE: describe_file(directory / REPORT_FILE)}
    replace(manifest, documents=documents).write(directory)
    write_newest(place)
    refreshed = refresh(place)
    assert refreshed is not None
    assert refreshed.documents[REPORT_FILE] == documents[REPORT_FILE]


def test_the_model_card_says_of_which_bundle_it_is(place: Path) -> None:
    directory = place / "bundles"
    version = LocalRegistry(directory).current()
    cards = []
    for new in (NEW, (Show(anime_id=7000, title="Later still"),)):
        write_newest(place, new=new)
        manifest = refresh(place)
        assert manifest is not None
        LocalRegistry(directory).promote(manifest.version)
        cards.append((directory / "current" / "model_card.md").read_text())

    for card in cards:
        assert card.startswith("# ")
        assert card.count(CARD_NOTE) == 1
        assert f"{CARD_NOTE} {version}," in card


def test_the_same_input_gives_the_same_bundle(place: Path, refreshed: Path) -> None:
    write_newest(place)
    again = refresh(place)

    assert again is not None
    assert again.bundle_hash == bundles(refreshed)[1].manifest.bundle_hash


def test_without_new_shows_changed_facts_alone_are_published(place: Path) -> None:
    write_newest(place, new=())
    manifest = refresh(place)

    assert manifest is not None
    assert manifest.n_items == open_bundle(place / "bundles").manifest.n_items


def test_a_bundle_without_viewers_takes_the_lists_of_the_tables(
    published: Path, tmp_path: Path
) -> None:
    place = tmp_path / "place"
    publish_world(place, with_viewers=False)
    write_newest(place)
    notes = Notes()
    manifest = refresh(place, notes)
    assert manifest is not None
    before, after = bundles(place)

    assert "those of" in notes.text
    assert after.viewers is None
    assert manifest.n_viewers == before.manifest.n_viewers
    shutil.copytree(published, tmp_path / "with", symlinks=True)
    write_newest(tmp_path / "with")
    refresh(tmp_path / "with")
    _, with_viewers = bundles(tmp_path / "with")
    for name, array in with_viewers.hybrid.models["collaborative"].state().items():
        np.testing.assert_array_equal(after.hybrid.models["collaborative"].state()[name], array)

    (place / "tables" / INTERACTIONS_FILE).unlink()
    with pytest.raises(
        BundleError, match=r"keeps no lists, and .*interactions\.parquet is missing"
    ):
        refresh(place)


def test_a_bundle_of_other_models_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, model in TEST_MODELS.items():
        monkeypatch.setitem(MODELS, name, model)
    LocalRegistry(place / "others").publish(small_bundle)
    with pytest.raises(BundleError, match="only ease and content take up new shows"):
        refresh_catalogue(place, place / "others", PARAMS)


def test_without_a_catalogue_or_a_bundle(place: Path) -> None:
    with pytest.raises(BundleError, match="has no current bundle to refresh"):
        refresh_catalogue(place, place / "nothing", PARAMS)
    (place / "tables" / CATALOGUE_FILE).unlink()
    with pytest.raises(DataError, match="anirec ingest"):
        refresh(place)
    assert not (place / "nothing").exists()


def test_a_lost_link_does_not_part_a_franchise() -> None:
    first, link, last = (
        Show(1, "First", relations=(Relation(2, "SEQUEL"),), franchise=1),
        Show(2, "Link", relations=(Relation(3, "SEQUEL"),), franchise=1),
        Show(3, "Last", franchise=1),
    )
    newest = (first, Show(3, "Last", franchise=3))

    assert [show.franchise for show in merged((first, link, last), newest)] == [1, 1, 1]


def run(place: Path, *arguments: str) -> Result:
    return CliRunner().invoke(
        command,
        [
            *("--refresh-catalogue", "--artifacts", str(place), "--out", str(place / "bundles")),
            *("--cache", str(place / "cache"), *arguments),
        ],
        catch_exceptions=False,
    )


def test_the_verb_publishes_and_says_so(place: Path) -> None:
    write_newest(place)
    done = run(place, "--why", "autumn season")
    registry = LocalRegistry(place / "bundles")

    assert done.exit_code == 0
    assert "published" in done.output
    assert f"current is still {registry.current()}" in done.output
    assert registry.history()[-1].why == "autumn season"


def test_the_verb_publishes_nothing_where_nothing_is_new(place: Path) -> None:
    before = LocalRegistry(place / "bundles").versions()
    done = run(place)
    as_json = run(place, "--json")

    assert done.exit_code == 0
    assert "nothing published" in done.output
    assert json.loads(as_json.stdout) == {
        "version": None,
        "current": LocalRegistry(place / "bundles").current(),
    }
    assert LocalRegistry(place / "bundles").versions() == before


def test_the_verb_tells_in_json_what_it_published(place: Path) -> None:
    write_newest(place)
    about = json.loads(run(place, "--json").stdout)

    assert about["refreshed_from"] == about["current"]
    assert about["path"].endswith(about["version"])


def test_leaving_lists_out_is_no_part_of_a_refresh(place: Path) -> None:
    done = run(place, "--without-viewers")

    assert done.exit_code == 2
    assert "leave --without-viewers out" in done.output


def test_errors_are_one_line(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    with pytest.raises(SystemExit) as stop:
        main(["publish", "--refresh-catalogue", "--out", "empty"])

    assert stop.value.code == 1
    assert "no current bundle to refresh" in capsys.readouterr().err
