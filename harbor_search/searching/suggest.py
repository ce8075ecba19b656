"""Suggest: what somebody who is still typing may want to search for, or go to at once."""

from __future__ import annotations

from typing import Any

from harbor_search.engines import SearchEngine, SuggestedArticle, Suggestion, Suggestions

__all__ = ["MOST_SUGGESTIONS", "suggest", "suggestions_to_dict"]

MOST_SUGGESTIONS = 8
"""Texts, and articles, that fit under a box on a phone without scrolling."""

_LONGEST = 200
"""Characters of a text that is looked at: who types more is past suggestions."""


def suggest(
    engine: SearchEngine, text: str, *, section: tuple[str, ...] = (), most: int = MOST_SUGGESTIONS
) -> Suggestions:
    """Titles, headings and frequent phrases with the words of `text`, whose last one may be unfinished.

    Words may be misspelt. Nothing is suggested for a text without a word. `section` is a path prefix.

    Raises:
        OperationalError: the engine cannot answer.
    """
    if not text.strip() or len(text) > _LONGEST or most < 1:
        return Suggestions((), ())
    return engine.suggest(text, most, section)


def suggestions_to_dict(text: str, suggestions: Suggestions) -> dict[str, Any]:
    """The answer of `/api/v1/suggest`: `{query, suggestions: [{text, kind, section?}], hits: [{id, title, ...}]}`."""
    return {
        "query": text,
        "suggestions": [_suggestion(each) for each in suggestions.texts],
        "hits": [_hit(each) for each in suggestions.articles],
    }


def _suggestion(suggestion: Suggestion) -> dict[str, Any]:
    values: dict[str, Any] = {"text": suggestion.text, "kind": suggestion.kind}
    return values | {"section": list(suggestion.section)} if suggestion.section else values


def _hit(article: SuggestedArticle) -> dict[str, Any]:
    return {"id": article.id, "title": article.title, "url": article.url, "section": list(article.section)}
