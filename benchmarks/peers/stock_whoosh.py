"""Whoosh as its users get it, but for the collector: the default one prunes wrongly on some ordinary queries."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator
from typing import Any

from benchmarks.protocol import Peer, Text
from benchmarks.queries import Clause, Query

__all__ = ["PEER", "engine"]


def _available() -> str | None:
    try:
        importlib.metadata.version("Whoosh")
    except importlib.metadata.PackageNotFoundError:
        return "the stock Whoosh is not installed: pip install Whoosh"
    return None


def _clause(clause: Clause) -> str:
    return f'"{" ".join(clause.words)}"' if len(clause.words) > 1 else clause.words[0]


def _translate(query: Query) -> str:
    must, should, must_not = ([_clause(c) for c in part] for part in (query.must, query.should, query.must_not))
    text = " AND ".join(must) if must else " OR ".join(should)
    if must and should:
        text = f"({text}) ANDMAYBE ({' OR '.join(should)})"
    if must_not:
        text = f"({text}) NOT ({' OR '.join(must_not)})"
    return text


PEER = Peer(
    name="whoosh",
    available=_available,
    version=lambda: importlib.metadata.version("Whoosh"),
    translate=_translate,
    threads=(1, 2),
    notes=(
        "whoosh: RegexTokenizer(\\w+) and LowercaseFilter; an underscore is part of a word. "
        "TopCollector(usequality=False, replace=0), because its pruned top k is wrong on some queries.",
    ),
)


class _Whoosh:
    def index(self, texts: Iterator[Text], folder: str, threads: int, memory_mb: int) -> None:
        from whoosh import fields, index
        from whoosh.analysis import LowercaseFilter, RegexTokenizer

        words = RegexTokenizer(r"\w+") | LowercaseFilter()
        schema = fields.Schema(
            id=fields.ID(stored=True, unique=False), text=fields.TEXT(analyzer=words, phrase=True, stored=True)
        )
        writer = index.create_in(folder, schema).writer(limitmb=memory_mb, procs=threads, multisegment=threads > 1)
        for identifier, text in texts:
            writer.add_document(id=identifier, text=text)
        writer.commit()

    def optimise(self, folder: str) -> None:
        from whoosh import index

        opened = index.open_dir(folder)
        if len(opened.reader().leaf_readers()) > 1:
            opened.optimize()

    def open(self, folder: str) -> None:
        from whoosh import index, qparser

        opened = index.open_dir(folder)
        self.searcher = opened.searcher()
        self.parser = qparser.QueryParser("text", opened.schema)

    def parse(self, query: str) -> Any:
        return self.parser.parse(query)

    def top(self, parsed: Any, k: int) -> Any:
        return self._collect(parsed, k).results()

    def top_counted(self, parsed: Any, k: int) -> Any:
        collector = self._collect(parsed, k)
        return collector.results(), collector.count()

    def count(self, parsed: Any) -> int:
        return sum(1 for _ in self.searcher.docs_for_query(parsed))

    def hits(self, answer: Any) -> list[tuple[str, float]]:
        return [(hit["id"], hit.score) for hit in answer]

    def _collect(self, parsed: Any, k: int) -> Any:
        from whoosh.collectors import TopCollector

        collector = TopCollector(k, usequality=False, replace=0)
        self.searcher.search_with_collector(parsed, collector)
        return collector


def engine() -> _Whoosh:
    """Whoosh for a worker."""
    return _Whoosh()
