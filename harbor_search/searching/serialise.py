"""Search results as JSON-ready values: one shape for the JSON endpoint and for `search --json`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import orjson

from harbor_search.explanation import Explanation
from harbor_search.results import Applied, FacetValue, Hit, HitTable, Range, SearchResults, Snippet
from harbor_search.searching.explained_hits import ExplainedHits

__all__ = ["explanation_to_dict", "results_to_dict", "results_to_json", "to_json"]

_NUMBERS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_APPEND_NEWLINE
"""Engines work on arrays, and their numbers come as numpy's."""


def results_to_dict(results: SearchResults) -> dict[str, Any]:
    """`results` in the shape of `GET /api/v1/search`.

    Ranges are `[start, end]` pairs of Unicode code points, half-open; dates are ISO 8601 or None; `section` is the path
    as a list, while a section facet's `value` is that path joined with " > ", as the `section` filter takes it.
    """
    return {
        "query": results.query,
        "hits": [_hit(each) for each in results.hits],
        "total": results.total,
        "total_relation": results.total_relation,
        "page": results.page,
        "per_page": results.per_page,
        "total_pages": results.total_pages,
        "facets": {name: [_facet_value(each) for each in values] for name, values in results.facets.items()},
        "facets_relation": results.facets_relation,
        "processing_time_ms": round(results.processing_time_ms, 3),
        "partial": results.partial,
        "applied": _applied(results.applied),
        "generation": results.generation,
        "query_id": results.query_id,
        "tiers": results.tiers and asdict(results.tiers),
        "by_meaning": results.by_meaning,
        "did_you_mean": list(results.did_you_mean),
    }


def results_to_json(results: SearchResults) -> bytes:
    """The bytes of `to_json(results_to_dict(results))`, in a fraction of the time.

    The classes of `harbor_search.results` have the names and the order of the JSON, so most of it needs no steps in
    between.
    """
    document = {
        "query": results.query,
        "hits": _hits_json(results.hits) or tuple(results.hits),
        "total": results.total,
        "total_relation": results.total_relation,
        "page": results.page,
        "per_page": results.per_page,
        "total_pages": results.total_pages,
        "facets": results.facets,
        "facets_relation": results.facets_relation,
        "processing_time_ms": round(results.processing_time_ms, 3),
        "partial": results.partial,
        "applied": _applied(results.applied),
        "generation": results.generation,
        "query_id": results.query_id,
        "tiers": results.tiers,
        "by_meaning": results.by_meaning,
        "did_you_mean": results.did_you_mean,
    }
    try:
        return orjson.dumps(document, option=_NUMBERS)
    except TypeError:
        return to_json(results_to_dict(results))


def _hits_json(hits: Sequence[Hit]) -> orjson.Fragment | None:
    """Hits as JSON, where their engine writes it."""
    written = hits.json() if isinstance(hits, ExplainedHits | HitTable) else None
    return None if written is None else orjson.Fragment(written)


def to_json(values: Mapping[str, Any]) -> bytes:
    """`values` as one line of JSON in UTF-8, in the order given: every interface sends the same bytes.

    A lone surrogate, which UTF-8 cannot hold, becomes a question mark; a number that JSON cannot say becomes null.
    """
    try:
        return orjson.dumps(values, option=_NUMBERS)
    except TypeError:
        return orjson.dumps(_encodable(values), option=_NUMBERS)


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {_encodable(name): _encodable(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_encodable(each) for each in value]
    return value


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "id": hit.id,
        "url": hit.url,
        "title": hit.title,
        "title_ranges": _pairs(hit.title_ranges),
        "section": list(hit.section),
        "date": hit.date.isoformat() if hit.date else None,
        "views": hit.views,
        "score": float(hit.score),
        "snippets": [_snippet(each) for each in hit.snippets],
        "lacks": list(hit.lacks),
        "matched": [asdict(each) for each in hit.matched],
        "similar": hit.similar,
        "words": hit.words,
        "explanation": hit.explanation and explanation_to_dict(hit.explanation),
        "repeats": hit.repeats,
    }


def explanation_to_dict(explanation: Explanation) -> dict[str, Any]:
    """An explanation in the shape that a hit has it in."""
    return asdict(explanation)


def _snippet(snippet: Snippet) -> dict[str, Any]:
    return {
        "field": snippet.field,
        "heading": snippet.heading,
        "anchor": snippet.anchor,
        "text": snippet.text,
        "ranges": _pairs(snippet.ranges),
    }


def _facet_value(value: FacetValue) -> dict[str, Any]:
    return {"value": value.value, "label": value.label, "count": int(value.count)}


def _applied(applied: Applied) -> dict[str, Any]:
    return {
        "corrections": [{"from": before, "to": after} for before, after in applied.corrections],
        "synonyms": [{"word": word, "synonym": synonym} for word, synonym in applied.synonyms],
        "dropped": list(applied.dropped),
        "spellings": [{"word": word, "spelling": spelling} for word, spelling in applied.spellings],
        "feedback": applied.feedback,
        "fields": [{"text": text, "field": field} for text, field in applied.fields],
        "absent": list(applied.absent),
    }


def _pairs(ranges: Iterable[Range]) -> list[list[int]]:
    # Engines work on arrays: their integers become plain ones, which every JSON encoder knows.
    return [[int(start), int(end)] for start, end in ranges]
