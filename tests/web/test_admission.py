"""Expensive searches: they wait in a lane of their own, count for more, and the most expensive do less."""

from __future__ import annotations

import pytest

from harbor_search.config import Settings
from harbor_search.query import Boolean, Query, Term, tree_of
from harbor_search.searching import SearchRequest, search
from harbor_search.web import create_app
from harbor_search.web.admission import DEFER
from harbor_search.web.services import SLOW
from tests.support.articles import collection
from tests.support.memory_engine import MemoryEngine


class Estimating(MemoryEngine):
    """Each letter of a word costs a hundred postings."""

    def cost(self, query: Query) -> int:
        tree = tree_of(query)
        if isinstance(tree, Boolean):
            return sum(map(self.cost, (*tree.must, *tree.should, *tree.must_not)))
        return len(tree.text) * 100 if isinstance(tree, Term) else 0


class Deferred(BaseException):
    pass


SETTINGS = Settings(slow_lane_cost=300_000, client_requests=40)
CHEAP, EXPENSIVE = "/api/v1/search?q=iron", "/search?q=iron&per_page=50"


def test_an_expensive_search_is_deferred_before_any_work_and_answered_in_the_slow_lane() -> None:
    engine = Estimating(collection())
    client = create_app(SETTINGS, engine).test_client()
    assert client.get(CHEAP, environ_overrides={DEFER: Deferred}).status_code == 200
    engine.search = lambda *_: pytest.fail("it was searched")  # type: ignore[method-assign,assignment]
    with pytest.raises(Deferred):
        client.get(EXPENSIVE, environ_overrides={DEFER: Deferred})
    del engine.search
    assert client.get(EXPENSIVE, environ_overrides={DEFER: Deferred, SLOW: True}).status_code == 200


def test_a_server_without_a_slow_lane_answers_everything() -> None:
    assert create_app(SETTINGS, Estimating(collection())).test_client().get(EXPENSIVE).status_code == 200


def test_an_expensive_search_counts_for_several_requests() -> None:
    client = create_app(SETTINGS, Estimating(collection())).test_client()
    headers = {"X-Forwarded-For": "198.51.100.1"}
    assert [client.get(EXPENSIVE, headers=headers).status_code for _ in range(12)].count(200) < 11
    assert [client.get(CHEAP, headers={"X-Forwarded-For": "198.51.100.2"}).status_code for _ in range(12)] == [200] * 12


def test_the_most_expensive_alternatives_are_left_out_and_the_answer_says_so() -> None:
    engine = Estimating(collection())
    whole = search(engine, SearchRequest(q="iron sleep tiredness"), Settings())
    reduced = search(engine, SearchRequest(q="iron sleep tiredness"), Settings(max_query_cost=1000))
    only = search(engine, SearchRequest(q="iron sleep"), Settings())
    assert (whole.partial, reduced.partial) == (False, True)
    assert [hit.id for hit in reduced.hits] == [hit.id for hit in only.hits]


def test_what_every_hit_must_have_is_never_left_out() -> None:
    results = search(Estimating(collection()), SearchRequest(q="+iron +sleep"), Settings(max_query_cost=1))
    assert not results.partial


@pytest.mark.parametrize(
    "query",
    [
        " OR ".join(f"word{number}" for number in range(60)),
        "sl* tir*",
        '"of the" "in the" "to the" "and the" "is a" "for the"',
        '"of the"~50 "and of"~50',
        "irn~2 slep~2",
    ],
)
def test_queries_that_take_long_to_highlight_are_expensive_and_usual_ones_are_not(query: str) -> None:
    client = create_app(Settings(), Estimating(collection())).test_client()
    lanes = {DEFER: Deferred}
    asked = {"q": query, "snippets": "1"}
    with pytest.raises(Deferred):
        client.get("/api/v1/search", query_string=asked, environ_overrides=lanes)
    assert (
        client.get("/api/v1/search", query_string=asked | {"snippets": "0"}, environ_overrides=lanes).status_code == 200
    )
    question = 'my lower back went out yesterday, what should I do about "back pain"'
    assert client.get("/api/v1/search", query_string={"q": question}, environ_overrides=lanes).status_code == 200
