"""The embedded engine: a Whoosh index in a folder, searched by kernels of our own in this process.

What writes is in `writer`, and is imported by the methods that write, as it needs Whoosh: a process that asks one
question should not wait for it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Set
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from harbor_search.article import Article
from harbor_search.compiled import keep_code_in
from harbor_search.config import Settings
from harbor_search.engines.answers import EngineAnswer, Suggestions
from harbor_search.engines.criteria import Criteria
from harbor_search.engines.embedded.cache_size import cache_bytes
from harbor_search.engines.embedded.embedding_model import Embedder
from harbor_search.engines.embedded.generation_info import generation_info
from harbor_search.engines.embedded.searcher import Searcher
from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.engines.embedded.term_loader import CacheUse
from harbor_search.engines.embedded.vocabulary import SnapshotVocabulary
from harbor_search.engines.embedded.warming import run_warming
from harbor_search.engines.languages import check_languages, known_analyzer
from harbor_search.engines.protocol import (
    GenerationInfo,
    IndexStats,
    Marking,
    Progress,
    Removing,
    SearchEngine,
    Update,
    Vocabulary,
    any_number,
    no_mark,
)
from harbor_search.engines.scoring_model import rescoring_weights, scoring_model
from harbor_search.errors import GenerationGone, OperationalError
from harbor_search.explanation import Explanation
from harbor_search.query import Node, Query
from harbor_search.ranking import BM25F
from harbor_search.results import Hit
from harbor_search.snippets import Occurrence
from harbor_search.store import (
    Generations,
    GenerationVanished,
    NothingBuilt,
    Pin,
    open_index_folder,
)

if TYPE_CHECKING:
    from harbor_search.engines.embedded.writer import Writer
    from harbor_search.store import Companions

__all__ = ["EmbeddedEngine"]

_log = logging.getLogger(__name__)


class EmbeddedEngine:
    """A `SearchEngine` over generations in `settings.index`; threads may share it.

    Every call works on the generation that is live when it begins, and follows a rebuild without being opened anew.
    """

    def __init__(self, settings: Settings, model: BM25F | None = None) -> None:
        """Nothing is opened or created yet, so an engine can be made before the first rebuild.

        Raises:
            UserError: the settings name an unknown analyzer or language.
        """
        check_languages(settings)
        keep_code_in(settings.kernel_cache)
        self._settings = settings
        self._model = model or scoring_model(settings)
        self._generations = Generations(settings.index, keep=settings.keep_generations)
        self._recent_identity = self._generations.recent_identity
        self._searcher: Searcher | None = None
        self._earlier: Searcher | None = None
        self._vocabulary: SnapshotVocabulary | None = None
        self._opening = Lock()
        self._embedder = Embedder(settings.semantic_model)

    def search(self, query: Query, criteria: Criteria) -> EngineAnswer:
        """The best articles for `query`, from one generation pinned for the whole call."""
        searcher = self._named(criteria.generation) if criteria.generation else self._current()
        return searcher.search(query, criteria)

    def explain(self, query: Query, criteria: Criteria, article_id: str) -> Explanation | None:
        """Why an article is where it is among the first answers to `query`, or is not."""
        searcher = self._named(criteria.generation) if criteria.generation else self._current()
        return searcher.explain(query, criteria, article_id)

    def cost(self, query: Query) -> int:
        """About how many postings `query` reads in the generation that was searched last."""
        # Which one is live takes as long to find out as a short search, and changes an estimate little.
        return (self._searcher or self._current()).cost(query)

    def cache_use(self) -> CacheUse:
        """How the memory for posting lists is used; all is 0 before the first search."""
        searcher = self._searcher
        return searcher.cache_use if searcher else CacheUse(0, 0, 0, 0)

    def article(self, article_id: str) -> Article | None:
        """The article with this id in the live generation."""
        snapshot = self._current().snapshot
        document = snapshot.find(article_id)
        return None if document is None else snapshot.article(document)

    def occurrences(self, query: Node, article: Article) -> tuple[Occurrence, ...]:
        """Where the words of `query` stand in `article`; none where it has changed since."""
        searcher = self._current()
        document = searcher.snapshot.find(article.id)
        if document is None or searcher.snapshot.article(document) != article:
            return ()
        return searcher.occurrences(query, article.id)

    def vocabulary(self, generation: str = "") -> Vocabulary:
        """The words of a generation, or of the live one."""
        searcher = self._current()
        if generation and searcher.snapshot.name != generation:
            return self._named(generation).new_vocabulary()
        return self._words_of(searcher)

    def suggest(self, text: str, most: int, section: tuple[str, ...] = ()) -> Suggestions:
        """At most `most` texts, and as many articles, for a text that is being typed; of a section (a path prefix)."""
        return self._current().suggester.suggest(text, most, section)

    def similar(self, article_id: str) -> tuple[Hit, ...]:
        """The near-duplicates of an article, itself left out, without snippets."""
        return self._current().similar(article_id)

    def generation(self) -> str:
        """The name of the live generation."""
        return self._generations.live_identity()

    def rebuild(
        self,
        articles: Iterable[Article],
        progress: Progress,
        gate: Callable[[SearchEngine], None] | None = None,
        marking: Marking = no_mark,
    ) -> GenerationInfo:
        """Index `articles` beside the live generation, verify, let `gate` try it, and publish atomically."""
        return self._writer().rebuild(articles, progress, gate, marking)

    def update(
        self,
        articles: Iterable[Article],
        keeping: Callable[[], Callable[[Article], bool] | None],
        progress: Progress,
        removing: Removing = any_number,
        marking: Marking = no_mark,
    ) -> Update:
        """Make `articles` the collection at the cost of what is different from the live generation."""
        return self._writer().update(articles, keeping, progress, removing, marking)

    def write(
        self,
        articles: Iterable[Article],
        removed: Set[str],
        mark: str,
        progress: Progress,
        since: str | None = None,
    ) -> Update:
        """Put `articles` into the collection and take out those `removed`; the rest stays as it is."""
        return self._writer().write(articles, removed, mark, progress, since)

    def mark(self) -> str | None:
        """The mark of the live generation, empty where it has none; None where nothing was built yet."""
        try:
            return str(self._generations.live().manifest.extra.get("mark", ""))
        except NothingBuilt:
            return None

    def rollback(self) -> GenerationInfo:
        """Make the newest kept generation before the live one live again, of those that can be opened."""
        return generation_info(self._generations.rollback(open_index_folder))

    def backup(self, target: Path, companions: Companions) -> GenerationInfo:
        """Write the live generation and its companions to the file `target`, checked, while all else goes on."""
        from harbor_search.store import backup

        return generation_info(backup(self._generations, target, companions))

    def restore(self, source: Path, companions: Companions) -> GenerationInfo:
        """Make the index in the backup `source` live, after all of it was checked."""
        from harbor_search.store import restore

        return generation_info(restore(self._generations, source, open_index_folder, companions))

    def verify(self) -> tuple[str, ...]:
        """Faults found in the live generation, as sentences; empty when all is well."""
        from harbor_search.engines.embedded.segment_building import check_index

        with self._generations.pin_live() as pin:
            faults = list(pin.generation.verify())
            if not faults:
                try:
                    check_index(pin.path, pin.generation.manifest.articles, lambda *_: None)
                except OperationalError as error:
                    faults.append(str(error))
            name = pin.generation.manifest.extra.get("analyzer", "")
            built = pin.generation.manifest.fingerprint
        analyzer = known_analyzer(str(name))
        if analyzer and analyzer.fingerprint != built:
            faults.append(
                f"the index was analysed by {built}, queries are by {analyzer.fingerprint}: some words may not be "
                "found; run `harbor-search rebuild`"
            )
        return tuple(faults)

    def stats(self) -> IndexStats:
        """Figures about the live generation."""
        snapshot = self._current().snapshot
        live = self._generations.live()
        return IndexStats(
            live=generation_info(live),
            kept=tuple(generation_info(each) for each in self._generations.kept() if each.name != live.name),
            details={
                "analyzer": snapshot.fingerprint,
                "segments": len(snapshot.segments),
                "terms in bodies": sum(len(each.fields["body"].dictionary) for each in snapshot.segments),
                "deleted articles not merged away yet": snapshot.count - snapshot.articles,
                "sections": snapshot.sections_used,
                "articles without a date": snapshot.undated,
            },
        )

    def warm(self) -> None:
        """Load and compile what the first search needs, so that it is as fast as the next."""
        searcher = self._current()
        run_warming(searcher)
        self._words_of(searcher).lexicon.similar("warming", 2)
        searcher.suggester.suggest("warming", 1, ())

    def rescored(self, settings: Settings) -> SearchEngine:
        """The live generation under other settings of the ranking, as long as this engine is open: what queries mean
        and which words are in it is known to both."""
        return _Rescored(settings, self)

    def beside(self) -> SearchEngine:
        """The same index for another thread, whose searches and those of this engine do not wait for each other: with a
        quarter as much room for posting lists, and all else in common."""
        return _Beside(self._settings, self)

    def close(self) -> None:
        """Release files; the engine cannot be used afterwards."""
        with self._opening:
            self._searcher = self._earlier = None
            self._vocabulary = None

    def _words_of(self, searcher: Searcher) -> SnapshotVocabulary:
        """The vocabulary of the snapshot that is searched, the same one as long as that is."""
        known = self._vocabulary
        if known is None or known.generation != searcher.snapshot.name:
            known = self._vocabulary = searcher.new_vocabulary()
        return known

    def _current(self) -> Searcher:
        name = self._recent_identity()
        searcher = self._searcher
        if searcher is not None and searcher.snapshot.name == name:
            return searcher
        with self._opening:
            if self._searcher is None or self._searcher.snapshot.name != self._generations.live_identity():
                self._searcher, self._earlier, self._vocabulary = self._open(), None, None
            return self._searcher

    def _named(self, identity: str) -> Searcher:
        """The searcher on a generation that may not be live any more; of those, one is held open.

        Raises:
            GenerationGone: it has been removed.
        """
        for each in (self._searcher, self._earlier):
            if each is not None and each.snapshot.name == identity:
                return each
        if identity == self._generations.live_identity():
            return self._current()
        with self._opening:
            for generation in self._generations.kept():
                if generation.identity == identity:
                    with suppress(GenerationVanished):
                        self._earlier = self._open(self._generations.pin(generation.name))
                        return self._earlier
        raise GenerationGone(identity)

    def _open(self, pin: Pin | None = None) -> Searcher:
        pin = pin or self._generations.pin_live()
        try:
            pin.generation.require_sound()
            snapshot = Snapshot(pin.path, pin.generation.identity, self._model, pin.release)
        except BaseException:
            pin.release()
            raise
        if snapshot.fingerprint != snapshot.analyzer.fingerprint:
            _log.warning(
                "the index was analysed by %s, queries are by %s: some words may not be found; run `harbor-search "
                "rebuild`",
                snapshot.fingerprint,
                snapshot.analyzer.fingerprint,
            )
        return self._searcher_on(snapshot, pin.path)

    def _writer(self) -> Writer:
        from harbor_search.engines.embedded.writer import Writer

        return Writer(self._settings, self._generations, self._unpublished, self._embedder)

    def _unpublished(self, folder: Path) -> tuple[SearchEngine, Searcher]:
        searcher = self._searcher_on(Snapshot(folder, folder.name, self._model, lambda: None), folder)
        return _Unpublished(self._settings, self._model, searcher), searcher

    def _searcher_on(self, snapshot: Snapshot, folder: Path) -> Searcher:
        return Searcher(
            snapshot,
            cache_bytes=cache_bytes(self._settings),
            expansions=self._settings.max_expansions,
            look=rescoring_weights(self._settings),
            meaning=self._embedder.meaning(snapshot, folder),
        )


class _Unpublished(EmbeddedEngine):
    """An engine over an index that is not live yet."""

    def __init__(self, settings: Settings, model: BM25F, searcher: Searcher) -> None:
        super().__init__(settings, model)
        self._fixed = searcher

    def generation(self) -> str:
        """The folder in which the index is made."""
        return self._fixed.snapshot.name

    def _current(self) -> Searcher:
        return self._fixed


class _Rescored(EmbeddedEngine):
    """An engine with another ranking than the one that it was made of."""

    def __init__(self, settings: Settings, other: EmbeddedEngine) -> None:
        super().__init__(settings)
        self._other = other
        self._fixed = other._current().rescored(self._model, rescoring_weights(settings))

    def generation(self) -> str:
        """The generation that was live when this was made."""
        return self._fixed.snapshot.name

    def vocabulary(self, generation: str = "") -> Vocabulary:
        """The words of the generation."""
        return self._other.vocabulary(generation)

    def _current(self) -> Searcher:
        return self._fixed


class _Beside(EmbeddedEngine):
    """An engine over the snapshots of another, with locks and posting lists of its own."""

    def __init__(self, settings: Settings, other: EmbeddedEngine) -> None:
        super().__init__(settings, other._model)
        self._other = other

    def generation(self) -> str:
        """The generation that is live."""
        return self._other.generation()

    def vocabulary(self, generation: str = "") -> Vocabulary:
        """The words of a generation: most queries that come here were understood by the other engine before."""
        return self._other.vocabulary(generation)

    def cache_use(self) -> CacheUse:
        """How its own memory for posting lists is used; all is 0 before the first search of the other."""
        searcher = self._other._searcher
        return searcher.beside.cache_use if searcher else CacheUse(0, 0, 0, 0)

    def _current(self) -> Searcher:
        return self._other._current().beside

    def _named(self, identity: str) -> Searcher:
        return self._other._named(identity).beside
