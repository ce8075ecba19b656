"""Pages by tantivy: fields with boosts, terms aggregations over fast fields, and its snippet generator."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

from benchmarks.fielded.page import SNIPPET_LENGTH, TITLE_WEIGHT, Page, PageEngine, PageHit
from benchmarks.peers.tantivy_py import WORDS, register_words
from benchmarks.protocol import Text

__all__ = ["engine"]

_FACETS = {name: {"terms": {"field": name, "size": 100}} for name in ("section", "year")}


class _Pages(PageEngine):
    def index(self, texts: Iterator[Text], folder: str, threads: int, memory_mb: int) -> None:
        tantivy = importlib.import_module("tantivy")
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("title", stored=True, tokenizer_name=WORDS, index_option="position")
        for name in ("section", "year"):
            builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("body", stored=True, tokenizer_name=WORDS, index_option="position")
        index = tantivy.Index(builder.build(), path=folder)
        register_words(index)
        writer = index.writer(heap_size=memory_mb << 20, num_threads=threads)
        for identifier, title, section, year, body in texts:
            writer.add_document(tantivy.Document(id=identifier, title=title, section=section, year=year, body=body))
        writer.commit()
        writer.wait_merging_threads()

    def optimise(self, folder: str) -> None:
        """Nothing: the package has no call to merge segments."""

    def open(self, folder: str) -> None:
        tantivy = importlib.import_module("tantivy")
        self.snippets = tantivy.SnippetGenerator
        self.opened = tantivy.Index.open(folder)
        register_words(self.opened)
        self.searcher = self.opened.searcher()

    def parse(self, query: str) -> Any:
        return self.opened.parse_query(query, ["title", "body"], field_boosts={"title": float(TITLE_WEIGHT)})

    def top(self, parsed: Any, k: int) -> Page:
        result = self.searcher.search(parsed, k, count=True)
        counts = self.searcher.aggregate(parsed, _FACETS)
        snippets = self.snippets.create(self.searcher, parsed, self.opened.schema, "body")
        snippets.set_max_num_chars(SNIPPET_LENGTH)
        hits = []
        for score, address in result.hits:
            document = self.searcher.doc(address)
            snippet = snippets.snippet_from_doc(document).to_html()
            hits.append(PageHit(document["id"][0], document["title"][0], snippet, score))
        return Page(hits, result.count, _buckets(counts["section"]), _buckets(counts["year"]))

    def count(self, parsed: Any) -> int:
        total: int = self.searcher.search(parsed, 1, count=True).count
        return total


def _buckets(counts: Any) -> dict[str, int]:
    return {bucket["key"]: bucket["doc_count"] for bucket in counts["buckets"]}


def engine() -> _Pages:
    """tantivy for a worker that makes pages."""
    return _Pages()
