"""What a search may cost: known before it begins, so that dear ones can wait, and the dearest do less."""

from __future__ import annotations

from collections.abc import Callable

from harbor_search.engines import SearchEngine
from harbor_search.query import Boolean, Node, Query, tree_of
from harbor_search.searching.request import SearchRequest

__all__ = ["Admit", "estimate", "within"]

Admit = Callable[[int], None]
"""Called with a search's cost before any of its work; raises where it is not to be done here and now."""

SNIPPETS = 20_000
"""What a hit with its passages counts, in postings: about 50 microseconds of either."""

RANK = 10
"""What each hit before the page counts: it is kept among the best, and then passed over."""


def _cost_of(engine: SearchEngine) -> Callable[[Query], int] | None:
    """What tells the cost of a query, if the engine does. (A check against a protocol takes longer than a search.)"""
    return getattr(engine, "cost", None)


def estimate(engine: SearchEngine, query: Query, request: SearchRequest) -> int:
    """About what `request` costs, in postings; 0 where the engine does not say, as it does the work elsewhere."""
    cost = _cost_of(engine)
    if cost is None:
        return 0
    behind = request.cursor.offset if request.cursor else (request.page - 1) * request.per_page
    shown = request.per_page * SNIPPETS if request.snippets else request.per_page
    return cost(query) + shown + behind * RANK


def within(engine: SearchEngine, query: Query, budget: int) -> tuple[Query, bool]:
    """`query`, and whether alternatives had to be left out of it, the dearest first, to keep to `budget` postings.

    By cost and not by the clock, so that a question has the same answer each time. What every hit must have stays.
    """
    cost = _cost_of(engine)
    if cost is None or cost(query) <= budget:
        return query, False
    tree = tree_of(query)
    if not isinstance(tree, Boolean) or len(tree.should) < 2:
        return query, False
    cheapest = sorted(tree.should, key=cost)
    fixed = sum(map(cost, (*tree.must, *tree.must_not)))
    kept: list[Node] = cheapest[:1]
    for each in cheapest[1:]:
        if fixed + sum(map(cost, kept)) + cost(each) > budget:
            break
        kept.append(each)
    left = tuple(each for each in tree.should if each in kept)
    return tree._replace(should=left), len(left) < len(tree.should)
