"""What the first results say of the others, where a cluster holds the index."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from harbor_search.config import Settings
from harbor_search.engines.opensearch.term_weights import FIELD, TermWeights, pack_weights
from harbor_search.index import Index, open_index
from tests.support.tired import ARTICLES, QUERY


@pytest.fixture(name="index")
def _index(opensearch_settings: Callable[..., Settings]) -> Iterator[Index]:
    settings = opensearch_settings(synonyms="none", repeated_title=1.0)
    with open_index(settings) as index:
        index.rebuild(ARTICLES)
        yield index


def requests_of(index: Index, query: str, **parameters: Any) -> list[str]:
    """The addresses of the requests that a search makes of the cluster."""
    transport = index.engine._cluster.client.transport  # type: ignore[attr-defined]
    asked, perform = [], transport.perform_request

    def noting(method: str, url: str, *rest: Any, **named: Any) -> Any:
        asked.append(url)
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
    assert sum("_termvectors" in url for url in first) == 1
    index.search("morning")
    assert requests_of(index, QUERY) == requests_of(index, "morning")


def test_where_the_first_results_have_no_say_nothing_is_asked_for_it(index: Index) -> None:
    for parameters in ({"query": "ferritin"}, {"query": QUERY, "strict": True}, {"query": QUERY, "sort": "date"}):
        assert not any("_termvectors" in url for url in requests_of(index, **parameters))


def test_the_weights_of_terms_come_back_as_they_were_but_for_rounding() -> None:
    weighted = {"iron": 2.5, "tea": 0.25, "é": 1e9}
    packed = pack_weights(weighted)
    hit = {"fields": {FIELD: [base64.b64encode(packed).decode().rstrip("=")]}}
    found = TermWeights.of(hit)
    assert [found.weight(term.encode()) for term in weighted] == [2.5, 0.25, 65504.0]
    assert found.weight(b"ir") == found.weight(b"on") == 0
    numbers: dict[bytes, int] = {}
    terms = found.numbered(numbers)
    assert numbers == {"é".encode(): 0, b"iron": 1, b"tea": 2}
    assert terms.terms.dtype == np.int32


def test_a_document_keeps_the_weights_of_its_weightiest_terms_and_one_without_terms_none() -> None:
    packed = pack_weights({f"w{n}": float(n + 1) for n in range(3_000)})
    assert len(packed) < 10_000
    assert packed.startswith(b" w2999 ")
    assert pack_weights({}) == b""
    assert TermWeights.of({"fields": {}}).weight(b"iron") == 0
