"""Hits made of whole articles: for engines that find an article and where the words of the query stand in it."""

from __future__ import annotations

from collections.abc import Sequence

from harbor_search.article import Article
from harbor_search.engines.criteria import Criteria
from harbor_search.results import Hit
from harbor_search.snippets import Occurrence, best_snippets, names_snippet, title_ranges

__all__ = ["MOST_IN_HIT", "hit_of"]

MOST_IN_HIT = 200
"""Occurrences of a term in a field that are looked at to choose a hit's passages."""


def hit_of(article: Article, score: float, occurrences: Sequence[Occurrence], criteria: Criteria) -> Hit:
    """What a page shows of `article`, with as many snippets as the criteria want."""
    count, length = criteria.snippets, criteria.snippet_length
    return Hit(
        id=article.id,
        url=article.url,
        title=article.title,
        title_ranges=title_ranges(occurrences) if count else (),
        section=article.section,
        date=article.published,
        views=article.views,
        score=float(score),
        snippets=best_snippets(article, occurrences, count=count, length=length)
        + names_snippet(article.tags, occurrences)
        if count
        else (),
        words=sum(len(section.text.split()) for section in article.body),
    )
