"""What a search may cost: known before it begins, so that expensive ones can wait, and the most expensive do less."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from harbor_search.engines import SearchEngine
from harbor_search.query import Boolean, Boosted, DisMax, Fuzzy, Node, Phrase, PlainQuery, Prefix, Query, Term, tree_of
from harbor_search.searching.request import SearchRequest

__all__ = ["Admit", "estimate", "within"]

Admit = Callable[[int], None]
"""Called with a search's cost before any of its work; raises where it is not to be done here and now."""

SNIPPETS = 20_000
"""What a hit with its passages counts, in postings: about as long as it takes to read so many."""

MARKED, MARKED_PHRASE, MARKED_NEAR, MARKED_EXPANSION = 7_000, 40_000, 80_000, 150_000
"""What it counts besides for each word of the query, each phrase, each phrase with words in between, and each pattern,
which is looked for in every text that is shown. Measured: sixty words, six phrases of stop words or two patterns take
five times as long as what readers ask, and nearly all of it goes into passages."""

RANK = 10
"""What each hit before the page counts: it is kept among the best, and then passed over."""


def estimate(engine: SearchEngine, query: Query, request: SearchRequest) -> int:
    """About what `request` costs, in postings; 0 where the engine does the work elsewhere."""
    cost = engine.cost(query)
    if cost is None:
        return 0
    offset = request.cursor.offset if request.cursor else (request.page - 1) * request.per_page
    shown = request.per_page * (SNIPPETS + _marking(query) if request.snippets else 1)
    return cost + shown + offset * RANK


def _marking(query: Query) -> int:
    """What it counts to find all that matches in the text of one hit."""
    if isinstance(query, PlainQuery):
        return sum(_marking_of(piece.node) for piece in query.pieces)
    return _marking_of(query)


def _marking_of(node: Node) -> int:
    if isinstance(node, Term):
        return MARKED
    if isinstance(node, Phrase):
        return MARKED_NEAR if node.slop else MARKED_PHRASE
    if isinstance(node, Prefix | Fuzzy):
        return MARKED_EXPANSION
    if isinstance(node, Boolean):
        return sum(map(_marking_of, (*node.must, *node.should)))
    if isinstance(node, Boosted):
        return _marking_of(node.node)
    return max(map(_marking_of, node.nodes), default=0) if isinstance(node, DisMax) else 0


def within(engine: SearchEngine, query: Query, budget: int) -> tuple[Query, bool]:
    """`query` with its most expensive alternatives left out until it keeps to `budget` postings, and whether any were.

    By cost and not by the clock, so that a question has the same answer each time. What every hit must have stays.
    """
    if _cost(engine, query) <= budget:
        return query, False
    cost = partial(_cost, engine)
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


def _cost(engine: SearchEngine, query: Query) -> int:
    return engine.cost(query) or 0
