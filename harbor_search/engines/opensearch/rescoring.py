"""Rescoring the best hits (the second look): named queries tell what each word of the query scored in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.engines.clauses import Boosted, Clause, Leaf, leaves
from harbor_search.engines.criteria import Criteria
from harbor_search.engines.feedback import LEAST_SHARED, voters_of, wanted
from harbor_search.engines.opensearch.answers import has_name, id_of
from harbor_search.engines.opensearch.feedback import Feedback
from harbor_search.engines.opensearch.search_request import PREFERRED
from harbor_search.engines.priors import prior_factors
from harbor_search.engines.rescoring import DEPTH, RescoringWeights, WordColumns, reordered, word_columns
from harbor_search.engines.title_match import factor, repetitions, title_words
from harbor_search.query import Node
from harbor_search.ranking import Top, best_first, refine_impacts

__all__ = ["NO_WORDS", "PRIOR_FIELDS", "AskedWords", "Refined", "asked_words", "refined"]

PRIOR_FIELDS = ({"field": "published", "format": "strict_date"}, {"field": "views"})
"""What hits have to have along where their dates or views count."""

Json = dict[str, Any]
Float64s = npt.NDArray[np.float64]


class Refined(NamedTuple):
    """Places of hits in the order of a second look, with their new scores; by name what the scores of the first
    `DEPTH` hits count for anything but words, in the order in which that was counted; and the places of those whose
    title a better one has, with the place of that one."""

    top: Top
    rules: Sequence[tuple[str, Sequence[float]]]
    repeats: Mapping[int, int]

    @property
    def feedback(self) -> bool:
        """Whether what the first hits say had a say in the order."""
        return any(name == "feedback" for name, _ in self.rules)

    def shrunk(self, hits: Sequence[Json]) -> float:
        """What the scores of `hits` after those that were looked at again count."""
        return self.top.scores[DEPTH] / (hits[DEPTH]["_score"] or 1.0) if len(hits) > DEPTH else 1.0

    def rules_of(self, place: int) -> tuple[tuple[str, float], ...]:
        """What the score of one hit counts for anything but words."""
        return tuple((name, factors[place]) for name, factors in self.rules if place < len(factors))


class AskedWords(NamedTuple):
    """What a second look asks about: clauses of the words of a query and of what stands for them, the `names` by which
    the cluster tells what they score, and the `most` that can be (float64[names]); `columns` have what any article
    has."""

    names: Mapping[Clause, str]
    most: Float64s
    columns: WordColumns | None

    @property
    def first_wanted(self) -> npt.NDArray[np.int64] | None:
        """The names of which the first hits must have one to know more about the query: see `engines.feedback`."""
        if self.columns is None:
            return None
        return wanted(self.columns, self.most[self.columns.lists] * self.columns.factors)

    def impacts(self, hits: Sequence[Json]) -> Float64s:
        """float64[names, hits]: those of the words in hits."""
        reached = np.array([[_scored(hit, name) for hit in hits] for name in self.names.values()])
        return reached / np.maximum(self.most, 1e-9)[:, None]


NO_WORDS = AskedWords({}, np.empty(0), None)


def asked_words(criteria: Criteria, clauses: Mapping[Node, Clause | None], weights: Mapping[Leaf, float]) -> AskedWords:
    """The words of a query whose nodes have these clauses, and whose leaves score at most `weights`."""
    nodes = [node for each in criteria.aspects for ways in (*each.words, each.others) for node in ways]
    found = (_bare(clause) for node in nodes if (clause := clauses.get(node)) is not None)
    names = {clause: str(number) for number, clause in enumerate(dict.fromkeys(found))}
    most = [sum(weights[leaf] for leaf in leaves(clause)) for clause in names]

    def list_of(clause: Clause) -> int:
        number = int(names[_bare(clause)])
        return number if most[number] else -1

    return AskedWords(names, np.array(most), word_columns(criteria.aspects, clauses, list_of))


def refined(
    hits: Sequence[Json],
    criteria: Criteria,
    asked: AskedWords,
    look: RescoringWeights,
    feedback: Feedback,
    most_views: Callable[[], int],
    analyzer: str,
) -> Refined:
    """`hits` after a second look at the first `DEPTH`, which have along what scores the words that were `asked`, their
    titles, and what `feedback` goes by where that is wanted; the `analyzer` of that name tells forms of words.
    """
    looked = hits[:DEPTH]
    scores = np.array([hit["_score"] for hit in looked], np.float64)
    rules: list[tuple[str, Sequence[float]]] = []
    if asked.columns is not None and scores.size:
        impacts = asked.impacts(looked)
        _count_words(scores, impacts, looked, criteria, asked.columns, asked.most, look)
        shared = _shared(looked, scores, impacts, asked.first_wanted, look, feedback)
        if shared:
            scores *= shared
            rules.append(("feedback", shared))
    words, titles = title_words(" ".join(criteria.typed)), [title_words(_title(hit)) for hit in looked]
    other_names = {title_words(name).text for name in criteria.other_names}
    matching = [factor(words, title, look.title_match, other_names, analyzer) for title in titles]
    scores *= matching
    rules.append(("title_match", matching))
    for name, prior in _priors(looked, look, most_views):
        scores *= prior
        rules.append((name, prior))
    found = None
    if criteria.diverse and look.repeated_title < 1:
        texts, untitled = [title.text for title in titles], title_words("").text
        order = best_first(range(len(looked)), scores.tolist(), _by_id(hits))
        found = repetitions(texts, untitled, order, matching, look.repeated_title)
    if found is not None:
        scores *= found.factors
        rules.append(("repeats", found.factors))
    rest = [float(hit["_score"]) for hit in hits[len(looked) :]]
    # Equal scores come by id already.
    first_order = Top(list(range(len(hits))), [*scores.tolist(), *rest], len(hits))
    best = best_first(first_order.documents, scores.tolist(), _by_id(hits))
    top = reordered(first_order, scores.tolist(), best) if hits else first_order
    return Refined(top, rules, found.best if found else {})


def _count_words(
    scores: Float64s,
    impacts: Float64s,
    looked: Sequence[Json],
    criteria: Criteria,
    columns: WordColumns,
    most: Float64s,
    look: RescoringWeights,
) -> None:
    """Make of `scores` what the words of the query in each hit are worth, seen again."""
    first = scores / [1 + criteria.preference * has_name(hit, PREFERRED) for hit in looked]
    refine_impacts(
        impacts[columns.lists],
        impacts[columns.others] > 0,
        most[columns.lists],
        *columns[1:4],
        columns.other_concepts,
        scores,
        first,
        look.feedback_share,
        look.coverage_power,
    )


def _shared(
    looked: Sequence[Json],
    scores: Float64s,
    impacts: Float64s,
    first_wanted: npt.NDArray[np.int64] | None,
    look: RescoringWeights,
    feedback: Feedback,
) -> list[float]:
    """What scores count for what the first hits say; none where they say nothing, or are not asked."""
    if first_wanted is None or not look.feedback_weight:
        return []
    having = impacts[first_wanted][:, voters_of(scores).places] > 0
    if first_wanted.size and np.count_nonzero(having.any(axis=0)) < LEAST_SHARED:
        return []
    return feedback.factors(looked, scores, look.feedback_weight)


def _priors(
    looked: Sequence[Json], look: RescoringWeights, most_views: Callable[[], int]
) -> Iterator[tuple[str, list[float]]]:
    def published() -> list[int | None]:
        days = (hit["fields"].get("published", [None])[0] for hit in looked)
        return [None if day is None else date.fromisoformat(day).toordinal() for day in days]

    def views() -> list[int]:
        return [int(hit["fields"].get("views", [0])[0]) for hit in looked]

    return prior_factors(look, published, views, most_views)


def _by_id(hits: Sequence[Json]) -> Callable[[int], str]:
    return lambda place: id_of(hits[place])


def _title(hit: Json) -> str:
    return str(hit.get("fields", {}).get("title_text", [""])[0])


def _scored(hit: Json, name: str) -> float:
    return float(hit.get("matched_queries", {}).get(name, 0.0))


def _bare(clause: Clause) -> Clause:
    return clause.clause if isinstance(clause, Boosted) else clause
