"""Rescoring the best documents of a ranking (the second look), as far as it is the same whatever holds the index."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.engines.clauses import Boosted, Clause
from harbor_search.engines.criteria import Aspect, Criteria
from harbor_search.explanation import Part
from harbor_search.query import Node
from harbor_search.ranking import Top

__all__ = ["DEPTH", "RescoringWeights", "WordColumns", "above_rest", "looks_again", "reordered"]
__all__ += ["score_parts", "word_columns"]

DEPTH = 50
"""Documents that are looked at again: on judged queries the first ten are the same for 50 and for 200."""

_Int64s = npt.NDArray[np.int64]


class RescoringWeights(NamedTuple):
    """What counts when the best are looked at again; `config.Settings` has these under the same names and says why.

    Each is a number with a fraction: kernels are compiled for those.
    """

    feedback_share: float = 0.5
    coverage_power: float = 0.2
    title_match: float = 3.0
    repeated_title: float = 0.8
    freshness: float = 0.0
    freshness_days: float = 365.0
    popularity: float = 0.0
    feedback_weight: float = 0.6


class WordColumns(NamedTuple):
    """The words of a query as the kernels have them: see `ranking.refine`."""

    lists: _Int64s
    factors: npt.NDArray[np.float64]
    words: _Int64s
    concepts: _Int64s
    others: _Int64s
    other_concepts: _Int64s


def looks_again(criteria: Criteria) -> bool:
    """Whether criteria ask for a second look."""
    return criteria.sort == "relevance" and bool(criteria.typed)


def word_columns(
    aspects: Sequence[Aspect], clauses: Mapping[Node, Clause | None], list_of: Callable[[Clause], int]
) -> WordColumns | None:
    """The words of a query, whose nodes have these clauses; None for one word alone.

    `list_of` gives the number of the list of a clause, which is below 0 where no document has it.
    """
    lists: list[int] = []
    factors: list[float] = []
    words: list[int] = []
    concepts: list[int] = []
    others: list[tuple[int, int]] = []
    for concept, aspect in enumerate(aspects):
        for ways in aspect.words:
            found = list(_found(ways, clauses, list_of))
            lists += [number for number, _ in found]
            factors += [factor for _, factor in found]
            words += [len(concepts)] * len(found)
            concepts += [concept] if found else []
        others += [(number, concept) for number, _ in _found(aspect.others, clauses, list_of)]
    if len(concepts) < 2:
        return None
    integers = (np.array(each, np.int64) for each in (words, concepts, [n for n, _ in others], [c for _, c in others]))
    return WordColumns(np.array(lists, np.int64), np.array(factors, np.float64), *integers)


def _found(
    nodes: Sequence[Node], clauses: Mapping[Node, Clause | None], list_of: Callable[[Clause], int]
) -> Iterator[tuple[int, float]]:
    """The lists of nodes that any document has, and what they count."""
    for node in nodes:
        clause = clauses.get(node)
        if clause is not None and (number := list_of(clause)) >= 0:
            yield number, clause.factor if isinstance(clause, Boosted) else 1.0


def reordered(top: Top, scores: Sequence[float], best: Sequence[int]) -> Top:
    """`top` in the order of its new scores, whose places are given, `best` first; the rest as `above_rest` has it."""
    return above_rest(top, [top.documents[place] for place in best], [scores[place] for place in best])


def above_rest(top: Top, documents: list[int], scores: list[float]) -> Top:
    """The first documents of `top` in their new order with their new scores, best first.

    Those that have none stay below: their scores shrink where they must.
    """
    rest = top.scores[len(scores) :]
    if not rest:
        return Top(documents, scores, top.matches)
    shrunk = min(1.0, scores[-1] / rest[0])
    below = top.documents[len(scores) :]
    return Top([*documents, *below], [*scores, *[score * shrunk for score in rest]], top.matches)


def score_parts(first: float, words: float, rules: Sequence[tuple[str, float]], *, rounding: float) -> Iterator[Part]:
    """What made `words` of a score that was `first`: its words, seen again, and then rule after rule, each with the
    factor by which it counted. Differences of a share of `rounding` are none."""
    reached = words
    for _, factor in rules:
        reached /= factor
    if abs(reached - first) > rounding * abs(first):
        yield Part("second_look", "", reached - first)
    for name, factor in rules:
        if factor != 1.0:
            yield Part(name, "", reached * factor - reached)
        reached *= factor
