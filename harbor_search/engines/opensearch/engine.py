"""`SearchEngine` over a cluster."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Iterable, Set
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from harbor_search.analysis import get_analyzer
from harbor_search.article import Article
from harbor_search.config import Settings
from harbor_search.engines.languages import check_languages
from harbor_search.engines.opensearch.cluster import Cluster
from harbor_search.engines.opensearch.generations import (
    BUILD_FIRST,
    Generation,
    Generations,
    NothingBuilt,
    require_readable,
)
from harbor_search.engines.opensearch.index_reader import IndexReader
from harbor_search.engines.opensearch.located_articles import LocatedArticles
from harbor_search.engines.opensearch.meaning import SectionEmbedder
from harbor_search.engines.opensearch.searcher import Searcher
from harbor_search.engines.opensearch.writer import Writer
from harbor_search.engines.protocol import (
    Criteria,
    EngineAnswer,
    GenerationInfo,
    IndexStats,
    Marking,
    Progress,
    Removing,
    SearchEngine,
    StoredArticles,
    Suggestions,
    Update,
    Vocabulary,
    any_number,
    no_mark,
)
from harbor_search.engines.scoring_model import scoring_model
from harbor_search.errors import GenerationGone, OperationalError
from harbor_search.query import Node, Query
from harbor_search.ranking import BM25F
from harbor_search.results import Explanation, Hit
from harbor_search.snippets import Occurrence

if TYPE_CHECKING:
    from harbor_search.embedding import EmbeddingModel

__all__ = ["OpenSearchEngine"]

_log = logging.getLogger(__name__)

FRESH = 0.25
"""Seconds for which a process goes on with the index that it last knew to be live."""


ARTICLES_KEPT = 64_000_000
"""Bytes of articles whose words are located already, where `cache_mb` does not say it: some thousands."""


_Answer = TypeVar("_Answer")


class OpenSearchEngine:
    """A `SearchEngine` whose index is in the cluster that `settings` name; threads may share it."""

    def __init__(self, settings: Settings, model: BM25F | None = None) -> None:
        """Nothing is sent to the cluster yet.

        Raises:
            UserError: the settings name an unknown analyzer or language, or no host.
            OperationalError: the extra `opensearch` is not installed.
        """
        check_languages(settings)
        self._settings = settings
        self._model = model or scoring_model(settings)
        self._cluster = Cluster(settings)
        self._generations = Generations(self._cluster, settings.opensearch_prefix, keep=settings.keep_generations)
        self._embedder = SectionEmbedder(settings.semantic_model)
        self._writer = Writer(self._cluster, self._generations, settings, self._model, self._embedder)
        self._articles = LocatedArticles(settings.cache_mb * 1_000_000 or ARTICLES_KEPT)
        self._lock = Lock()
        self._known: Searcher | None = None
        self._earlier: Searcher | None = None
        self._asked = 0.0

    def search(self, query: Query, criteria: Criteria) -> EngineAnswer:
        """The best articles for `query`, from one index for the whole call."""
        if criteria.generation:
            from opensearchpy.exceptions import NotFoundError

            try:
                return self._named(criteria.generation).search(query, criteria)
            except NotFoundError:
                raise GenerationGone(criteria.generation) from None
        return self._on_live(lambda searcher: searcher.search(query, criteria))

    def explain(self, query: Query, criteria: Criteria, article_id: str) -> Explanation | None:
        """What an article scores for `query`, by the cluster's own account; its place is not known."""
        return self._on_live(lambda searcher: searcher.explain(query, criteria, article_id))

    def article(self, article_id: str) -> Article | None:
        """The article with this id in the live generation."""
        return self._on_live(lambda searcher: searcher.article(article_id))

    def occurrences(self, query: Node, article: Article) -> tuple[Occurrence, ...]:
        """Where the words of `query` stand in `article`."""
        return self._on_live(lambda searcher: searcher.occurrences(query, article))

    def cost(self, query: Query) -> None:
        """The cluster reads the postings."""

    def vocabulary(self, generation: str = "") -> Vocabulary:
        """The words of a generation, or of the live one."""
        return (self._named(generation) if generation else self._current()).vocabulary

    def similar(self, article_id: str) -> tuple[Hit, ...]:
        """The near-duplicates of an article, itself left out, without snippets."""
        return self._on_live(lambda searcher: searcher.similar(article_id))

    def suggest(self, text: str, most: int, section: tuple[str, ...] = ()) -> Suggestions:
        """At most `most` texts, and as many articles, for a text that is being typed; of a section (a path prefix)."""
        if not text.strip() or most < 1:
            return Suggestions((), ())
        return self._on_live(lambda searcher: searcher.suggest(text, most, section))

    def generation(self) -> str:
        """The name of the live generation."""
        return self._current().generation.name

    def rebuild(
        self,
        articles: Iterable[Article],
        progress: Progress,
        gate: Callable[[SearchEngine], None] | None = None,
        marking: Marking = no_mark,
    ) -> GenerationInfo:
        """Index `articles` beside the live index, verify, let `gate` try it, and switch the alias to it."""
        with self._generations.writing():
            info = self._writer.rebuild(articles, progress, self._trial(gate), marking)
        self._forget()
        return info

    def update(
        self,
        articles: Iterable[Article],
        keeping: Callable[[], Callable[[Article], bool] | None],
        progress: Progress,
        removing: Removing = any_number,
        marking: Marking = no_mark,
    ) -> Update:
        """Make `articles` the collection: a clone of the live index gets the changes, then becomes live."""
        with self._generations.writing():
            base, reason = self._writer.base()
            if base is None:
                info = self._writer.rebuild(articles, progress, marking=marking)
                done = Update(info, info.articles, 0, 0, rebuilt=reason)
            else:
                done = self._writer.update(base, articles, keeping, progress, removing, marking)
        self._forget()
        return done

    def write(self, articles: Iterable[Article], removed: Set[str], mark: str, progress: Progress) -> Update:
        """Put `articles` into the collection and take out those `removed`: a clone of the live index gets the changes.

        That takes a cluster seconds, whatever their number.
        """
        with self._generations.writing():
            base, reason = self._writer.base()
            if base is None:
                raise OperationalError(f"{reason}; `harbor-search rebuild` makes a new index")
            done = self._writer.write(base, articles, removed, mark, progress)
        self._forget()
        return done

    def mark(self) -> str | None:
        """The mark of the live generation, empty where it has none; None where nothing was built yet."""
        if not self._generations.kept():
            return None
        return str(self._generations.live().meta.get("mark", ""))

    def rollback(self) -> GenerationInfo:
        """Make the newest kept generation before the live one live again."""
        with self._generations.writing():
            generation = self._generations.rollback()
        self._forget()
        return self._generations.info(generation)

    def verify(self) -> tuple[str, ...]:
        """Faults found in the live index, as sentences."""
        generation = self._generations.live()
        require_readable(generation)
        self._cluster.require_health(generation.index)
        faults = list(self._writer.faults(generation.index, int(generation.meta["articles"])))
        expected = get_analyzer(str(generation.meta["analyzer"])).fingerprint
        if generation.meta["fingerprint"] != expected:
            faults.append(
                f"the index was analysed by {generation.meta['fingerprint']}, queries are by {expected}: some words "
                "may not be found; run `harbor-search rebuild`"
            )
        return tuple(faults)

    def stored(self) -> StoredArticles:
        """The articles of the live index, which a rebuild or update meanwhile does not touch."""
        live = self._generations.live()
        require_readable(live)
        return StoredArticles(
            self._generations.info(live), str(live.meta.get("mark", "")), IndexReader(self._cluster).articles(live)
        )

    def stats(self) -> IndexStats:
        """Figures about the live index and those kept."""
        live = self._generations.live()
        with self._cluster.asking("read the cluster's figures") as client:
            health = client.cluster.health(index=live.index)
        nodes = int(health["number_of_nodes"])
        kept = [each for each in self._generations.kept() if each.index != live.index]
        return IndexStats(
            live=self._generations.info(live),
            kept=tuple(self._generations.info(each) for each in kept),
            details={
                "analyzer": str(live.meta["fingerprint"]),
                "index": live.index,
                "cluster": f"{health['cluster_name']}, {health['status']}, {nodes} node{'s' * (nodes != 1)}",
                "shards": int(health["active_primary_shards"]),
                "copies of shards": int(health["active_shards"]) - int(health["active_primary_shards"]),
                **({"model of sections": str(model)} if (model := live.meta.get("model")) else {}),
            },
        )

    def warm(self) -> None:
        """Open a connection to the cluster, and see that the live index is well."""
        self.require_health()

    def require_health(self) -> None:
        """Return where every part of the live index can be searched.

        Raises:
            OperationalError: it cannot; the message says why.
        """
        self._cluster.require_health(self._current().generation.index)

    def close(self) -> None:
        """Close the connections."""
        self._cluster.close()

    def _trial(self, gate: Callable[[SearchEngine], None] | None) -> Callable[[Generation], None] | None:
        """What lets `gate` search an index that is not live yet."""
        if gate is None:
            return None

        def trial(generation: Generation) -> None:
            engine = OpenSearchEngine(self._settings, self._model)
            try:
                engine._known, engine._asked = engine._searcher_on(generation), math.inf
                gate(engine)
            finally:
                engine.close()

        return trial

    def _on_live(self, ask: Callable[[Searcher], _Answer]) -> _Answer:
        """What `ask` gets from the live index, or from the next one where that was removed meanwhile."""
        from opensearchpy.exceptions import NotFoundError

        with suppress(NotFoundError):
            return ask(self._current())
        self._forget()
        try:
            return ask(self._current())
        except NotFoundError:
            raise OperationalError(BUILD_FIRST) from None

    def _current(self) -> Searcher:
        known = self._known
        if known is not None and time.monotonic() - self._asked < FRESH:
            return known
        with self._lock:
            known = self._known
            if known is None or time.monotonic() - self._asked >= FRESH:
                known = self._known = self._live(known)
                self._asked = time.monotonic()
            return known

    def _live(self, known: Searcher | None) -> Searcher:
        """The searcher on the live index: `known`, with what it learnt of words, as long as it is on that one."""
        try:
            generation = self._generations.live()
        except NothingBuilt:
            raise
        except OperationalError:
            # Searching tells whether the cluster is there; that nobody says which index is live stops nothing.
            if known is None:
                raise
            return known
        return known if known is not None and known.generation == generation else self._searcher_on(generation)

    def _named(self, name: str) -> Searcher:
        """The searcher on a generation that may not be live any more; of those, one is remembered.

        Raises:
            GenerationGone: it has been removed.
        """
        from opensearchpy.exceptions import NotFoundError

        current, earlier = self._current(), self._earlier
        if current.generation.name == name:
            return current
        if earlier is None or earlier.generation.name != name:
            try:
                earlier = self._earlier = self._searcher_on(self._generations.named(name))
            except NotFoundError:
                raise GenerationGone(name) from None
        return earlier

    def _searcher_on(self, generation: Generation) -> Searcher:
        require_readable(generation)
        return Searcher(
            generation, self._cluster, self._settings, self._model, self._articles, self._embedding(generation)
        )

    def _embedding(self, generation: Generation) -> EmbeddingModel | None:
        """The model that embedded a generation, where it is the one to search with."""
        made_by = generation.meta.get("model", "")
        if not self._embedder:
            return None
        if made_by != self._embedder.fingerprint:
            how = "embedded by another model" if made_by else "not embedded yet"
            _log.warning("the articles were %s: searching by words alone; run `harbor-search update`", how)
            return None
        return self._embedder.model

    def _forget(self) -> None:
        with self._lock:
            self._known = self._earlier = None
