"""Whatever bytes a source holds, each file has its outcome and none stops the others."""

import gzip
import json
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harbor_search.article import Article, article_to_dict
from harbor_search.ingest import Read, Refused, Skipped
from harbor_search.store.segment.article_record import display_of, pack_article, unpack_article
from tests.ingest.reading import outcomes, page

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

WORDS = st.sampled_from(
    "HealthHarbor|Location:HOME > Health > content|Health|Title|January 06, 2025Health2036|Title Body|Body.|\n|\n\n|\r\n"
    "|---|title: x|date: 2025-01-01|# |## |- |1. |> |```|<p>|</p>|<h2>|<ul><li>|<table><tr><td>|<main>|<nav>|<!--|-->"
    "|<script>|<meta charset=utf-8>|<title>|</title>|&amp;|&#0;|[a](b)|![|](|<br>|\ufeff|\x00|\x07|\u2028|\x85|:|?| ".split(
        "|"
    )
)
SOUP = st.lists(WORDS | st.text(max_size=20), max_size=40).map("".join)
BYTES = (
    st.binary(max_size=300)
    | SOUP.map(lambda text: text.encode("utf-8", "surrogatepass"))
    | SOUP.map(lambda text: text.encode("utf-16", "surrogatepass"))
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | SOUP,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    "id title text url sections heading anchor body lead summary date views tags section language source".split()
)


def check(name: str, data: bytes) -> None:
    """A file of these bytes, between two good ones, has outcomes, and what is read of it is clean."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.txt").write_text(page("First."))
        (Path(folder) / f"b{name}").write_bytes(data)
        (Path(folder) / "c.txt").write_text(page("Last."))
        first, *found, last = outcomes(Path(folder))
    assert isinstance(first, Read) and isinstance(last, Read)
    assert found
    for outcome in found:
        assert isinstance(outcome, Read | Refused | Skipped)
        if isinstance(outcome, Read):
            check_article(outcome.article)
        else:
            assert outcome.source and outcome.reason


def check_article(article: Article) -> None:
    """What every article promises its readers."""
    assert article.id and article.title.strip()
    assert any(section.text for section in article.body)
    assert any(section.text.startswith(article.lead) for section in article.body if section.text)
    assert unpack_article(pack_article(article), display_of(article)) == article
    for text in every_text(article_to_dict(article)):
        text.encode()
        assert unicodedata.is_normalized("NFC", text)
        assert not any(unicodedata.category(c) == "Cc" and c != "\n" for c in text)


def every_text(value: Any) -> list[str]:
    """All texts in a JSON value."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in inner for text in every_text(each)]


@pytest.mark.parametrize("name", [".txt", ".md", ".html", ".jsonl"])
@CALM
@given(data=BYTES)
def test_any_bytes_have_an_outcome(name: str, data: bytes) -> None:
    check(name, data)


@CALM
@given(data=BYTES)
def test_any_bytes_in_a_compressed_file_have_an_outcome(data: bytes) -> None:
    check(".jsonl.gz", gzip.compress(data))
    check(".jsonl.gz", gzip.compress(data)[: len(data) // 2 + 12])


@CALM
@given(records=st.lists(st.dictionaries(FIELDS, JSON, max_size=6) | JSON, min_size=1, max_size=4))
def test_any_records_have_an_outcome(records: list[Any]) -> None:
    check(".jsonl", "\n".join(map(json.dumps, records)).encode())


@CALM
@given(front=st.dictionaries(FIELDS, JSON, max_size=5), text=SOUP)
def test_any_front_matter_has_an_outcome(front: dict[str, Any], text: str) -> None:
    check(".md", f"---\n{json.dumps(front)}\n---\n{text}".encode("utf-8", "surrogatepass"))


@CALM
@given(before=SOUP, after=SOUP)
def test_any_page_with_something_like_a_header_has_an_outcome(before: str, after: str) -> None:
    text = f"{before}\nLocation:HOME > Health > content\nHealth\n{before}\nJanuary 06, 2025Health2036\n{after}"
    check(".txt", text.encode("utf-8", "surrogatepass"))
