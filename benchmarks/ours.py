"""harbor_search itself, behind the same protocol as its peers: its default engine, with the analyzer nearest theirs."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.protocol import Peer, Text
from benchmarks.queries import Clause, Query

__all__ = ["PEER", "Ours", "analyze", "engine", "open_engine"]

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
        "ours: keeps the plans of queries; each query is timed after an untimed run, so its plan is known by then.",
    ),
)


def analyze(text: str) -> list[str]:
    """The words that the engine indexes, for the brute-force check."""
    from harbor_search.analysis import get_analyzer

    return [token.text for token in get_analyzer("simple").analyze(text)]


class Ours:
    """What is the same for a worker whatever it measures: building, and the ways of users in.

    `article` makes an article of a document's columns.
    """

    def __init__(self, article: Callable[..., Any]) -> None:
        self._article = article

    def index(self, texts: Iterator[Text], folder: str, threads: int, memory_mb: int) -> None:
        engine, _ = open_engine(folder, memory_mb=memory_mb, index_processes=threads)
        engine.rebuild((self._article(*text) for text in texts), lambda stage, done, total: None)
        engine.close()

    def optimise(self, folder: str) -> None:
        """Nothing to do: a rebuild leaves one segment."""

    def parse(self, query: str) -> str:
        """The query as it is: reading it is a part of every search, and of its time."""
        return query


def open_engine(folder: str, model: Any = None, **values: Any) -> tuple[Any, Any]:
    """The default engine on `folder`, whether something was built there or not, and its settings."""
    from harbor_search.config import Settings

    settings = Settings(index=Path(folder), analyzer="simple", **values)
    return importlib.import_module(_ENGINE).EmbeddedEngine(settings, model), settings


class _Ranking(Ours):
    def open(self, folder: str) -> None:
        from harbor_search.ranking import BM25F, FieldWeight
        from harbor_search.searching import SearchRequest, search

        # The parameters of the peers; what an article without headings and lead has is a title and a body.
        plain = FieldWeight(1.0, 0.75)
        model = BM25F(tuple((name, plain) for name, _ in BM25F().fields), k1=1.2)
        self._engine, self._settings = open_engine(folder, model)
        # Looked up once: an import statement in a function that is timed would cost it a microsecond.
        self._request, self._search = SearchRequest, search

    def top(self, parsed: str, k: int) -> Any:
        return self._answer(parsed, k, "none")

    def top_counted(self, parsed: str, k: int) -> Any:
        return self._answer(parsed, k, "exact")

    def count(self, parsed: str) -> int:
        return int(self._answer(parsed, 0, "exact").total)

    def hits(self, answer: Any) -> list[tuple[str, float]]:
        return [(hit.id, hit.score) for hit in answer.hits]

    def _answer(self, query: str, k: int, total: str) -> Any:
        # As it is typed: the peers neither correct words nor look twice at what they found, nor fold near-duplicates.
        request = self._request(
            q=query, per_page=k, facets=False, snippets=False, total=total, literal=True, fold=False
        )
        return self._search(self._engine, request, self._settings)


def _article(identifier: str, text: str) -> Any:
    from harbor_search.article import Article, Section

    return Article(id=identifier, title="", body=(Section("", "", text),))


def engine() -> _Ranking:
    """harbor_search for a worker."""
    return _Ranking(_article)
