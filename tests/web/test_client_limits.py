"""Nobody takes all of the server's time, and nobody pays for another, behind proxies or not."""

from __future__ import annotations

import ipaddress
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient

from harbor_search.config import Settings
from harbor_search.errors import UserError
from harbor_search.web import create_app
from harbor_search.web.client_limits import _Limits, client_address
from tests.support.articles import collection
from tests.support.memory_engine import MemoryEngine

PROXIES = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("::1"))


@pytest.mark.parametrize(
    ("remote", "forwarded", "client"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        # Not from a proxy of ours, so the header is the client's own invention.
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        # What the client itself sent stands on the left of what our proxy added.
        ("127.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "10.9.9.9, 198.51.100.1, 10.0.0.3", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("::1", "[2001:db8:1:2:3:4:5:6]:80", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "", "203.0.113.9"),
        # A proxy that does not tell speaks for everybody, who cannot be limited as one.
        ("127.0.0.1", "", ""),
        ("127.0.0.1", "10.0.0.3", ""),
        ("127.0.0.1", "<script>, x", "nonsense"),
    ],
)
def test_the_client_is_the_last_address_that_is_not_a_trusted_proxy(remote: str, forwarded: str, client: str) -> None:
    assert client_address(remote, forwarded, PROXIES) == client


@pytest.fixture
def limited() -> FlaskClient:
    return create_app(Settings(client_requests=5), MemoryEngine(collection())).test_client()


def asked(
    client: FlaskClient, address: str, forwarded: str = "198.51.100.1", path: str = "/api/v1/search?q=iron"
) -> int:
    return client.get(path, headers={"X-Forwarded-For": forwarded}, environ_base={"REMOTE_ADDR": address}).status_code


def test_a_client_over_its_limit_is_told_when_to_retry(limited: FlaskClient) -> None:
    assert [asked(limited, "127.0.0.1") for _ in range(7)] == [200] * 5 + [429] * 2
    answer = limited.get("/api/v1/search?q=iron", headers={"X-Forwarded-For": "198.51.100.1"})
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["type"].endswith("#too-many-requests")
    assert int(answer.headers["Retry-After"]) > 0
    assert "Too many requests" in limited.get("/problems", headers={"X-Forwarded-For": "198.51.100.2"}).text
    page = limited.get("/search?q=iron", headers={"X-Forwarded-For": "198.51.100.1"})
    assert (page.status_code, page.mimetype) == (429, "text/html")


def test_other_clients_and_health_checks_are_answered_meanwhile(limited: FlaskClient) -> None:
    for _ in range(9):
        asked(limited, "127.0.0.1")
    assert asked(limited, "127.0.0.1", "198.51.100.2") == 200
    assert asked(limited, "127.0.0.1", path="/healthz") == 200
    # No header at all: the proxy does not say whom it speaks for.
    assert limited.get("/api/v1/search?q=iron").status_code == 200


def test_forged_headers_do_not_make_new_clients(limited: FlaskClient) -> None:
    spoofed = [asked(limited, "127.0.0.1", f"192.0.2.{number}, 198.51.100.1") for number in range(7)]
    direct = [asked(limited, "203.0.113.7", f"192.0.2.{number}") for number in range(7)]
    assert spoofed == direct == [200] * 5 + [429] * 2


def test_invalid_trusted_proxies_stop_the_program() -> None:
    with pytest.raises(UserError, match="trusted_proxies"):
        create_app(Settings(trusted_proxies="proxy.local"), MemoryEngine())


class OneAtATime:
    """A limiter that is not made for two threads at once."""

    def __init__(self) -> None:
        self.inside = False

    def hit(self, *_: object, cost: int) -> bool:
        assert not self.inside
        self.inside = True
        time.sleep(0.002)
        self.inside = False
        return True


def test_requests_of_both_lanes_are_counted_one_after_the_other() -> None:
    limits = _Limits(Settings())
    limits._limiter = OneAtATime()  # type: ignore[assignment]
    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(lambda _: limits.hit("198.51.100.1", 1), range(40)))
