"""What the first results say of the others, where a cluster holds the index."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from harbor_search.analysis import get_analyzer
from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.engines.opensearch.article_terms import ArticleTerms
from harbor_search.engines.opensearch.term_weights import FIELD, TermWeights, pack_weights
from harbor_search.index import Index, open_index
from tests.support.tired import ARTICLES, QUERY

FOR_FEEDBACK = "_termvectors body_terms"
"""What a request ends in that asks how frequent words of articles are; those of a query are looked for in all fields."""


@pytest.fixture(name="index")
def _index(opensearch_settings: Callable[..., Settings]) -> Iterator[Index]:
    settings = opensearch_settings(synonyms="none", repeated_title=1.0)
    with open_index(settings) as index:
        index.rebuild(ARTICLES)
        yield index


def requests_of(index: Index, query: str, **parameters: Any) -> list[str]:
    """The addresses of the requests that a search makes of the cluster, with what those for frequencies ask about."""
    transport = index.engine._cluster._reader.transport  # type: ignore[attr-defined]
    asked, perform = [], transport.perform_request

    def noting(method: str, url: str, *rest: Any, **named: Any) -> Any:
        fields = named["body"]["fields"] if "_termvectors" in url else ()
        asked.append(f"{url} {' '.join(fields)}".strip())
        return perform(method, url, *rest, **named)

    transport.perform_request = noting
    try:
        index.search(query, **parameters)
    finally:
        del transport.perform_request
    return [url for url in asked if "_mapping" not in url]


def test_articles_that_speak_of_what_the_first_do_come_before_others(index: Index) -> None:
    hits = index.search(QUERY, explain=True).hits
    assert [hit.id for hit in hits if not hit.id.startswith("good")] == ["fits", "strays"]
    parts = {part.kind: part.score for hit in hits[:4] if hit.explanation for part in hit.explanation.parts}
    assert parts["feedback"] > 0
    for hit in hits:
        assert hit.explanation
        assert sum(part.score for part in hit.explanation.parts) == pytest.approx(hit.score, abs=1e-4)


def test_what_is_asked_again_takes_no_more_requests_than_without(index: Index) -> None:
    first = requests_of(index, QUERY)
    assert sum(url.endswith(FOR_FEEDBACK) for url in first) == 1
    index.search("morning")
    assert requests_of(index, QUERY) == requests_of(index, "morning")


def test_where_the_first_results_have_no_say_nothing_is_asked_for_it(index: Index) -> None:
    for parameters in ({"query": "ferritin"}, {"query": QUERY, "strict": True}, {"query": QUERY, "sort": "date"}):
        assert not any(url.endswith(FOR_FEEDBACK) for url in requests_of(index, **parameters))


def stored(packed: bytes) -> TermWeights:
    return TermWeights.of({"fields": {FIELD: [base64.b64encode(packed).decode().rstrip("=")]}})


def test_the_weights_of_terms_come_back_as_they_were_but_for_rounding() -> None:
    found = stored(pack_weights({"iron": 2.5, "tea": 0.25, "é": 1e9}, {"tea": [1, 2]}))
    assert [found.weight(term.encode()) for term in ("iron", "tea", "é")] == [2.5, 0.25, 65504.0]
    assert found.weight(b"ir") == found.weight(b"on") == 0


def test_of_the_beginning_of_a_document_it_is_known_how_often_each_term_stands_in_title_and_text() -> None:
    packed = pack_weights({"iron": 2.5, "tea": 0.25, "late": 9.0}, {"tea": [1, 300], "iron": [0, 2]})
    numbers: dict[bytes, int] = {}
    terms = stored(packed).numbered(numbers, title=10.0, text=0.5)
    assert numbers == {b"tea": 0, b"iron": 1}
    assert terms.terms.dtype == np.int32
    assert terms.weights.tolist() == [10 + 255 * 0.5, 1.0]


def test_a_document_keeps_the_terms_of_its_beginning_and_the_weightiest_of_the_others() -> None:
    packed = pack_weights({f"w{n}": float(n + 1) for n in range(3_000)}, {"w7": [0, 1]})
    assert len(packed) < 10_000
    assert packed.startswith(b" w7 w2999 ")
    assert pack_weights({}, {}) == b""
    assert TermWeights.of({"fields": {}}).weight(b"iron") == 0


def test_what_is_said_late_in_a_long_text_has_no_say_as_in_the_embedded_engine() -> None:
    text = "Tea hinders iron. " * 700 + "Ferritin"
    (analysed,) = ArticleTerms(get_analyzer("english")).analyse([Article("a", "Tea", (Section("Iron", "", text),))])
    assert "ferritin" in analysed.words
    assert "ferritin" not in analysed.leading
    assert analysed.leading["tea"] == [1, 556]  # of 700: what 10,000 bytes have room for
