"""An index as a Python program uses it, and the command line: opened, searched, read, rebuilt, updated, evaluated.

What builds and what measures is imported by the methods that do: a program that asks one question should not wait for
it.
"""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from harbor_search.article import Article, without_surrogates
from harbor_search.config import Settings
from harbor_search.engines import GenerationInfo, IndexStats, Progress, SearchEngine, Update, open_engine
from harbor_search.reports import IndexReport, UpdateReport
from harbor_search.results import SearchResults
from harbor_search.searching import SearchRequest, parse_request, search

if TYPE_CHECKING:
    from harbor_search.evaluation import EvaluationReport
    from harbor_search.ingest import Source

__all__ = ["Index", "open_index"]


def open_index(where: str | Path | Settings = "index", /, **settings: Any) -> Index:
    """The index in the folder `where`, or the one that `Settings` describe; `settings` are others by name.

    The folder need not exist before the first `rebuild`. Settings files and the environment are not read: a program
    that wants them passes `load_settings()`.

    >>> import tempfile
    >>> from harbor_search import Article, Section, open_index
    >>> with open_index(tempfile.mkdtemp(), site_name="Example Health") as index:
    ...     made = index.rebuild([Article("tea", "Tea and Iron", (Section("", "", "Tea blocks iron."),))])
    ...     made.articles
    1

    Raises:
        TypeError: there is no setting of that name.
        UserError: a setting that the engine cannot work with.
    """
    base = where if isinstance(where, Settings) else Settings(index=Path(where))
    return Index(dataclasses.replace(base, **settings))


class Index:
    """A collection of articles that can be searched and built anew. Threads may share it; close it in the end.

    Searches follow a rebuild by any process without being opened again. Each method raises `OperationalError` where
    the index cannot do what was asked, with the cure in the message.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.engine: SearchEngine = open_engine(settings)

    def search(self, query: str | SearchRequest = "", /, **parameters: Any) -> SearchResults:
        """One page of results for `query`, or for a whole `SearchRequest`.

        `parameters` are those of the JSON endpoint (`per_page=5`, `section="Health > Sleep"`, `strict=True`,
        `date_from=date(2024, 1, 1)`, ...).

        >>> import tempfile
        >>> from harbor_search import Article, Section, open_index
        >>> with open_index(tempfile.mkdtemp()) as index:
        ...     _ = index.rebuild([Article("tea", "Tea and Iron", (Section("", "", "Tea blocks iron."),))])
        ...     [(hit.id, hit.title) for hit in index.search("iron", per_page=5).hits]
        [('tea', 'Tea and Iron')]

        Raises:
            UserError: a parameter that cannot be; the message names it and the valid choices.
            TypeError: parameters beside a `SearchRequest`, which has its own.
        """
        if isinstance(query, SearchRequest):
            if parameters:
                raise TypeError(f"a SearchRequest takes no parameters beside it: {', '.join(parameters)}")
            request = query
        else:
            values = {name: _text(value) for name, value in parameters.items()}
            request = parse_request({**values, "q": query}, self.settings)
        return search(self.engine, request, self.settings)

    def article(self, article_id: str) -> Article | None:
        """The article with this id; None where there is none."""
        return self.engine.article(article_id)

    def rebuild(self, articles: Iterable[Article], progress: Progress | None = None) -> GenerationInfo:
        """Make `articles` the collection: built beside what is live, verified, and published in one step.

        `articles` may be a generator; it is read once, in batches. An exception from it leaves the live index as it
        was. For what is no character (half of a surrogate pair) a replacement character is indexed, with a warning.

        Raises:
            ValueError: two articles have one id, or what is no character is in one.
        """
        return self.engine.rebuild(_whole(articles), progress or _silent)

    def update(self, articles: Iterable[Article], progress: Progress | None = None) -> Update:
        """Make `articles`, all of them, the collection, at the cost of what is different from what is live.

        Raises:
            ValueError: as `rebuild`.
        """
        return self.engine.update(_whole(articles), lambda: None, progress or _silent)

    def rebuild_from(
        self,
        sources: Sequence[Path | Source],
        progress: Progress | None = None,
        gate: Callable[[SearchEngine], None] | None = None,
    ) -> IndexReport:
        """Read `sources` as `harbor-search rebuild` does and make what they hold the collection.

        `gate` is handed an engine that searches what was built, before it is published; what it raises ends the
        rebuild.

        Raises:
            UserError: one of `sources` is not there.
            NothingPublished: too much was refused, or there was nothing; it holds the report.
        """
        from harbor_search.indexing import rebuild

        return rebuild(self.engine, sources, self.settings, progress or _silent, gate)

    def update_from(self, sources: Sequence[Path | Source], progress: Progress | None = None) -> UpdateReport:
        """Read `sources` as `harbor-search update` does and bring the collection up to date.

        Raises:
            UserError: one of `sources` is not there.
            NothingPublished: too much was refused, or there was nothing; it holds the report.
        """
        from harbor_search.indexing import update

        return update(self.engine, sources, self.settings, progress or _silent)

    def evaluate(
        self,
        queries: Mapping[str, str],
        qrels: Mapping[str, Mapping[str, int]],
        *,
        k: int = 10,
        generation: str = "",
    ) -> EvaluationReport:
        """Measure the answers to `queries` (texts by query id) by `qrels` (grades by article id by query id).

        `generation` is the kept one that answers (empty: the live one).

        >>> import tempfile
        >>> from harbor_search import Article, Section, open_index
        >>> with open_index(tempfile.mkdtemp()) as index:
        ...     _ = index.rebuild([Article("tea", "Tea and Iron", (Section("", "", "Tea blocks iron."),))])
        ...     index.evaluate({"q1": "iron"}, {"q1": {"tea": 1}}).means["nDCG@10"]
        1.0

        Raises:
            UserError: queries and judgements do not belong together.
        """
        from harbor_search.evaluation import evaluate

        return evaluate(self.engine, queries, qrels, self.settings, k=k, generation=generation)

    def stats(self) -> IndexStats:
        """Figures about the live generation and those kept beside it."""
        return self.engine.stats()

    def close(self) -> None:
        """Release files; the index cannot be used afterwards."""
        self.engine.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _whole(articles: Iterable[Article]) -> Iterator[Article]:
    for article in articles:
        whole = without_surrogates(article)
        if whole is not article:
            warnings.warn(f"article {article.id!r}: halves of surrogate pairs were replaced", stacklevel=2)
        yield whole


def _text(value: Any) -> str:
    """A parameter's value as it would stand in an address."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, date):
        return value.isoformat()
    return " > ".join(value) if isinstance(value, tuple | list) else str(value)


def _silent(stage: str, done: int, total: int | None) -> None:
    """Progress that nobody watches."""
