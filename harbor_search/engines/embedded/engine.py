"""The embedded engine: a Whoosh index in a folder, searched by kernels of our own in this process.

What writes is in `writer`, and is imported by the methods that write, as it needs Whoosh: a process that asks one
question should not wait for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from pathlib import Path
from typing import TYPE_CHECKING

from harbor_search.article import Article
from harbor_search.compiled import keep_code_in
from harbor_search.config import Settings
from harbor_search.engines.answers import EngineAnswer, Suggestions
from harbor_search.engines.criteria import Criteria
from harbor_search.engines.embedded.embedding_model import Embedder
from harbor_search.engines.embedded.generation_info import generation_info
from harbor_search.engines.embedded.open_searchers import (
    FixedSearcher,
    LiveSearchers,
    OpenSearchers,
    SearchersBeside,
    unpublished,
)
from harbor_search.engines.embedded.searcher import Searcher
from harbor_search.engines.embedded.term_loader import CacheUse
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
from harbor_search.errors import OperationalError
from harbor_search.explanation import Explanation
from harbor_search.query import Node, Query
from harbor_search.ranking import BM25F
from harbor_search.results import Hit
from harbor_search.snippets import Occurrence
from harbor_search.store import (
    Generations,
    NothingBuilt,
    open_index_folder,
)

if TYPE_CHECKING:
    from harbor_search.engines.embedded.writer import Writer
    from harbor_search.store import Companions

__all__ = ["EmbeddedEngine"]


class EmbeddedEngine:
    """A `SearchEngine` over generations in `settings.index`; threads may share it.

    Every call works on the generation that is live when it begins, and follows a rebuild without being opened anew.
    """

    def __init__(self, settings: Settings, model: BM25F | None = None, searchers: OpenSearchers | None = None) -> None:
        """Nothing is opened or created yet, so an engine can be made before the first rebuild.

        `searchers` answer in the place of those on the live generation.

        Raises:
            UserError: the settings name an unknown analyzer or language.
        """
        check_languages(settings)
        keep_code_in(settings.kernel_cache)
        self._settings = settings
        self._model = model or scoring_model(settings)
        self._generations = Generations(settings.index, keep=settings.keep_generations)
        self._embedder = Embedder(settings.semantic_model)
        self._searchers = searchers or LiveSearchers(settings, self._model, self._generations, self._embedder)

    def search(self, query: Query, criteria: Criteria) -> EngineAnswer:
        """The best articles for `query`, from one generation pinned for the whole call."""
        return self._searcher_for(criteria).search(query, criteria)

    def explain(self, query: Query, criteria: Criteria, article_id: str) -> Explanation | None:
        """Why an article is where it is among the first answers to `query`, or is not."""
        return self._searcher_for(criteria).explain(query, criteria, article_id)

    def cost(self, query: Query) -> int:
        """About how many postings `query` reads in the generation that was searched last."""
        # Which one is live takes as long to find out as a short search, and changes an estimate little.
        return (self._searchers.latest() or self._searchers.current()).cost(query)

    def cache_use(self) -> CacheUse:
        """How the memory for posting lists is used; all is 0 before the first search."""
        searcher = self._searchers.latest()
        return searcher.cache_use if searcher else CacheUse(0, 0, 0, 0)

    def article(self, article_id: str) -> Article | None:
        """The article with this id in the live generation."""
        snapshot = self._searchers.current().snapshot
        document = snapshot.find(article_id)
        return None if document is None else snapshot.article(document)

    def occurrences(self, query: Node, article: Article) -> tuple[Occurrence, ...]:
        """Where the words of `query` stand in `article`; none where it has changed since."""
        searcher = self._searchers.current()
        document = searcher.snapshot.find(article.id)
        if document is None or searcher.snapshot.article(document) != article:
            return ()
        return searcher.occurrences(query, article.id)

    def vocabulary(self, generation: str = "") -> Vocabulary:
        """The words of a generation, or of the live one."""
        return self._searchers.vocabulary(generation)

    def suggest(self, text: str, most: int, section: tuple[str, ...] = ()) -> Suggestions:
        """At most `most` texts, and as many articles, for a text that is being typed; of a section (a path prefix)."""
        return self._searchers.current().suggester.suggest(text, most, section)

    def similar(self, article_id: str) -> tuple[Hit, ...]:
        """The near-duplicates of an article, itself left out, without snippets."""
        return self._searchers.current().similar(article_id)

    def generation(self) -> str:
        """The name of the generation that is searched: the live one, unless this engine was made for another."""
        return self._searchers.generation()

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
        snapshot = self._searchers.current().snapshot
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
        searcher = self._searchers.current()
        run_warming(searcher)
        self._searchers.vocabulary().lexicon.similar("warming", 2)
        searcher.suggester.suggest("warming", 1, ())

    def rescored(self, settings: Settings) -> SearchEngine:
        """The live generation under other settings of the ranking, as long as this engine is open: what queries mean
        and which words are in it is known to both."""
        model = scoring_model(settings)
        searcher = self._searchers.current().rescored(model, rescoring_weights(settings))
        return EmbeddedEngine(settings, model, FixedSearcher(searcher, self._searchers.vocabulary()))

    def beside(self) -> SearchEngine:
        """The same index for another thread, whose searches and those of this engine do not wait for each other: with a
        quarter as much room for posting lists, and all else in common."""
        return EmbeddedEngine(self._settings, self._model, SearchersBeside(self._searchers))

    def close(self) -> None:
        """Release files; the engine cannot be used afterwards."""
        self._searchers.close()

    def _searcher_for(self, criteria: Criteria) -> Searcher:
        return self._searchers.named(criteria.generation) if criteria.generation else self._searchers.current()

    def _writer(self) -> Writer:
        from harbor_search.engines.embedded.writer import Writer

        return Writer(self._settings, self._generations, self._unpublished, self._embedder)

    def _unpublished(self, folder: Path) -> tuple[SearchEngine, Searcher]:
        """An engine over an index that is not live yet, and its searcher."""
        searchers = unpublished(folder, self._settings, self._model, self._embedder)
        return EmbeddedEngine(self._settings, self._model, searchers), searchers.current()
