"""An engine whose answers are written down, so that measures can be worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from harbor_search.article import Article, Section
from harbor_search.engines import Criteria, EngineAnswer, hit_of
from harbor_search.query import Boolean, Node, Query, Term, tree_of
from tests.support.memory_engine import MemoryVocabulary


class CannedEngine:
    """Finds what `rankings` (article ids by query word) says; `articles` are all ids that it knows."""

    def __init__(self, rankings: Mapping[str, Sequence[str]], articles: Sequence[str]) -> None:
        self.rankings = rankings
        self.articles = articles
        self.asked: list[Criteria] = []

    def search(self, query: Query, criteria: Criteria) -> EngineAnswer:
        self.asked.append(criteria)
        ranking = self.rankings.get(" ".join(words(tree_of(query))), ())
        page = ranking[criteria.offset : criteria.offset + criteria.limit]
        hits = tuple(hit_of(article(each), 1.0, (), criteria) for each in page)
        return EngineAnswer(hits, len(ranking), "eq", {}, "7")

    def article(self, article_id: str) -> Article | None:
        return article(article_id) if article_id in self.articles else None

    def generation(self) -> str:
        return "7"

    def cost(self, query: Query) -> int | None:
        return None

    def vocabulary(self, generation: str = "") -> MemoryVocabulary:
        return MemoryVocabulary("7", "simple", [Article("all", " ".join(" ".join(self.rankings).split()))])

    def close(self) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"evaluation has no business with {name}")


def article(article_id: str) -> Article:
    return Article(article_id, f"About {article_id}", (Section("", "", "Some text."),), "Some text.")


def words(query: Node) -> Iterator[str]:
    if isinstance(query, Term):
        yield query.text
    elif isinstance(query, Boolean):
        for each in (*query.must, *query.should):
            yield from words(each)
