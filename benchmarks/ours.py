"""harbor_search itself, behind the same protocol as its peers: its default engine, with the analyzer nearest theirs."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.protocol import Peer, Text
from benchmarks.queries import Clause, Query

__all__ = ["PEER", "analyze", "engine", "open_engine"]

_ENGINE = "harbor_search.engines.embedded"


def _available() -> str | None:
    try:
        found = importlib.util.find_spec(_ENGINE)
    except ImportError:
        found = None
    return None if found and found.origin else f"{_ENGINE} is not there: pip install -e ."


def _version() -> str:
    """A digest of the package's sources: an index built by other code is built anew."""
    package = importlib.util.find_spec("harbor_search")
    folders = list(package.submodule_search_locations or ()) if package else []
    sources = sorted(source for folder in folders for source in Path(folder).rglob("*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]


def _clause(clause: Clause) -> str:
    words = f'"{" ".join(clause.words)}"' if len(clause.words) > 1 else clause.words[0]
    return clause.occur + words


def _translate(query: Query) -> str:
    """Bare words would lose their stop words, which words joined by OR keep."""
    return (" OR " if query.kind == "union" else " ").join(map(_clause, query.clauses))


PEER = Peer(
    name="ours",
    available=_available,
    version=_version,
    translate=_translate,
    threads=(1, 2),
    notes=(
        "ours: analyzer `simple`, which also folds accents and joins words at apostrophes (don't is one word); "
        "unions are written with OR, because words that say little are dropped from bare questions.",
    ),
)


def analyze(text: str) -> list[str]:
    """The words that the engine indexes, for the brute-force check."""
    from harbor_search.analysis import get_analyzer

    return [token.text for token in get_analyzer("simple").analyze(text)]


def open_engine(folder: str, **settings: Any) -> Any:
    """The default engine on `folder`, whether something was built there or not."""
    from harbor_search.config import Settings

    module = importlib.import_module(_ENGINE)
    return module.EmbeddedEngine(Settings(index=Path(folder), analyzer="simple", **settings))


class _Ours:
    def index(self, texts: Iterator[Text], folder: str, threads: int, memory_mb: int) -> None:
        engine = open_engine(folder, memory_mb=memory_mb, index_processes=threads)
        engine.rebuild(_articles(texts), lambda stage, done, total: None)
        engine.close()

    def optimise(self, folder: str) -> None:
        """Nothing to do: a rebuild leaves one segment."""

    def open(self, folder: str) -> None:
        from harbor_search.config import Settings
        from harbor_search.query import Limits

        ranking, store = (importlib.import_module(f"harbor_search.{package}") for package in ("ranking", "store"))
        parts = ("snapshot", "searcher", "cache_size")
        snapshot, searching, cache_size = (importlib.import_module(f"{_ENGINE}.{name}") for name in parts)
        # Looked up once: an import statement in a function that is timed would cost it a microsecond.
        self._parse = importlib.import_module("harbor_search.query").parse
        settings = Settings(index=Path(folder))
        self.limits = Limits(
            terms=settings.max_query_terms, nesting=settings.max_query_nesting, prefix_minimum=settings.prefix_minimum
        )
        pin = store.Generations(settings.index, keep=settings.keep_generations).pin_live()
        # The parameters of the peers; what an article without headings and lead has is a title and a body.
        plain = ranking.FieldWeight(1.0, 0.75)
        model = ranking.BM25F(tuple((name, plain) for name, _ in ranking.BM25F().fields), k1=1.2)
        self.snapshot = snapshot.Snapshot(pin.path, pin.name, model, pin.release)
        cache = cache_size.cache_bytes(settings)
        self.searcher = searching.Searcher(self.snapshot, cache_bytes=cache, expansions=settings.max_expansions)

    def parse(self, query: str) -> Any:
        return self._parse(query, limits=self.limits, strict=False).query

    def top(self, parsed: Any, k: int) -> Any:
        return self.searcher.best(parsed, k)

    def top_counted(self, parsed: Any, k: int) -> Any:
        return self.searcher.best(parsed, k, counting=True)

    def count(self, parsed: Any) -> int:
        return int(self.searcher.count(parsed))

    def hits(self, answer: Any) -> list[tuple[str, float]]:
        pairs = zip(answer.documents, answer.scores, strict=True)
        return [(self.snapshot.article(document).id, score) for document, score in pairs]


def _articles(texts: Iterable[Text]) -> Iterator[Any]:
    from harbor_search.article import Article, Section

    for identifier, text in texts:
        yield Article(id=identifier, title="", body=(Section("", "", text),))


def engine() -> _Ours:
    """harbor_search for a worker."""
    return _Ours()
