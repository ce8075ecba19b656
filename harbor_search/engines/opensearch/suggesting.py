"""Suggestions from an index: the cluster finds articles whose titles and headings may be meant, and what of them is
suggested is chosen as in the embedded engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from harbor_search.analysis import fold
from harbor_search.analysis.stopwords import all_stop_words
from harbor_search.article import SECTION_SEPARATOR
from harbor_search.engines.answers import Suggestion
from harbor_search.engines.opensearch.keywords import keyword
from harbor_search.suggestions import Found, Outline, SuggestionIndex, collect_entries

__all__ = ["Outlines", "suggestion_request"]

CANDIDATES = 100
"""Articles that suggestions are chosen from: more hardly change the best eight."""


def suggestion_request(text: str, section: tuple[str, ...]) -> dict[str, Any]:
    """The body of a search for articles whose title or headings have the words of `text`, the last one unfinished."""
    matches: list[dict[str, Any]] = [{"prefix": {"title_start": {"value": fold(text), "boost": 4}}}]
    for field, weight in (("title_text", 2), ("headings_text", 1)):
        wanted = {"query": text, "operator": "and"}
        matches.append({"match_bool_prefix": {field: wanted | {"boost": 2 * weight}}})
        # As it is written counts more than as it may be meant.
        meant = wanted | {"fuzziness": "AUTO", "boost": weight}
        matches += [{"match_bool_prefix": {field: meant}}, {"match": {field: meant}}]
    query: dict[str, Any] = {"should": matches, "minimum_should_match": 1}
    if section:
        query["filter"] = [{"term": {"sections": keyword(SECTION_SEPARATOR.join(section))}}]
    read = {"field": "views", "modifier": "log1p", "missing": 0}
    return {
        "query": {"function_score": {"query": {"bool": query}, "field_value_factor": read, "boost_mode": "sum"}},
        "size": CANDIDATES,
        "sort": [{"_score": "desc"}, {"id": "asc"}],
        "_source": False,
        "stored_fields": ["title_text", "headings_text"],
        "docvalue_fields": ["views", "sections"],
        "track_total_hits": False,
    }


class Outlines:
    """The titles, headings, sections and views of found articles."""

    def __init__(self, hits: Sequence[Mapping[str, Any]]) -> None:
        """`hits` are those of an answer to a `suggestion_request`."""
        self._ids = [str(hit["_id"]) for hit in hits]
        fields = [hit.get("fields", {}) for hit in hits]
        # Of a path there are all beginnings; the whole is the longest.
        own = [max(each.get("sections", [""]), key=len) for each in fields]
        self._sections = list(dict.fromkeys(own))
        codes = {section: code for code, section in enumerate(self._sections)}
        self._outlines = [
            Outline(
                number,
                codes[section],
                int(each.get("views", [-1])[0]),
                each.get("title_text", [""])[0],
                each.get("headings_text", []),
            )
            for number, (section, each) in enumerate(zip(own, fields, strict=True))
        ]

    def find(self, text: str, most: int, analyzer: str) -> tuple[tuple[Suggestion, ...], list[str]]:
        """At most `most` texts to search for, and the documents of as many articles to go to, in a
        collection with the analyzer of this name."""
        if not self._outlines:
            return (), []
        texts, titles = SuggestionIndex(collect_entries(self._outlines, all_stop_words(analyzer))).find(text, most)
        return tuple(map(self._suggestion, texts)), [self._ids[each.document] for each in titles]

    def _suggestion(self, found: Found) -> Suggestion:
        (code, *more) = found.sections
        section = None if more or not self._sections[code] else tuple(self._sections[code].split(SECTION_SEPARATOR))
        return Suggestion(found.text, found.kind, section)
