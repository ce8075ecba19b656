"""Pages by harbor_search, through the door that its command line, pages and JSON endpoint use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.fielded.page import Page, PageHit
from benchmarks.ours import open_engine
from benchmarks.protocol import Text

__all__ = ["engine"]


class _Pages:
    def index(self, texts: Iterator[Text], folder: str, threads: int, memory_mb: int) -> None:
        engine = open_engine(folder, memory_mb=memory_mb, index_processes=threads)
        engine.rebuild(_articles(texts), lambda stage, done, total: None)
        engine.close()

    def optimise(self, folder: str) -> None:
        """Nothing to do: a rebuild leaves one segment."""

    def open(self, folder: str) -> None:
        from harbor_search.config import Settings

        self.engine = open_engine(folder)
        self.engine.warm()
        self.settings = Settings(index=Path(folder), analyzer="simple")

    def parse(self, query: str) -> Any:
        return query  # the door takes what a reader typed

    def top(self, parsed: Any, k: int) -> Any:
        from harbor_search.searching import SearchRequest, search

        results = search(self.engine, SearchRequest(q=parsed, per_page=k), self.settings)
        hits = [PageHit(h.id, h.title, "".join(s.text for s in h.snippets), h.score) for h in results.hits]
        sections, years = ({v.value: v.count for v in results.facets[name]} for name in ("section", "year"))
        return Page(hits, results.total, sections, years)

    top_counted = top

    def count(self, parsed: Any) -> int:
        total: int = self.top(parsed, 1).total
        return total

    def hits(self, answer: Any) -> list[tuple[str, float]]:
        return [(hit.id, hit.score) for hit in answer.hits]


def _articles(texts: Iterator[Text]) -> Iterator[Any]:
    from harbor_search.article import Article, Section

    for identifier, title, section, year, body in texts:
        yield Article(
            id=identifier,
            title=title,
            body=(Section("", "", body),),
            section=(section,),
            published=date(int(year), 1, 1),
        )


def engine() -> _Pages:
    """harbor_search for a worker that makes pages."""
    return _Pages()
