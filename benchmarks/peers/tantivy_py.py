"""tantivy through its Python package: Rust, and the fastest of the peers that pip installs."""

from __future__ import annotations

import importlib
import importlib.metadata
from collections.abc import Iterator
from typing import Any

from benchmarks.protocol import Peer, Text
from benchmarks.queries import Query

__all__ = ["PEER", "WORDS", "engine", "register_words"]

WORDS = "words"


def _available() -> str | None:
    try:
        importlib.metadata.version("tantivy")
    except importlib.metadata.PackageNotFoundError:
        return "tantivy is not installed: pip install tantivy"
    return None


def _translate(query: Query) -> str:
    return query.text.lower()


PEER = Peer(
    name="tantivy",
    available=_available,
    version=lambda: importlib.metadata.version("tantivy"),
    translate=_translate,
    threads=(1, 2),
    notes=("tantivy: its simple tokenizer and lower case. Top k with count=False, top k + count with count=True.",),
)


def register_words(index: Any) -> None:
    """Make the tokenizer WORDS known to an index: the default one without its limit on a word's length."""
    tantivy = importlib.import_module("tantivy")
    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase()).build()
    index.register_tokenizer(WORDS, analyzer)


class _Tantivy:
    def index(self, texts: Iterator[Text], folder: str, threads: int, memory_mb: int) -> None:
        tantivy = importlib.import_module("tantivy")
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("text", stored=True, tokenizer_name=WORDS, index_option="position")
        index = tantivy.Index(builder.build(), path=folder)
        register_words(index)
        writer = index.writer(heap_size=memory_mb << 20, num_threads=threads)
        document = tantivy.Document
        for identifier, text in texts:
            writer.add_document(document(id=identifier, text=text))
        writer.commit()
        writer.wait_merging_threads()

    def optimise(self, folder: str) -> None:
        """Nothing: the package has no call to merge segments."""

    def open(self, folder: str) -> None:
        self.opened = importlib.import_module("tantivy").Index.open(folder)
        register_words(self.opened)
        self.searcher = self.opened.searcher()

    def parse(self, query: str) -> Any:
        return self.opened.parse_query(query, ["text"])

    def top(self, parsed: Any, k: int) -> Any:
        return self.searcher.search(parsed, k, count=False).hits

    def top_counted(self, parsed: Any, k: int) -> Any:
        result = self.searcher.search(parsed, k, count=True)
        return result.hits, result.count

    def count(self, parsed: Any) -> int:
        found: int = self.searcher.search(parsed, 1, count=True).count
        return found

    def hits(self, answer: Any) -> list[tuple[str, float]]:
        return [(self.searcher.doc(address)["id"][0], score) for score, address in answer]


def engine() -> _Tantivy:
    """tantivy for a worker."""
    return _Tantivy()
