"""What another site sends is refused, what our own pages and programs send is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from anirec.lists.list_code import encode_list
from anirec.web.cross_site import WHY
from web.test_api_errors import check_problem
from web.test_kept import KEEP, LIST, keep

if TYPE_CHECKING:
    from flask.testing import FlaskClient

ELSEWHERE = "http" + "://evil.example"
HERE = "http" + "://localhost"

REFUSED = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "anything"},
    {"Sec-Fetch-Site": ""},
    # What a browser says of the site outweighs the rest.
    {"Sec-Fetch-Site": "cross-site", "Origin": HERE},
    {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    # Browsers from before 2023, and plain HTTP
    {"Origin": ELSEWHERE},
    {"Origin": f"{HERE}:8080"},
    {"Origin": f"{HERE}.evil.example"},
    {"Origin": f"{HERE}@evil.example"},
    {"Origin": "http" + "://[broken"},
    {"Origin": "localhost"},
    {"Origin": ELSEWHERE, "Referer": f"{HERE}/recommendations"},
    {"Referer": f"{ELSEWHERE}/page?{HERE}"},
    {"Origin": "null", "Referer": f"{ELSEWHERE}/"},
]
ALLOWED = [
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Origin": HERE},
    # Behind a proxy that speaks TLS
    {"Origin": "https" + "://localhost"},
    {"Referer": f"{HERE}/recommendations"},
    # A browser says no more of our pages over plain HTTP: they let no referrer out.
    {"Origin": "null"},
    {},
]


@pytest.mark.parametrize("headers", REFUSED, ids=repr)
def test_another_site_changes_nothing(keeping: FlaskClient, headers: dict[str, str]) -> None:
    address, code = keep(keeping), encode_list(LIST)
    before = keeping.get(address).text
    for path, fields in (
        (KEEP, {"list": code}),
        (f"{KEEP}/changes", {"list": code, "link": address}),
        (f"{address}/delete", {}),
        ("/lists/name", {"source": "anilist", "username": "someone"}),
        ("/lists/file", {}),
        ("/recommendations", {"list": code}),
        ("/nowhere", {}),
    ):
        answer = keeping.post(path, data=fields, headers=headers)
        assert answer.status_code == 403
        assert WHY in answer.text
        assert "Back to the start" in answer.text
        assert "Content-Security-Policy" in answer.headers
    assert keeping.get(address).text == before


@pytest.mark.parametrize("headers", ALLOWED, ids=repr)
def test_our_own_pages_and_programs_are_let_through(
    keeping: FlaskClient, headers: dict[str, str]
) -> None:
    answer = keeping.post(KEEP, data={"list": encode_list(LIST)}, headers=headers)
    assert answer.status_code == 303
    assert keeping.post(f"{answer.headers['Location']}/delete", headers=headers).status_code == 303


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_the_api_refuses_it_too_as_a_problem(keeping: FlaskClient, method: str) -> None:
    refused = getattr(keeping, method)("/api/v1/profiles", headers=REFUSED[0], json={})
    assert check_problem(refused, 403)["detail"] == WHY


@pytest.mark.parametrize("body", ["text/plain", "application/x-www-form-urlencoded"])
def test_what_a_form_of_another_site_can_send_is_no_json(keeping: FlaskClient, body: str) -> None:
    """Everything else asks first (preflight), and we answer no such question."""
    for path in ("/api/v1/profiles", "/api/v1/feedback"):
        check_problem(keeping.post(path, data=b'{"history": []}', content_type=body), 415)
        asked = keeping.options(path, headers={"Origin": ELSEWHERE})
        assert not [name for name, _ in asked.headers if name.startswith("Access-Control-")]


def test_looking_is_free(keeping: FlaskClient) -> None:
    for headers in REFUSED:
        assert keeping.get("/", headers=headers).status_code == 200
        assert keeping.head("/", headers=headers).status_code == 200
