"""The second look at the best documents of a ranking, by the posting lists that are in memory."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from harbor_search.engines.analysed_query import Clause
from harbor_search.engines.embedded.query_execution import Execution
from harbor_search.engines.embedded.snapshot import Snapshot, Words64
from harbor_search.engines.embedded.title_match import TitleMatch
from harbor_search.engines.protocol import Criteria
from harbor_search.engines.second_look import DEPTH, reordered, word_columns
from harbor_search.query import Node
from harbor_search.ranking import Top, refine

__all__ = ["refined"]


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
    columns = word_columns(criteria.aspects, clauses, execution.list_of)
    if columns is not None:
        first = scores.copy()
        if preferred is not None:
            has_all = preferred[documents >> 6] >> (documents & 63).astype(np.uint64) & np.uint64(1)
            first /= 1 + criteria.preference * has_all
        refine(execution.address, *columns, documents, scores, first)
    scores *= titles.factors(criteria.typed, top.documents[:DEPTH])
    return reordered(top, scores.tolist(), snapshot.ranks.__getitem__)
