"""Whatever is typed, the answer is results or a polite refusal, never a fault of ours."""

from __future__ import annotations

import json
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from harbor_search.config import Settings
from harbor_search.web import create_app
from tests.support.articles import collection
from tests.support.memory_engine import MemoryEngine
from tests.web.page import Page

PIECES = [*'"()+-*~:\\/<>&%\0\n\t\u202e\ufeff a1é睡😴', "AND", " OR ", "NOT ", "title:", "sleep"]
SIGNS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
NAMES = st.sampled_from(["q", "page", "per_page", "sort", "section", "date_from", "date_to", "strict", "v", ""])
VALUES = st.one_of(
    TEXT,
    SIGNS,
    st.integers().map(str),
    st.floats().map(str),
    st.dates().map(str),
    st.sampled_from(["relevance", "views", "Health > Sleep", ">", " > > ", "1e3", "0x1", "٣", "²", "2025-02-30", "1"]),
)

asked: FlaskClient = create_app(Settings(), MemoryEngine(collection())).test_client()


def assert_answered(query: str) -> None:
    """The JSON endpoint and the page answer `query` alike: with results or with a reason."""
    data, page = asked.get(f"/api/v1/search?{query}"), asked.get(f"/search?{query}")
    assert data.status_code == page.status_code
    assert data.status_code in (200, 400), data.text
    body = json.loads(data.data)
    assert ("hits" in body) if data.status_code == 200 else body["detail"]
    assert len(Page(page.text, page.status_code).all("//h1")) == 1


@settings(deadline=None)  # the machine may be busy
@given(SIGNS | TEXT)
def test_any_words_are_answered(words: str) -> None:
    assert_answered(urlencode({"q": words}))


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.tuples(NAMES, VALUES), max_size=5))
def test_any_parameters_are_answered(pairs: list[tuple[str, str]]) -> None:
    assert_answered(urlencode(pairs))


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=60))
def test_any_bytes_in_the_address_are_answered(raw: bytes) -> None:
    assert_answered("q=" + quote(raw))
    assert_answered(raw.decode("latin-1").replace("#", "").encode("latin-1").hex(" ").replace(" ", "%"))


@settings(deadline=None)  # the machine may be busy
@given(TEXT | SIGNS, SIGNS)
def test_any_article_address_is_answered(article_id: str, words: str) -> None:
    tail = quote(article_id, safe="") + "?" + urlencode({"q": words})
    assert asked.get(f"/articles/{tail}").status_code == 404
    # Without an id it is the address that many articles are sent to.
    assert asked.get(f"/api/v1/articles/{tail}").status_code == (404 if article_id else 400)
    assert asked.get(f"/articles/food/iron?{urlencode({'q': words})}").status_code == 200


def test_no_character_that_html_cannot_have_is_on_a_page(client: FlaskClient) -> None:
    for address in ("/search?q=sleep%00%01%1f%7f%0b", "/articles/sleep?q=a%00b"):
        text = client.get(address).text
        assert not [each for each in text if ord(each) < 32 and each not in "\t\n\f\r"], address
        assert "\ufffd" in text or "/articles/" in address


@pytest.mark.parametrize("query", ["q=%ff%fe", "q=%00", "q=%ED%A0%80", "q", "=", "&&&", "%", "q=%zz", "q=sleep;page=2"])
def test_broken_addresses_are_answered(query: str) -> None:
    assert_answered(query)


def test_an_article_stays_readable_when_the_words_to_mark_cannot_be_searched_for() -> None:
    page = asked.get("/articles/food/iron?q=" + "x" * 5000)
    assert page.status_code == 200
    assert "Feeling tired" in page.text
