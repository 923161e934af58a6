"""The page for a list that somebody brings: the list lives in the address and nowhere else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from anirec.data.histories import Entry
from anirec.data.schema import Status
from anirec.lists.list_code import CodedList, decode_list, encode_list
from anirec.web.asked_list import MAX_IN_ADDRESS
from small_world import FIRST_USER
from web.uploads import FORM, form
from web.web_world import SHOW

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from anirec.recommender import Recommender

PAGE = "/recommendations"
LIST = CodedList((Entry(30, 9), Entry(40, 2), Entry(50, 0, Status.PLAN_TO_WATCH)), frozenset({60}))
IN_PLACE = {"HX-Request": "true", "HX-Target": "results"}
LONG = CodedList(tuple(Entry(7 * place, place % 11) for place in range(2_000)))


def shown(html: str) -> list[int]:
    return [int(anime_id) for anime_id in re.findall(r'<h3><a href="/anime/(\d+)"', html)]


def squeezed(html: str) -> str:
    return re.sub(r"\s+", " ", html)


def list_in(address: str) -> CodedList:
    return decode_list(parse_qs(urlsplit(address).query).get("list", [""])[0])


def test_the_page_shows_what_the_recommender_says(
    client: FlaskClient, recommender: Recommender
) -> None:
    found = recommender.recommend(LIST.entries, 24, filters={"adult": False, "without_shows": [60]})
    query = {"list": encode_list(LIST)}
    page = client.get(PAGE, query_string=query)
    assert shown(page.text) == [one.anime_id for one in found]
    assert not {30, 40, 60} & set(shown(page.text))
    api = client.get(f"/api/v1{PAGE}", query_string={**query, "n": 24}).get_json()
    assert [one["anime_id"] for one in api["recommendations"]] == shown(page.text)


def test_without_a_list_shows_are_offered_to_rate(client: FlaskClient) -> None:
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "Which of these did you like?" in page.text
    assert 'value="like:' in page.text


def test_a_pick_leads_to_the_longer_list_and_keeps_the_wishes(client: FlaskClient) -> None:
    query = {"list": encode_list(LIST), "change": "like:70", "blend": "60", "genres": "Action"}
    answer = client.get(PAGE, query_string=query)
    assert answer.status_code == 303
    location = answer.headers["Location"]
    assert set(list_in(location).entries) == {*LIST.entries, Entry(70, 9)}
    assert list_in(location).hidden == LIST.hidden
    assert "blend=60" in location
    assert "genres=Action" in location
    assert "change" not in location
    again = client.get(location)
    assert again.status_code == 200
    assert 70 not in shown(again.text)


def test_taking_a_reason_out_changes_the_answer(client: FlaskClient) -> None:
    page = client.get(PAGE, query_string={"list": encode_list(LIST)})
    assert 'value="forget:30"' in page.text
    query = {"list": encode_list(LIST), "change": "forget:30"}
    answer = client.get(PAGE, query_string=query)
    assert 30 not in {entry.anime_id for entry in list_in(answer.headers["Location"]).entries}


def test_a_click_for_a_known_viewer_takes_the_list_along(
    client: FlaskClient, recommender: Recommender
) -> None:
    answer = client.get(f"/users/{FIRST_USER}?variety=30&change=hide:{SHOW}")
    location = answer.headers["Location"]
    assert answer.status_code == 303
    assert list_in(location).hidden == {SHOW}
    own = {entry for entry in recommender.history(FIRST_USER) if entry.anime_id != SHOW}
    assert set(list_in(location).entries) == own
    assert "variety=30" in location


def test_the_form_of_a_known_viewer_goes_on_with_the_own_list(client: FlaskClient) -> None:
    own = f"/users/{FIRST_USER}?list={encode_list(LIST)}"
    clicked = client.get(f"{own}&change=like:70")
    assert set(list_in(clicked.headers["Location"]).entries) == {*LIST.entries, Entry(70, 9)}
    steered = client.get(f"{own}&variety=40")
    assert list_in(steered.headers["Location"]).entries == LIST.entries
    assert "variety=40" in steered.headers["Location"]


def test_a_form_at_its_defaults_leads_to_a_plain_address(client: FlaskClient) -> None:
    form = {"list": encode_list(LIST), "n": "24", "niche": "0", "year_from": "", "variety": "0"}
    answer = client.get(PAGE, query_string=form)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{PAGE}?list={encode_list(LIST)}"


def test_a_list_too_long_for_an_address_is_posted(client: FlaskClient) -> None:
    code = encode_list(LONG)
    assert len(code) > MAX_IN_ADDRESS
    page = client.post(PAGE, data={"list": code})
    assert page.status_code == 200
    assert 'id="steer" action="/recommendations" method="post"' in page.text
    assert f'name="list" value="{code}"' in page.text
    changed = client.post(PAGE, data={"list": code, "change": "hide:20"})
    assert changed.status_code == 200
    after = re.search(r'name="list" value="([^"]+)" form="steer"', changed.text)
    assert after is not None
    assert decode_list(after[1]).hidden == {20}


def test_500_entries_and_all_wishes_stay_below_4000_bytes(client: FlaskClient) -> None:
    long = CodedList(tuple(Entry(117 * place, place % 11) for place in range(500)))
    query = {
        "list": encode_list(long),
        "change": "like:5114",
        "genres": "Action, Drama, Comedy",
        "blend": "60",
        "niche": "-50",
        "year_from": "1990",
        "franchise_repeats": "0",
    }
    answer = client.get(PAGE, query_string=query)
    assert answer.status_code == 303
    assert len(answer.headers["Location"].encode()) <= 4_000


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("year_from=2020&year_to=2000", "nothing lies between"),
        ("genres=Actoin", "did you mean Action"),
        ("niche=200", "from -100 to 100"),
        ("change=love:3", "none of ours"),
        ("n=0", "from 1 to 100"),
    ],
)
def test_a_wrong_wish_is_said_on_the_page_and_loses_no_list(
    client: FlaskClient, query: str, words: str
) -> None:
    code = encode_list(LIST)
    answer = client.get(f"{PAGE}?list={code}&{query}")
    assert answer.status_code == 422
    assert words in answer.text
    assert 'role="alert"' in answer.text
    assert f'name="list" value="{code}"' in answer.text


def test_a_damaged_link_is_said_kindly(client: FlaskClient) -> None:
    code = encode_list(LIST)[:-3]
    page = client.get(f"{PAGE}?list={code}")
    assert page.status_code == 422
    assert "copy the whole link" in page.text
    problem = client.get(f"/api/v1{PAGE}?list={code}")
    assert problem.status_code == 422
    assert problem.mimetype == "application/problem+json"


def test_where_filters_leave_little_the_page_names_them(client: FlaskClient) -> None:
    page = client.get(f"{PAGE}?list={encode_list(LIST)}&members_from=999999999")
    assert "members (" in page.text
    assert "0 shows are left" in page.text


def test_what_of_the_own_plans_to_watch_next(client: FlaskClient) -> None:
    page = client.get(f"{PAGE}?list={encode_list(LIST)}&unplanned=0")
    assert shown(page.text) == [50]
    hidden = client.get(f"{PAGE}?list={encode_list(LIST)}&planned=0")
    assert 50 not in shown(hidden.text)


def test_a_show_is_found_with_a_slip_and_can_be_rated(client: FlaskClient) -> None:
    page = client.get(f"{PAGE}?list={encode_list(LIST)}&find=vrey lnog road")
    assert f'value="like:{SHOW}" aria-label="Liked it' in page.text
    assert "Nothing is called" in client.get(f"{PAGE}?find=qqqqqqqq").text


def test_a_list_that_outgrows_the_address_in_place_changes_the_form(client: FlaskClient) -> None:
    entries = tuple(Entry(7 * place, place % 11) for place in range(1, 1_200))
    kept = CodedList(entries)
    while len(encode_list(kept)) > MAX_IN_ADDRESS:
        kept = CodedList(kept.entries[:-1])
    while len(encode_list(kept)) <= MAX_IN_ADDRESS:
        code = encode_list(kept)
        kept = CodedList((*kept.entries, Entry(kept.entries[-1].anime_id + 7, 8)))
    last = kept.entries[-1].anime_id
    query = {"list": code, "change": f"8:{last}"}
    answer = client.get(PAGE, query_string=query, headers=IN_PLACE)
    assert answer.status_code == 200
    assert answer.headers["HX-Retarget"] == answer.headers["HX-Reselect"] == "main"
    assert answer.headers["HX-Push-Url"] == "false"
    assert 'method="post"' in answer.text


@pytest.mark.parametrize(
    "asked",
    [
        {"change": "like:70", "niche": "40"},
        {"change": "forget:20", "find": "hero", "rate": "30"},
        {"find": "", "rate": "30", "blend": "50", "n": "24"},
        {"genres": "No such genre", "n": "24"},
    ],
)
@pytest.mark.parametrize("page", [PAGE, f"/users/{FIRST_USER}"])
def test_what_changes_in_place_comes_without_a_redirect(
    client: FlaskClient, page: str, asked: dict[str, str]
) -> None:
    query = asked | ({"list": encode_list(LIST)} if page == PAGE else {})
    led = client.get(page, query_string=query)
    there = client.get(led.headers["Location"])
    part = client.get(page, query_string=query, headers=IN_PLACE)
    assert (part.status_code, part.headers["HX-Push-Url"]) == (
        there.status_code, led.headers["Location"],
    )  # fmt: skip
    assert "HX-Target" in led.headers["Vary"]
    assert "HX-Target" in part.headers["Vary"]
    assert 'id="steer"' not in part.text
    whole = re.sub(
        r'(<button[^>]*?) form="steer"( name="(?:change|rate)")', r"\1\2", squeezed(there.text)
    )
    for kept in (r'<div id="results">.*</section> </div> </div>', r'<nav class="languages".*?</nav>',
                 r'<span id="twin">.*?</span>', r"<title>.*?</title>"):  # fmt: skip
        found = re.search(kept, squeezed(part.text))
        assert found is not None
        assert found[0] in whole
    # Which form a button sends is said when it is pressed.
    assert not re.search(r"<button[^>]* form=\"steer\"[^>]* name=\"change\"", part.text)


def test_a_viewers_page_goes_on_with_the_own_list(client: FlaskClient) -> None:
    """After a first click the form there, which stays as it was, holds the own list."""
    query = {"list": encode_list(LIST), "rate": "30", "find": "", "n": "24"}
    part = client.get(f"/users/{FIRST_USER}", query_string=query, headers=IN_PLACE)
    assert 'class="rating"' in part.text
    assert part.headers["HX-Push-Url"].startswith(f"{PAGE}?")
    wrong = client.get(f"/users/{FIRST_USER}", query_string={**query, "n": "-1"}, headers=IN_PLACE)
    assert wrong.status_code == 422
    assert f'name="list" value="{encode_list(LIST)}"' in wrong.text


def test_what_changes_of_a_posted_page_comes_alone(client: FlaskClient) -> None:
    sent = {"list": encode_list(LONG), "niche": "40", "change": "hide:20"}
    part = client.post(PAGE, data=sent, headers=IN_PLACE)
    assert (part.status_code, part.headers.get("HX-Push-Url")) == (200, None)
    assert 'id="steer"' not in part.text
    assert 'formaction="?lang=japanese"' in part.text
    assert shown(part.text) == shown(client.post(PAGE, data=sent).text)
    # Short enough for an address again
    short = client.post(PAGE, data=sent | {"list": encode_list(LIST)}, headers=IN_PLACE)
    assert short.status_code == 303


def test_what_has_no_field_goes_along_with_the_form(client: FlaskClient) -> None:
    query = f"?list={encode_list(LIST)}&without_types=Movie&without_shows=70"
    page = client.get(PAGE + query).text
    assert '<input type="hidden" name="without_types" value="Movie">' in page
    assert '<input type="hidden" name="without_shows" value="70">' in page


def test_a_posted_page_is_posted_again_in_another_language(client: FlaskClient) -> None:
    sent = {"list": encode_list(LONG), "niche": "40", "change": "hide:20"}
    page = client.post(PAGE, data=sent).text
    form = re.search(r'<form class="languages".*?</form>', page, re.DOTALL)
    assert form is not None
    assert dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0])) == sent
    assert 'formaction="?lang=japanese"' in form[0]
    again = client.post(f"{PAGE}?lang=japanese", data=sent)
    assert 'aria-pressed="true" lang="ja"' in again.text
    assert "lang=japanese" in again.headers["Set-Cookie"]


def test_an_upload_is_not_posted_again_for_its_language(client: FlaskClient) -> None:
    data = form(b"anime_id,rating\n20,9\n")
    assert "Language of titles" not in client.post("/lists/file", data=data, content_type=FORM).text


def test_ratings_are_offered_for_a_show_of_the_list(client: FlaskClient) -> None:
    code = encode_list(LIST)
    page = client.get(PAGE, query_string={"list": code, "rate": "30"})
    assert re.search(r'value="9:30"[^>]*aria-pressed="true"', page.text)
    assert 'value="forget:30"' in page.text
    full = {"list": code, "rate": "30", "blend": "50", "n": "24"}
    assert "rate=30" in client.get(PAGE, query_string=full).headers["Location"]
    for wrong in ("31", "-1", "x", "9" * 40, ""):
        page = client.get(PAGE, query_string={"list": code, "rate": wrong})
        assert page.status_code == 200
        assert 'class="rating"' not in page.text


def test_links_at_the_top_carry_the_list_of_the_page(client: FlaskClient) -> None:
    code = encode_list(LIST)
    for page in (f"{PAGE}?list={code}", f"/taste?list={code}", f"/together?list={code}"):
        assert f'href="{PAGE}?list={code}"' in client.get(page).text
    assert "?list=" not in client.get("/models").text


def test_what_is_typed_is_answered_alone(client: FlaskClient) -> None:
    whole = client.get(PAGE, query_string={"find": "hero"})
    part = client.get(PAGE, query_string={"find": "hero"}, headers={"HX-Target": "found"})
    assert part.text.strip().startswith('<div id="found">')
    assert squeezed(part.text).strip() in squeezed(whole.text)
    assert "Liked it" in part.text
    assert "<html" not in part.text
    assert "HX-Target" in part.headers["Vary"]
    nothing = client.get(PAGE, query_string={"find": ""}, headers={"HX-Target": "found"})
    assert "value=" not in nothing.text
