"""Suggestions from an index: titles and headings that begin as what is being typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from harbor_search.analysis import fold
from harbor_search.article import SECTION_SEPARATOR, Article
from harbor_search.engines.protocol import Suggestion, Suggestions

__all__ = ["suggestion_request", "suggestions_of"]


def suggestion_request(text: str, most: int, section: tuple[str, ...]) -> dict[str, Any]:
    """The body of a search for articles whose title or headings have the words of `text`, the last one unfinished."""
    filters = [{"term": {"sections": SECTION_SEPARATOR.join(section)}}] if section else []
    matches = [
        {"match_bool_prefix": {field: {"query": text, "operator": "and", "fuzziness": fuzziness, "boost": boost}}}
        for field, boost in (("title_text", 4), ("headings_text", 1))
        # As it is written counts more than as it may be meant.
        for fuzziness, boost in ((0, 2 * boost), ("AUTO", boost))
    ]
    query: dict[str, Any] = {"should": matches, "minimum_should_match": 1}
    if filters:
        query["filter"] = filters
    return {"query": {"bool": query}, "size": 2 * most, "sort": [{"_score": "desc"}, {"id": "asc"}]}


def suggestions_of(text: str, articles: Iterable[Article], most: int) -> Suggestions:
    """Titles and headings of the found `articles` as texts to search for, and the articles themselves."""
    found = list(articles)
    texts: dict[str, Suggestion] = {}
    for suggestion in (*_titles(found), *_headings(text, found)):
        texts.setdefault(fold(suggestion.text), suggestion)
    return Suggestions(tuple(texts.values())[:most], tuple(found[:most]))


def _titles(articles: Iterable[Article]) -> Iterator[Suggestion]:
    return (Suggestion(each.title, "title", each.section or None) for each in articles if each.title)


def _headings(text: str, articles: Iterable[Article]) -> Iterator[Suggestion]:
    """The headings that begin with the letters typed, at any of their words."""
    wanted = fold(text).split()
    for article in articles:
        for section in article.body:
            words = fold(section.heading).split()
            if wanted and all(any(word.startswith(each) for word in words) for each in wanted):
                yield Suggestion(section.heading, "heading", article.section or None)
