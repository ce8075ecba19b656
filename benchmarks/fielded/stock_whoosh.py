"""Pages by Whoosh: MultifieldParser, grouped results, and its highlighter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.fielded.page import SNIPPET_LENGTH, TITLE_WEIGHT, Page, PageEngine, PageHit
from benchmarks.protocol import Text

__all__ = ["engine"]


class _Pages(PageEngine):
    def index(self, texts: Iterator[Text], folder: str, threads: int, memory_mb: int) -> None:
        from whoosh import fields, index
        from whoosh.analysis import LowercaseFilter, RegexTokenizer

        words = RegexTokenizer(r"\w+") | LowercaseFilter()
        schema = fields.Schema(
            id=fields.ID(stored=True),
            title=fields.TEXT(analyzer=words, stored=True),
            section=fields.ID(sortable=True),
            year=fields.ID(sortable=True),
            body=fields.TEXT(analyzer=words, stored=True),
        )
        writer = index.create_in(folder, schema).writer(limitmb=memory_mb)
        for identifier, title, section, year, body in texts:
            writer.add_document(id=identifier, title=title, section=section, year=year, body=body)
        writer.commit()

    def optimise(self, folder: str) -> None:
        """Nothing: one writer leaves one segment."""

    def open(self, folder: str) -> None:
        from whoosh import index, qparser
        from whoosh.highlight import ContextFragmenter

        opened = index.open_dir(folder)
        self.searcher = opened.searcher()
        self.parser = qparser.MultifieldParser(["title", "body"], opened.schema, {"title": float(TITLE_WEIGHT)})
        self.fragmenter = ContextFragmenter(maxchars=SNIPPET_LENGTH)

    def parse(self, query: str) -> Any:
        return self.parser.parse(query)

    def top(self, parsed: Any, k: int) -> Page:
        from whoosh.collectors import FacetCollector, TopCollector
        from whoosh.sorting import Count, Facets, FieldFacet

        facets = Facets()
        facets.add_facet("section", FieldFacet("section", maptype=Count))
        facets.add_facet("year", FieldFacet("year", maptype=Count))
        collector = FacetCollector(TopCollector(k, usequality=False, replace=0), facets)
        self.searcher.search_with_collector(parsed, collector)
        results = collector.results()
        results.fragmenter = self.fragmenter
        hits = [PageHit(hit["id"], hit["title"], hit.highlights("body", top=1), hit.score) for hit in results]
        return Page(hits, collector.count(), dict(results.groups("section")), dict(results.groups("year")))


def engine() -> _Pages:
    """Whoosh for a worker that makes pages."""
    return _Pages()
