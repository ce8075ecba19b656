"""`SearchEngine` over a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set

from harbor_search.analysis import get_analyzer
from harbor_search.article import Article
from harbor_search.config import Settings
from harbor_search.engines.answers import EngineAnswer, Suggestions
from harbor_search.engines.criteria import Criteria
from harbor_search.engines.languages import check_languages
from harbor_search.engines.opensearch.addresses import prefix_of
from harbor_search.engines.opensearch.cluster import Cluster
from harbor_search.engines.opensearch.generation import Generation, require_readable
from harbor_search.engines.opensearch.generations import Generations
from harbor_search.engines.opensearch.index_figures import contents_of, place_of
from harbor_search.engines.opensearch.index_reader import IndexReader
from harbor_search.engines.opensearch.meaning import SectionEmbedder
from harbor_search.engines.opensearch.searchers import Searchers
from harbor_search.engines.opensearch.updating import Updater
from harbor_search.engines.opensearch.writer import Writer
from harbor_search.engines.protocol import (
    GenerationInfo,
    IndexStats,
    Marking,
    Progress,
    Removing,
    SearchEngine,
    StoredArticles,
    Update,
    Vocabulary,
    any_number,
    no_mark,
    require_mark,
)
from harbor_search.engines.scoring_model import scoring_model
from harbor_search.errors import GenerationGone, OperationalError
from harbor_search.explanation import Explanation
from harbor_search.query import Node, Query
from harbor_search.ranking import BM25F
from harbor_search.results import Hit
from harbor_search.snippets import Occurrence

__all__ = ["OpenSearchEngine"]


class OpenSearchEngine:
    """A `SearchEngine` whose index is in the cluster that `settings` name; threads may share it."""

    def __init__(self, settings: Settings, model: BM25F | None = None) -> None:
        """Nothing is sent to the cluster yet.

        Raises:
            UserError: the settings name an unknown analyzer or language, no host, or a prefix that no index may have.
            OperationalError: the extra `opensearch` is not installed.
        """
        check_languages(settings)
        self._settings = settings
        self._model = model or scoring_model(settings)
        self._cluster = Cluster(settings)
        self._generations = Generations(self._cluster, prefix_of(settings), keep=settings.keep_generations)
        self._embedder = SectionEmbedder(settings.semantic_model)
        given = self._cluster, self._generations, settings, self._embedder
        self._searchers = Searchers(*given)
        self._writer = Writer(*given, self._model)
        self._updater = Updater(self._writer, *given)

    def search(self, query: Query, criteria: Criteria) -> EngineAnswer:
        """The best articles for `query`, from one index for the whole call."""
        with self._cluster.in_time():
            if criteria.generation:
                return self._search_named(query, criteria)
            return self._searchers.on_live(lambda searcher: searcher.search(query, criteria))

    def _search_named(self, query: Query, criteria: Criteria) -> EngineAnswer:
        from opensearchpy.exceptions import NotFoundError

        try:
            return self._searchers.named(criteria.generation).search(query, criteria)
        except NotFoundError:
            raise GenerationGone(criteria.generation) from None

    def explain(self, query: Query, criteria: Criteria, article_id: str) -> Explanation | None:
        """What an article scores for `query`, by the cluster's own account; its place is not known."""
        return self._searchers.on_live(lambda searcher: searcher.explain(query, criteria, article_id))

    def article(self, article_id: str) -> Article | None:
        """The article with this id in the live generation."""
        return self._searchers.on_live(lambda searcher: searcher.article(article_id))

    def occurrences(self, query: Node, article: Article) -> tuple[Occurrence, ...]:
        """Where the words of `query` stand in `article`."""
        return self._searchers.on_live(lambda searcher: searcher.occurrences(query, article))

    def cost(self, query: Query) -> None:
        """The cluster reads the postings."""

    def vocabulary(self, generation: str = "") -> Vocabulary:
        """The words of a generation, or of the live one."""
        return (self._searchers.named(generation) if generation else self._searchers.live()).vocabulary

    def similar(self, article_id: str) -> tuple[Hit, ...]:
        """The near-duplicates of an article, itself left out, without snippets."""
        return self._searchers.on_live(lambda searcher: searcher.similar(article_id))

    def suggest(self, text: str, most: int, section: tuple[str, ...] = ()) -> Suggestions:
        """At most `most` texts, and as many articles, for a text that is being typed; of a section (a path prefix)."""
        if not text.strip() or most < 1:
            return Suggestions((), ())
        return self._searchers.on_live(lambda searcher: searcher.suggest(text, most, section))

    def generation(self) -> str:
        """The name of the live generation."""
        return self._searchers.live().generation.name

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
        self._searchers.forget()
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
                done = self._updater.update(base, articles, keeping, progress, removing, marking)
        self._searchers.forget()
        return done

    def write(
        self,
        articles: Iterable[Article],
        removed: Set[str],
        mark: str,
        progress: Progress,
        since: str | None = None,
    ) -> Update:
        """Put `articles` into the collection and take out those `removed`: a clone of the live index gets the changes.

        That takes a cluster seconds, whatever their number.
        """
        with self._generations.writing(brief=True):
            base, reason = self._writer.base()
            if base is None:
                raise OperationalError(f"{reason}; `harbor-search rebuild` makes a new index")
            require_mark(str(base.meta.get("mark", "")), since)
            done = self._updater.write(base, articles, removed, mark, progress)
        self._searchers.forget()
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
        self._searchers.forget()
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
        kept = [each for each in self._generations.kept() if each.index != live.index]
        return IndexStats(
            live=self._generations.info(live),
            kept=tuple(self._generations.info(each) for each in kept),
            details={
                "analyzer": str(live.meta["fingerprint"]),
                **contents_of(self._cluster, live.index),
                **place_of(self._cluster, live.index),
                **({"model of sections": str(model)} if (model := live.meta.get("model")) else {}),
            },
        )

    def warm(self) -> None:
        """Open a connection to the cluster, see that the live index is well, and have its words."""
        self.require_health()
        self._searchers.live().vocabulary.prepare()

    def require_health(self) -> None:
        """Return where every part of the live index can be searched.

        Raises:
            OperationalError: it cannot; the message says why.
        """
        self._cluster.require_health(self._searchers.live().generation.index)

    def close(self) -> None:
        """Close the connections, and end what is done in the background."""
        self._searchers.close()
        self._cluster.close()

    def _trial(self, gate: Callable[[SearchEngine], None] | None) -> Callable[[Generation], None] | None:
        """What lets `gate` search an index that is not live yet."""
        if gate is None:
            return None

        def trial(generation: Generation) -> None:
            engine = OpenSearchEngine(self._settings, self._model)
            try:
                engine._searchers.stay_on(generation)
                gate(engine)
            finally:
                engine.close()

        return trial
