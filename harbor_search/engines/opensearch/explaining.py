"""Lucene's explanation of a score as one of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from harbor_search.engines.opensearch.mapping import TEXT_FIELDS
from harbor_search.results import Explanation, FieldPart, Part

__all__ = ["explanation_of", "explanations_of"]

_WEIGHT = re.compile(r'^weight\((?P<field>\w+):"?(?P<text>.*?)"?(?: in \d+)?\)')
"""How Lucene describes what a term or phrase scores."""

_SUMS = ("sum of:", "max of:", "max plus")

_FIELDS = {index_field: field for field, index_field in TEXT_FIELDS.items()}


def explanation_of(
    found: Mapping[str, Any], *, position: int | None, score: float | None = None, behind: float = 0.0
) -> Explanation:
    """The explanation of a hit, whose parts add up to its score: what was found, and where a second look made another
    `score` of that, the difference. Terms are as the index has them."""
    first = float(found["value"])
    parts = list(_parts(found, first))
    rest = first - sum(part.score for part in parts)
    if abs(rest) > 1e-7:
        parts.append(Part("other", "", rest))
    parts.sort(key=lambda part: -part.score)
    score = first if score is None else score
    if abs(score - first) > 1e-7:
        parts.append(Part("second_look", "", score - first))
    return Explanation(score, position, behind, tuple(parts))


def explanations_of(hits: Sequence[tuple[Mapping[str, Any], float]], offset: int) -> tuple[Explanation, ...]:
    """The explanations of the hits of a page, with their scores, before which there are `offset` others."""
    scores = [score for _, score in hits]
    behind = [0.0, *(max(before - score, 0.0) for before, score in pairwise(scores))]
    return tuple(
        explanation_of(hit["_explanation"], position=offset + place, score=score, behind=gap)
        for place, ((hit, score), gap) in enumerate(zip(hits, behind, strict=False), 1)
    )


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
