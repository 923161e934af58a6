from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from anirec.bundle.registry import LocalRegistry
from anirec.ranking.filters import Filters
from anirec.ranking.reasons import Reason
from anirec.ranking.recommendation import Recommendation, Recommendations
from anirec.recommender import Recommender
from small_world import ADULT, FIRST_USER

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]


def json_of(run: Run, *arguments: object) -> Any:
    code, out, err = run(*arguments, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def test_recommend_answers_as_the_library_does(run: Run, bundles: Path) -> None:
    answer = json_of(run, "recommend", "--user-id", FIRST_USER, "-n", 4)
    rec = Recommender.load(bundles / "current")
    expected = rec.recommend_user(FIRST_USER, 4)
    assert answer["recommendations"] == [show.to_dict() for show in expected]
    assert answer["ignored"] == []
    assert answer["removed"] == {}
    assert answer["model"] == rec.model


def test_weights_filters_and_diversity_reach_the_library(run: Run) -> None:
    answer = json_of(
        run, "recommend", "--user-id", FIRST_USER, "--content", 1, "--no-adult", "-n", 60
    )
    assert all(show["components"]["collaborative"] == 0 for show in answer["recommendations"])
    assert 0 < answer["removed"]["adult"] <= len(ADULT)
    plain = json_of(run, "recommend", "--user-id", FIRST_USER)
    varied = json_of(run, "recommend", "--user-id", FIRST_USER, "--diversity", 1)
    assert varied != plain


def test_every_filter_has_an_option(run: Run) -> None:
    options = {"--no-adult", "--no-dislikes"}
    for verb in ("recommend", "similar"):
        _, out, _ = run(verb, "--help")
        for name, field in Filters.model_fields.items():
            words = name.replace("_", "-")
            many = words[:-1] if isinstance(field.default, tuple) else words
            option = f"--no-{words}" if field.default is True else f"--{many}"
            options.add(option)
            assert f"{option} " in " ".join(out.split()), option
    assert len(options) == len(Filters.model_fields) + 1


def test_filters_and_dislikes_reach_the_library(run: Run, bundles: Path) -> None:
    rec = Recommender.load(bundles / "current")
    answer = json_of(
        run, "recommend", "--user-id", FIRST_USER, "--genre", "action", "--no-recaps",
        "--no-franchise-repeats", "--no-dislikes", "--without-genre", "Drama",
    )  # fmt: skip
    wanted = {
        "genres": "Action", "recaps": False, "franchise_repeats": False, "without_genres": "Drama"
    }  # fmt: skip
    expected = rec.recommend_user(FIRST_USER, filters=wanted, dislikes=False)
    assert answer["recommendations"] == [show.to_dict() for show in expected]
    assert answer["removed"] == expected.removed
    answer = json_of(run, "similar", 110, "--genre", "Drama")
    assert answer["removed"] == rec.similar(110, filters={"genres": "Drama"}).removed


def test_lines_where_there_is_no_terminal(run: Run) -> None:
    code, out, _ = run("recommend", "--user-id", FIRST_USER, "-n", 3)
    assert code == 0
    lines = [line.split("\t") for line in out.splitlines()]
    assert [line[0] for line in lines] == ["1", "2", "3"]
    assert {len(line) for line in lines} == {7}


def test_a_prequel_says_what_it_comes_before(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    said = Reason(40, "Show 3", "content", 1.0)
    found = Recommendations(
        [
            Recommendation(300, "Show 29", 1.0, {"content": 1.0}, [said], instead_of=310),
            Recommendation(500, "Show 49", 0.5, {"content": 0.5}, [said]),
        ]
    )
    monkeypatch.setattr(Recommender, "recommend_user", lambda *arguments: found)
    _, out, _ = run("recommend", "--user-id", FIRST_USER, "--no-sequels-before-prequels")
    because = [line.split("\t")[-1] for line in out.splitlines()]
    assert because == ["comes before Show 30, Show 3", "Show 3"]


def test_a_table_on_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    _, out, _ = run("similar", 110, "-n", 3)
    assert "title" in out.splitlines()[0]
    assert len(out.splitlines()) == 4


def test_a_list_from_a_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    path.write_text('[{"anime_id": 10, "rating": 9}, {"anime_id": 5}]')
    answer = json_of(run, "recommend", "--history", path)
    assert answer["ignored"] == [5]
    assert len(answer["recommendations"]) == 10
    _, out, err = run("recommend", "--history", path)
    assert out
    assert err == "ignored, for the catalogue lacks them: 5\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "is not valid JSON"),
        ('{"anime_id": 1}', "must hold a JSON list"),
        ("[1]", "must hold a JSON list"),
        ("3", "must hold a JSON list"),
        ('[{"anime_id": "x"}]', "must be a whole number, not 'x'"),
        ('[{"anime_id": 10, "rating": null}]', "the rating of a list entry"),
        ('[{"anime_id": 10, "rating": 11}]', "the rating of anime 10"),
    ],
)
def test_an_unusable_file_is_one_sentence(run: Run, tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "list.json"
    path.write_text(text)
    code, out, err = run("recommend", "--history", path)
    assert (code, out) == (1, "")
    assert says in err
    assert str(path) in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("recommend", "--user-id", 7),
        ("similar", 7),
        ("recommend", "--user-id", 7, "--bundle", "nowhere"),
        ("recommend", "--history", "nowhere.json"),
        ("promote", "v9"),
        ("rollback",),
        ("rollback", "--registry", "nowhere"),
        ("recommend", "--user-id", 7, "--bundle", "gs://shelf/bundles"),
        ("serve", "--bundle", "gs://shelf/bundles", "--port", 0),
        ("promote", "--registry", "gs://shelf/bundles"),
        ("recommend", "--user-id", FIRST_USER, "--genre", "Actoin"),
        ("similar", 110, "--without-tag", "Travel"),
    ],
)
def test_what_is_unknown_is_one_sentence_and_exit_1(run: Run, arguments: tuple[object]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (1, "")
    assert err.startswith("anirec: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("recommend",),
        ("recommend", "--user-id", "letters"),
        ("recommend", "--user-id", 1, "--history", "x.json"),
        ("recommend", "--user-id", 1, "-n", 0),
        ("recommend", "--user-id", 1, "--content", -1),
        ("similar", 110, "--content", 0),
        ("recommend", "--user-id", 1, "--year-from", 2020, "--year-to", 2000),
        ("similar", 110, "--score-from", 11),
        ("similar", 110, "--year-from", "soon"),
    ],
)
def test_wrong_usage_is_exit_2(run: Run, arguments: tuple[object]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert "Error: " in err


def test_similar(run: Run) -> None:
    answer = json_of(run, "similar", 110, "-n", 3)
    assert len(answer["recommendations"]) == 3
    assert 110 not in [show["anime_id"] for show in answer["recommendations"]]


def test_promote_lists_and_rollback_says_where_it_went(run: Run, bundles: Path) -> None:
    version = LocalRegistry(bundles).current()
    _, out, _ = run("promote")
    assert out.splitlines()[0] == f"{version}  current"
    assert "publish" in out.splitlines()[1]
    listed = json_of(run, "promote")
    assert (listed["versions"], listed["current"]) == ([version], version)
    _, out, _ = run("promote", version, "--why", "sure")
    assert out == f"{version} is current already\n"
    (bundles / "current").unlink()
    _, out, _ = run("promote", version, "--why", "sure")
    assert out == f"current is now {version}\n"
    assert json_of(run, "promote")["history"][-1]["why"] == "sure"
    _, out, _ = run("promote", "--registry", "empty")
    assert "anirec publish --out empty" in out


def test_the_bundle_may_come_from_the_environment(
    run: Run, bundles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundles.rename(tmp_path / "elsewhere")
    monkeypatch.setenv("ANIREC_BUNDLE", "elsewhere")
    for arguments in (("recommend", "--user-id", FIRST_USER), ("similar", 110)):
        assert len(json_of(run, *arguments)["recommendations"]) == 10
