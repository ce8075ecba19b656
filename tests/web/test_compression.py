"""Answers are compressed for clients that take it, and mean the same."""

from __future__ import annotations

import gzip

import pytest
import zstandard
from flask.testing import FlaskClient

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


@pytest.mark.parametrize("accepted", ["", "br", "identity", "gzip;q=0", ";;;,gzip;q=x"])
def test_a_client_that_accepts_no_coding_gets_an_uncompressed_response(client: FlaskClient, accepted: str) -> None:
    assert "Content-Encoding" not in client.get("/search?q=sleep", headers={"Accept-Encoding": accepted}).headers


def test_responses_that_fit_into_a_packet_are_not_compressed(client: FlaskClient) -> None:
    assert "Content-Encoding" not in client.get("/healthz", headers={"Accept-Encoding": "gzip"}).headers


def test_head_promises_the_headers_of_get(client: FlaskClient) -> None:
    headers = client.head("/static/harbor.css", headers={"Accept-Encoding": "gzip"}).headers
    assert headers["Content-Encoding"] == "gzip"
    assert "Content-Length" not in headers
