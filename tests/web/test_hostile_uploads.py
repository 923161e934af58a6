"""Whatever is uploaded: no fault of ours, no hang, no memory gone."""

from __future__ import annotations

import socket
from operator import itemgetter
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

import psutil
import pytest
import urllib3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lists.exports import anime, gdpr, mal_xml
from lists.hostile_files import HOSTILE
from web.running_server import running
from web.uploads import BOUNDARY, FORM, LISTS, form, upload
from web.web_world import plain_bundle

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

ANSWERS = {200, 413, 415, 422}
SECONDS = 2.0
LONGER_THAN_HONEST = 2.0
"""On a machine on which the longest honest list takes long, so much longer may a hostile file take."""
BYTES = 200_000_000


@pytest.fixture(scope="module")
def limit(app: Flask) -> float:
    """Seconds: two, unless this machine takes more than one for the longest list that is whole."""
    client = app.test_client()
    began = process_time()
    assert upload(client, HOSTILE["XML: long list"]()).status_code == 200
    return max(SECONDS, LONGER_THAN_HONEST * (process_time() - began))


def test_there_are_enough_of_them() -> None:
    assert len(HOSTILE) >= 100


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_answered(client: FlaskClient, name: str, limit: float) -> None:
    data = HOSTILE[name]()
    began = process_time()
    answer = upload(client, data)
    seconds = process_time() - began
    assert answer.status_code in ANSWERS
    if answer.status_code != 200:
        detail = answer.get_json()["detail"]
        assert answer.mimetype == "application/problem+json"
        assert len(detail) < 400
        assert "\n" not in detail
    assert seconds < limit


FORMS = {
    "no boundary": (b"x" * 1000, "multipart/form-data"),
    "empty boundary": (b"x" * 1000, "multipart/form-data; boundary="),
    "long boundary": (b"x" * 1000, f"multipart/form-data; boundary={'b' * 10_000}"),
    "boundaries only": (f"--{BOUNDARY}\r\n".encode() * 100_000, FORM),
    "half boundaries": (f"\r\n--{BOUNDARY[:-1]}".encode() * 100_000, FORM),
    "line ends": (b"\r\n" * 2_000_000, FORM),
    "no end": (form(b"<myanimelist/>")[:-10], FORM),
    "many headers": (f"--{BOUNDARY}\r\n".encode() + b"A: b\r\n" * 500_000, FORM),
    "a long header": (f"--{BOUNDARY}\r\nA: ".encode() + b"b" * 2_000_000, FORM),
    "a long name": (form(b"x", "n" * 100_000), FORM),
    "a way up": (form(b"x", "../../../etc/passwd"), FORM),
    "zero in the name": (form(b"x", "a\0b"), FORM),
    "a form in the form": (form(form(b"x")), FORM),
    "many parts": (
        (f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n').encode()
        * 20_000,
        FORM,
    ),
    "a long field": (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"\r\n\r\n'.encode()
        + b"b" * 2_000_000
        + f"\r\n--{BOUNDARY}--\r\n".encode(),
        FORM,
    ),
    "an unknown charset": (form(b"x"), f"{FORM}; charset=x-none"),
    "a transfer encoding": (
        form(b"x").replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n", 1),
        FORM,
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_hostile_form_is_answered(client: FlaskClient, name: str, limit: float) -> None:
    body, content_type = FORMS[name]
    began = process_time()
    answer = client.post(LISTS, data=body, content_type=content_type)
    assert process_time() - began < limit
    assert answer.status_code in ANSWERS


pieces = st.sampled_from(
    [
        *(
            b"<",
            b">",
            b"</",
            b"/>",
            b"&",
            b";",
            b"<![CDATA[",
            b"]]>",
            b"<!--",
            b"-->",
            b"<?xml",
            b"?>",
        ),
        *(b"<!DOCTYPE", b"<!ENTITY", b"<myanimelist>", b"</myanimelist>", b"<anime>", b"</anime>"),
        *(b"<series_animedb_id>10", b"</series_animedb_id>", b"<my_status>", b"<manga>"),
        *(b"{", b"}", b"[", b"]", b",", b":", b'"lists"', b'"entries"', b'"series_id"', b'"score"'),
        *(b'"media"', b'"mediaId"', b"null", b"1e99", b"-1", b"NaN", b'"\\ud800"', b"10"),
        *(b"anime_id", b"rating", b"status", b"\n", b"\r", b'"', b"\x1f\x8b\x08", b"PK\x03\x04"),
        *(b"\xff\xfe", b"\xef\xbb\xbf", b"\0", b"\xc3", b" "),
    ]
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(pieces | st.binary(max_size=4), max_size=40).map(b"".join))
def test_any_mixture_is_answered(client: FlaskClient, data: bytes) -> None:
    assert upload(client, data).status_code in ANSWERS


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([mal_xml(anime(10), anime(20)), gdpr({"series_id": 1}, {"series_id": 2})]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), pieces), min_size=1, max_size=4),
)
def test_a_good_file_with_wounds_is_answered(
    client: FlaskClient, data: bytes, wounds: list[tuple[float, int, bytes]]
) -> None:
    for place, length, instead in wounds:
        at = int(place * len(data))
        data = data[:at] + instead + data[at + length :]
    assert upload(client, data).status_code in ANSWERS


def peak(process: psutil.Process) -> int:
    """The most memory that a process has taken since ``forget``."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def forget(process: psutil.Process) -> None:
    Path(f"/proc/{process.pid}/clear_refs").write_text("5")


@pytest.mark.real
def test_a_server_stands_all_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: float
) -> None:
    """The figures of docs/lists.md: slowest answer, and memory above idle, of a server process."""
    bundle = plain_bundle(tmp_path / "bundle")
    monkeypatch.setenv("ANIREC_REQUEST_LOG", "0")
    with running(bundle, "--workers", "1", "--threads", "4") as (server, address):
        pool = urllib3.PoolManager(retries=False)

        def send(body: bytes, content_type: str) -> tuple[int, float]:
            began = perf_counter()
            headers = {"Content-Type": content_type, "Connection": "close"}
            answer = pool.request("POST", f"{address}{LISTS}", body=body, headers=headers)
            return answer.status, perf_counter() - began

        assert send(form(mal_xml(anime(10))), FORM)[0] == 200
        (worker,) = psutil.Process(server.pid).children()
        # An upload that never ends holds nobody else up.
        host, port = address.removeprefix("http://").split(":")
        half = socket.create_connection((host, int(port)))
        half.sendall(
            f"POST {LISTS} HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\n"
            "Content-Length: 1000000\r\n\r\n".encode()
            + form(b"<myanimelist>")[:200]
        )
        forget(worker)
        idle = worker.memory_info().rss
        slowest, highest = {}, {}
        for name, make in HOSTILE.items():
            forget(worker)
            status, seconds = send(form(make()), FORM)
            assert status in ANSWERS, name
            slowest[name], highest[name] = seconds, peak(worker) - idle
        for name, (body, content_type) in FORMS.items():
            status, seconds = send(body, content_type)
            # The server itself refuses long headers, before the application sees them.
            assert status in ANSWERS | {431}, name
            slowest[name], highest[name] = seconds, peak(worker) - idle
        status, seconds = send(form(bytes(50_000_000)), FORM)
        assert status == 413
        slowest["50 MB"] = seconds
        print(max(slowest.items(), key=itemgetter(1)))  # noqa: T201
        print(max(highest.items(), key=itemgetter(1)))  # noqa: T201
        assert max(slowest.values()) < limit
        assert max(highest.values()) < BYTES
        assert worker.is_running()
        half.close()
