"""Pages by harbor_search, through the door that its command line, pages and JSON endpoint use."""

from __future__ import annotations

from datetime import date
from typing import Any

from benchmarks.fielded.page import Page, PageEngine, PageHit
from benchmarks.ours import Ours, open_engine

__all__ = ["engine"]


class _Pages(PageEngine, Ours):
    def open(self, folder: str) -> None:
        self._engine, self._settings = open_engine(folder)
        self._engine.warm()

    def top(self, parsed: Any, k: int) -> Page:
        from harbor_search.searching import SearchRequest, search

        results = search(self._engine, SearchRequest(q=parsed, per_page=k, fold=False), self._settings)
        hits = [PageHit(h.id, h.title, "".join(s.text for s in h.snippets), h.score) for h in results.hits]
        sections, years = ({v.value: v.count for v in results.facets[name]} for name in ("section", "year"))
        return Page(hits, results.total, sections, years)


def _article(identifier: str, title: str, section: str, year: str, body: str) -> Any:
    from harbor_search.article import Article, Section

    sections = (Section("", "", body),)
    return Article(id=identifier, title=title, body=sections, section=(section,), published=date(int(year), 1, 1))


def engine() -> _Pages:
    """harbor_search for a worker that makes pages."""
    return _Pages(_article)
