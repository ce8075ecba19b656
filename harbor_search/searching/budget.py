"""What a search may cost: known before it begins, so that dear ones can wait, and the dearest do less."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

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


@runtime_checkable
class _Estimating(Protocol):
    def cost(self, query: Query) -> int: ...


def estimate(engine: SearchEngine, query: Query, request: SearchRequest) -> int:
    """About what `request` costs, in postings; 0 where the engine does not say, as it does the work elsewhere."""
    if not isinstance(engine, _Estimating):
        return 0
    behind = request.cursor.offset if request.cursor else (request.page - 1) * request.per_page
    shown = request.per_page * SNIPPETS if request.snippets else request.per_page
    return engine.cost(query) + shown + behind * RANK


def within(engine: SearchEngine, query: Query, budget: int) -> tuple[Query, bool]:
    """`query`, and whether alternatives had to be left out of it, the dearest first, to keep to `budget` postings.

    By cost and not by the clock, so that a question has the same answer each time. What every hit must have stays.
    """
    if not isinstance(engine, _Estimating) or engine.cost(query) <= budget:
        return query, False
    tree = tree_of(query)
    if not isinstance(tree, Boolean) or len(tree.should) < 2:
        return query, False
    cheapest = sorted(tree.should, key=engine.cost)
    fixed = sum(map(engine.cost, (*tree.must, *tree.must_not)))
    kept: list[Node] = cheapest[:1]
    for each in cheapest[1:]:
        if fixed + sum(map(engine.cost, kept)) + engine.cost(each) > budget:
            break
        kept.append(each)
    left = tuple(each for each in tree.should if each in kept)
    return tree._replace(should=left), len(left) < len(tree.should)
