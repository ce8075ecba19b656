"""Answers are compressed for clients that take it, and mean the same."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pytest
import zstandard
from flask.testing import FlaskClient
from werkzeug.test import Client

from harbor_search.web.compression import compressed

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

DECODE = {"gzip": gzip.decompress, "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body)}


@pytest.mark.parametrize("address", ["/search?q=sleep", "/static/harbor.css"])
@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("zstd;q=0, *", "gzip"),
        ("gzip;q=0.5, zstd;q=0.1", "gzip"),
        ("GZIP ; q=1.0", "gzip"),
    ],
)
def test_a_client_gets_the_coding_it_prefers(client: FlaskClient, address: str, accepted: str, coding: str) -> None:
    plain = client.get(address)
    answer = client.get(address, headers={"Accept-Encoding": accepted})
    assert answer.headers["Content-Encoding"] == coding
    assert int(answer.headers["Content-Length"]) == len(answer.data) < len(plain.data)
    # Only the time taken differs between two answers to one question.
    assert abs(len(DECODE[coding](answer.data)) - len(plain.data)) < 20
    assert "Accept-Encoding" in answer.headers["Vary"] and "Accept-Encoding" in plain.headers["Vary"]


def test_an_answer_that_is_unchanged_says_what_it_depends_on_too(client: FlaskClient) -> None:
    for address in ("/search?q=sleep", "/api/v1/search?q=sleep"):
        answer = client.get(address, headers={"If-None-Match": client.get(address).headers["ETag"]})
        assert answer.status_code == 304
        assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize("accepted", ["", "br", "identity", "gzip;q=0", ";;;,gzip;q=x"])
def test_a_client_that_accepts_no_coding_gets_an_uncompressed_response(client: FlaskClient, accepted: str) -> None:
    assert "Content-Encoding" not in client.get("/search?q=sleep", headers={"Accept-Encoding": accepted}).headers


def test_responses_that_fit_into_a_packet_are_not_compressed(client: FlaskClient) -> None:
    assert "Content-Encoding" not in client.get("/healthz", headers={"Accept-Encoding": "gzip"}).headers


@pytest.mark.parametrize("name", ["Content-Encoding", "content-encoding"])
def test_a_response_that_is_coded_already_stays_as_it_is(name: str) -> None:
    def coded(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain"), (name, "br")])
        return [b"coded" * 1000]

    answer = Client(compressed(coded)).get("/", headers={"Accept-Encoding": "gzip"})
    assert answer.headers.getlist("Content-Encoding") == ["br"]
    assert answer.data == b"coded" * 1000


def test_texts_are_known_however_the_header_is_written() -> None:
    def text(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("content-type", "text/plain")])
        return [b"text" * 1000]

    assert Client(compressed(text)).get("/", headers={"Accept-Encoding": "gzip"}).headers["Content-Encoding"] == "gzip"


def test_head_promises_the_headers_of_get(client: FlaskClient) -> None:
    headers = client.head("/static/harbor.css", headers={"Accept-Encoding": "gzip"}).headers
    assert headers["Content-Encoding"] == "gzip"
    assert "Content-Length" not in headers
