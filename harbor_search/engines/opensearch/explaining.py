"""Lucene's explanation of a score as one of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from harbor_search.article import Article
from harbor_search.engines.opensearch.answers import has_name
from harbor_search.engines.opensearch.mapping import TEXT_FIELDS
from harbor_search.engines.opensearch.ranked_page import RankedHit
from harbor_search.engines.opensearch.search_request import PREFERRED
from harbor_search.engines.protocol import Criteria
from harbor_search.engines.rescoring import score_parts
from harbor_search.results import Explanation, FieldPart, Part

__all__ = ["excluding", "explanation_of", "explanations_of"]

_WEIGHT = re.compile(r'^weight\((?P<field>\w+):"?(?P<text>.*?)"?(?: in \d+)?\)')
"""How Lucene describes what a term or phrase scores."""

_ROUNDING = 1e-6
"""Of a score, by which a cluster's numbers of 32 bits differ."""

_SUMS = ("sum of:", "max of:", "max plus")

_FIELDS = {index_field: field for field, index_field in TEXT_FIELDS.items()}


def explanation_of(
    found: Mapping[str, Any],
    *,
    position: int | None,
    score: float | None = None,
    behind: float = 0.0,
    rules: Sequence[tuple[str, float]] = (),
    meaning: float = 0.0,
    more: float = 0.0,
    texts: Mapping[str, str] | None = None,
    lacks: tuple[str, ...] = (),
) -> Explanation:
    """The explanation of a hit, whose parts add up to its score: what was found, and where a second look made another
    `score` of that, by `rules` and what they counted, the differences; and what its `meaning` adds.

    `more` is the share that having all words adds, `texts` how terms of the index were typed.
    """
    first = float(found["value"])
    base = first / (1 + more)
    parts = [replace(part, text=(texts or {}).get(part.text, part.text)) for part in _parts(found, base)]
    rest = base - sum(part.score for part in parts)
    if abs(rest) > 1e-7:
        parts.append(Part("other", "", rest))
    parts.sort(key=lambda part: -part.score)
    if more:
        parts.append(Part("all_words", "", first - base))
    score = first if score is None else score
    parts += score_parts(first, score - meaning, rules, rounding=_ROUNDING)
    if meaning:
        parts.append(Part("meaning", "", meaning))
    return Explanation(score, position, behind, tuple(parts), lacks=lacks)


def explanations_of(
    hits: Sequence[RankedHit],
    criteria: Criteria,
    texts: Mapping[str, str],
    lacks: Sequence[tuple[str, ...]],
) -> tuple[Explanation, ...]:
    """The explanations of the hits of a page; `lacks` are the words that each does not have."""
    behind = [0.0, *(max(before.score - ranked.score, 0.0) for before, ranked in pairwise(hits))]
    found = []
    for place, (ranked, gap, absent) in enumerate(zip(hits, behind, lacks, strict=False), 1):
        preferred = has_name(ranked.hit, PREFERRED)
        found.append(
            explanation_of(
                ranked.hit["_explanation"],
                position=criteria.offset + place,
                score=ranked.score,
                behind=gap,
                rules=ranked.rules,
                meaning=ranked.meaning,
                more=criteria.preference if preferred else 0.0,
                texts=texts,
                lacks=() if preferred else absent,
            )
        )
    return tuple(found)


def excluding(article: Article, criteria: Criteria) -> str:
    """Which filter keeps an article out: "section", "source" or "date"; empty where none does."""
    if article.section[: len(criteria.section)] != criteria.section:
        return "section"
    if criteria.source and article.source_name != criteria.source:
        return "source"
    first, last, day = criteria.date_from, criteria.date_to, article.published
    outside = day is None or (first is not None and day < first) or (last is not None and day > last)
    return "date" if (first or last) and outside else ""


def _parts(node: Mapping[str, Any], score: float) -> Iterator[Part]:
    """The words in a node of the explanation that is worth so much of the score."""
    details = node.get("details") or []
    match = _WEIGHT.match(node["description"])
    if match is not None:
        field = _FIELDS.get(match["field"])
        fields = (FieldPart(field, 1, score),) if field else ()
        yield Part("phrase" if " " in match["text"] else "word", match["text"], score, fields=fields)
    elif node["description"].startswith(_SUMS):
        # Of alternatives the best counts, and more than one may count in part: their scores say which.
        best = node["description"].startswith("max")
        chosen = [max(details, key=lambda each: float(each["value"]))] if best and details else details
        total = sum(float(each["value"]) for each in chosen)
        for each in chosen:
            yield from _parts(each, score * float(each["value"]) / total if total else 0.0)
    elif len(scoring := [each for each in details if _has_words(each)]) == 1:
        # A factor on what one of the details scores.
        yield from _parts(scoring[0], score)


def _has_words(node: Mapping[str, Any]) -> bool:
    return bool(_WEIGHT.match(node["description"])) or any(map(_has_words, node.get("details") or ()))
