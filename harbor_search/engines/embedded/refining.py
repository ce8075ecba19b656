"""The second look at the best documents of a ranking: what the kernel needs to know of a query, and its answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from harbor_search.engines.analysed_query import Boosted, Clause
from harbor_search.engines.embedded.query_execution import Execution
from harbor_search.engines.embedded.snapshot import Snapshot, Words64
from harbor_search.engines.embedded.title_match import TitleMatch
from harbor_search.engines.protocol import Aspect, Criteria
from harbor_search.query import Node
from harbor_search.ranking import Top, refine

__all__ = ["DEPTH", "refined"]

DEPTH = 50
"""Documents that are looked at again: on judged queries the first ten are the same for 50 and for 200."""

_Columns = list[npt.NDArray[np.int64] | npt.NDArray[np.float64]]


def refined(
    top: Top,
    criteria: Criteria,
    clauses: Mapping[Node, Clause | None],
    execution: Execution,
    preferred: Words64 | None,
    snapshot: Snapshot,
    titles: TitleMatch,
) -> Top:
    """`top` with its first `DEPTH` documents in the order of a second look; the others stay behind them.

    `clauses` are those of the query's nodes; documents of `preferred` scored more, as the criteria say.
    """
    if not top.documents:
        return top
    documents = np.array(top.documents[:DEPTH], np.int64)
    scores = np.array(top.scores[:DEPTH], np.float64)
    columns = _columns(criteria.aspects, clauses, execution)
    if columns is not None:
        first = scores.copy()
        if preferred is not None:
            has_all = preferred[documents >> 6] >> (documents & 63).astype(np.uint64) & np.uint64(1)
            first /= 1 + criteria.preference * has_all
        refine(execution.address, *columns, documents, scores, first)
    scores *= titles.factors(criteria.typed, top.documents[:DEPTH])
    return _ordered(top, scores.tolist(), snapshot.ranks)


def _columns(aspects: Sequence[Aspect], clauses: Mapping[Node, Clause | None], execution: Execution) -> _Columns | None:
    """The lists of a query's words as the kernel has them; None for one word alone."""
    lists: list[int] = []
    factors: list[float] = []
    words: list[int] = []
    concepts: list[int] = []
    others: list[tuple[int, int]] = []
    for concept, aspect in enumerate(aspects):
        for ways in aspect.words:
            found = list(_found(ways, clauses, execution))
            lists += [number for number, _ in found]
            factors += [factor for _, factor in found]
            words += [len(concepts)] * len(found)
            concepts += [concept] if found else []
        others += [(number, concept) for number, _ in _found(aspect.others, clauses, execution)]
    if len(concepts) < 2:
        return None
    integers = (np.array(each, np.int64) for each in (words, concepts, [n for n, _ in others], [c for _, c in others]))
    return [np.array(lists, np.int64), np.array(factors, np.float64), *integers]


def _found(
    nodes: Sequence[Node], clauses: Mapping[Node, Clause | None], execution: Execution
) -> Iterator[tuple[int, float]]:
    """The posting lists of nodes that any document has, and what they count."""
    for node in nodes:
        clause = clauses.get(node)
        if clause is not None and (number := execution.list_of(clause)) >= 0:
            yield number, clause.factor if isinstance(clause, Boosted) else 1.0


def _ordered(top: Top, scores: Sequence[float], ranks: npt.NDArray[np.int32]) -> Top:
    """`top` in the order of its new scores. Those that have none stay below: their scores shrink where they must."""
    best = sorted(zip(top.documents, scores, strict=False), key=lambda each: (-each[1], ranks[each[0]]))
    rest = top.scores[len(scores) :]
    shrunk = min(1.0, best[-1][1] / rest[0]) if rest else 1.0
    documents = [document for document, _ in best] + list(top.documents[len(scores) :])
    return Top(documents, [score for _, score in best] + [score * shrunk for score in rest], top.matches)
