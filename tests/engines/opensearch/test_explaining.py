"""What a cluster says of a score becomes parts that add up to it."""

from __future__ import annotations

import pytest

from harbor_search.engines.opensearch.explaining import explanation_of

TERM = {"value": 2.0, "description": "weight(terms:iron in 5) [PerFieldSimilarity], result of:", "details": []}
PHRASE = {
    "value": 1.0,
    "description": 'weight(body:"blocks iron" in 5) [PerFieldSimilarity], result of:',
    "details": [],
}
WEAKER = {"value": 0.4, "description": "weight(terms:ferrum in 5) [PerFieldSimilarity], result of:", "details": []}


def test_sums_products_and_alternatives_become_words() -> None:
    boosted = {
        "value": 0.5,
        "description": "function score, product of:",
        "details": [PHRASE, {"value": 0.5, "description": "boost", "details": []}],
    }
    best = {"value": 2.0, "description": "max of:", "details": [TERM, WEAKER]}
    found = explanation_of({"value": 2.5, "description": "sum of:", "details": [best, boosted]}, position=1)
    assert [(part.kind, part.text, part.score) for part in found.parts] == [
        ("word", "iron", pytest.approx(2.0)),
        ("phrase", "blocks iron", pytest.approx(0.5)),
    ]


def test_what_is_not_understood_is_there_as_other() -> None:
    found = explanation_of({"value": 3.0, "description": "something new", "details": []}, position=None)
    assert [(part.kind, part.score) for part in found.parts] == [("other", 3.0)]
