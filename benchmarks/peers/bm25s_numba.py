"""bm25s with its numba backend: scores computed while indexing, unions only."""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.protocol import Peer, Text
from benchmarks.queries import Query

__all__ = ["PEER", "engine"]

_WORDS = re.compile(r"\w+")


def _available() -> str | None:
    for name in ("bm25s", "numba"):
        try:
            importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            return f"{name} is not installed: pip install bm25s numba"
    return None


def _translate(query: Query) -> str | None:
    return query.text.lower() if query.kind in ("union", "term") else None


PEER = Peer(
    name="bm25s",
    available=_available,
    version=lambda: importlib.metadata.version("bm25s"),
    translate=_translate,
    counts=False,
    warm_seconds=10.0,
    notes=(
        "bm25s: \\w+ in lower case (an underscore is part of a word); unions only, no positions, no counts; "
        "it holds all texts in memory while indexing.",
    ),
)


class _Bm25s:
    def index(self, texts: Iterator[Text], folder: str, threads: int, memory_mb: int) -> None:
        bm25s = importlib.import_module("bm25s")
        identifiers, contents = [], []
        for identifier, text in texts:
            identifiers.append(identifier)
            contents.append(text)
        tokens = bm25s.tokenize(contents, token_pattern=_WORDS.pattern, stopwords=None, show_progress=False)
        retriever = bm25s.BM25(k1=1.2, b=0.75, method="lucene", backend="numba")
        retriever.index(tokens, show_progress=False)
        stored = [{"id": i, "text": t} for i, t in zip(identifiers, contents, strict=True)]
        retriever.save(folder, corpus=stored, show_progress=False)

    def optimise(self, folder: str) -> None:
        """Nothing to do."""

    def open(self, folder: str) -> None:
        bm25s = importlib.import_module("bm25s")
        self.retriever = bm25s.BM25.load(folder, mmap=False, load_corpus=False, show_progress=False)
        self.retriever.backend = "numba"
        self.retriever.activate_numba_scorer()
        with (Path(folder) / "corpus.jsonl").open(encoding="utf-8") as lines:
            self.identifiers = [json.loads(line)["id"] for line in lines]

    def parse(self, query: str) -> Any:
        return [_WORDS.findall(query)]

    def top(self, parsed: Any, k: int) -> Any:
        k = min(k, len(self.identifiers))
        return self.retriever.retrieve(parsed, k=k, show_progress=False, n_threads=1)

    def top_counted(self, parsed: Any, k: int) -> Any:
        raise NotImplementedError("bm25s does not count")

    def count(self, parsed: Any) -> int:
        raise NotImplementedError("bm25s does not count")

    def hits(self, answer: Any) -> list[tuple[str, float]]:
        documents, scores = answer
        pairs = zip(documents[0].tolist(), scores[0].tolist(), strict=True)
        return [(self.identifiers[document], score) for document, score in pairs if score > 0]


def engine() -> _Bm25s:
    """bm25s for a worker."""
    return _Bm25s()
