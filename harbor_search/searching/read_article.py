"""Reading: one article, with the places where the words of a query stand in it."""

from __future__ import annotations

from dataclasses import dataclass

from harbor_search.article import Article
from harbor_search.config import Settings
from harbor_search.engines import SearchEngine
from harbor_search.errors import UserError
from harbor_search.query import tree_of
from harbor_search.searching.query_understanding import understand
from harbor_search.snippets import Occurrence

__all__ = ["MatchedArticle", "read"]


@dataclass(frozen=True, slots=True)
class MatchedArticle:
    """An article and where a query's words stand in its title, headings and text."""

    article: Article
    occurrences: tuple[Occurrence, ...]


def read(engine: SearchEngine, article_id: str, settings: Settings, *, q: str = "") -> MatchedArticle | None:
    """The article of that id with the matches of the query `q`, or None where the index has no such article.

    The article is what is asked for, so a query that is too long is no error: its words only go unmarked.

    Raises:
        OperationalError: the engine cannot answer.
    """
    article = engine.article(article_id)
    return None if article is None else MatchedArticle(article, _occurrences(engine, q.strip(), article, settings))


def _occurrences(engine: SearchEngine, q: str, article: Article, settings: Settings) -> tuple[Occurrence, ...]:
    if not q or len(q) > settings.max_query_length:
        return ()
    try:
        meant = understand(engine, q, settings, strict=False, literal=False)
        return engine.occurrences(tree_of(meant.query), article)
    except UserError:
        return ()
