"""The embedded engine: a Whoosh index in a folder, searched by kernels of our own in this process.

What only writing needs, Whoosh above all, is imported by the methods that write: a process that asks one question
should not wait for it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence, Set
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from harbor_search.analysis import ANALYZERS, Analyzer, get_analyzer
from harbor_search.article import Article
from harbor_search.compiled import keep_code_in
from harbor_search.config import Settings
from harbor_search.engines.embedded.cache_size import cache_bytes
from harbor_search.engines.embedded.searcher import Searcher
from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.engines.embedded.term_loader import CacheUse
from harbor_search.engines.embedded.vocabulary import SnapshotVocabulary
from harbor_search.engines.embedded.warming import run_warming
from harbor_search.engines.protocol import (
    Criteria,
    EngineAnswer,
    GenerationInfo,
    IndexStats,
    Marking,
    Progress,
    Removing,
    SearchEngine,
    Suggestions,
    Update,
    Vocabulary,
    any_number,
    no_mark,
)
from harbor_search.errors import GenerationGone, OperationalError, UserError
from harbor_search.query import Node, Phrase, Query
from harbor_search.ranking import BM25F, prepare_search
from harbor_search.results import Explanation, Hit
from harbor_search.snippets import Occurrence
from harbor_search.store import (
    Building,
    Generation,
    Generations,
    GenerationVanished,
    NothingBuilt,
    Pin,
    count_folded,
    open_index_folder,
)

if TYPE_CHECKING:
    from harbor_search.engines.embedded.segment_building import Segment
    from harbor_search.engines.embedded.updating import Base, Difference

__all__ = ["EmbeddedEngine"]

_log = logging.getLogger(__name__)


class EmbeddedEngine:
    """A `SearchEngine` over generations in `settings.index`; threads may share it.

    Every call works on the generation that is live when it begins, and follows a rebuild without being opened anew.
    """

    def __init__(self, settings: Settings, model: BM25F | None = None) -> None:
        """Nothing is opened or created yet, so an engine can be made before the first rebuild.

        Raises:
            UserError: the settings name an unknown analyzer.
        """
        if settings.analyzer not in ANALYZERS:
            raise UserError(f"there is no analyzer {settings.analyzer!r}", where="analyzer", choices=tuple(ANALYZERS))
        keep_code_in(settings.kernel_cache)
        self._settings = settings
        self._model = model or BM25F()
        self._generations = Generations(settings.index, keep=settings.keep_generations)
        self._searcher: Searcher | None = None
        self._earlier: Searcher | None = None
        self._vocabulary: SnapshotVocabulary | None = None
        self._opening = Lock()

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
        with self._generations.building() as building:
            return self._rebuild_in(building, articles, progress, gate, marking)

    def update(
        self,
        articles: Iterable[Article],
        keeping: Callable[[], Callable[[Article], bool] | None],
        progress: Progress,
        removing: Removing = any_number,
        marking: Marking = no_mark,
    ) -> Update:
        """Make `articles` the collection at the cost of what is different from the live generation."""
        from harbor_search.engines.embedded.segment_building import IndexingLimits, write_segments
        from harbor_search.engines.embedded.updating import Difference, open_base

        analyzer = get_analyzer(self._settings.analyzer)
        with self._generations.building() as building:
            live, reason = open_base(self._generations, analyzer)
            if live is None:
                info = self._rebuild_in(building, articles, progress, marking=marking)
                return Update(info, added=info.articles, changed=0, removed=0, rebuilt=reason)
            difference = Difference(live.index)
            fresh, limits = difference.fresh(articles, progress), IndexingLimits.of(self._settings)
            new = write_segments(building.path, fresh, analyzer, limits, lambda *_: None)
            difference.vanish(keeping())
            info = _info(live.generation)
            removing(difference.removed, info.articles)
            if difference.any:
                info = self._publish_changed(building, live, difference, new, progress, marking())
        return Update(info, difference.added, difference.changed, difference.removed, tuple(difference.kept))

    def write(self, articles: Iterable[Article], removed: Set[str], mark: str, progress: Progress) -> Update:
        """Put `articles` into the collection and take out those `removed`; the rest stays as it is."""
        from harbor_search.engines.embedded.segment_building import IndexingLimits, write_segments
        from harbor_search.engines.embedded.updating import Difference, open_base

        analyzer = get_analyzer(self._settings.analyzer)
        with self._generations.building(replacing=True) as building:
            live, reason = open_base(self._generations, analyzer)
            if live is None:
                raise OperationalError(f"{reason}; `harbor-search rebuild` makes a new index")
            difference = Difference(live.index)
            fresh, limits = difference.fresh(articles, progress), IndexingLimits.of(self._settings)
            new = write_segments(building.path, fresh, analyzer, limits, lambda *_: None)
            difference.remove(removed)
            info = _info(live.generation)
            if difference.any:
                info = self._publish_changed(building, live, difference, new, progress, mark)
        return Update(info, difference.added, difference.changed, difference.removed)

    def mark(self) -> str | None:
        """The mark of the live generation, empty where it has none; None where nothing was built yet."""
        try:
            return str(self._generations.live().manifest.extra.get("mark", ""))
        except NothingBuilt:
            return None

    def _publish_changed(
        self,
        building: Building,
        live: Base,
        difference: Difference,
        new: list[Segment],
        progress: Progress,
        mark: str,
    ) -> GenerationInfo:
        from harbor_search.engines.embedded.updating import apply_difference

        analyzer = get_analyzer(self._settings.analyzer)
        building.inherit(live.generation)
        share = self._settings.near_duplicates
        segments = apply_difference(building.path, live.index, difference.gone, new, analyzer, share, progress)
        known = {segment.name for segment in live.index.segments}
        return self._publish(building, segments, analyzer, progress, known, mark=mark)

    def _rebuild_in(
        self,
        building: Building,
        articles: Iterable[Article],
        progress: Progress,
        gate: Callable[[SearchEngine], None] | None = None,
        marking: Marking = no_mark,
    ) -> GenerationInfo:
        from harbor_search.engines.embedded.segment_building import IndexingLimits, write_index

        prepare_search()
        analyzer = get_analyzer(self._settings.analyzer)
        segments = write_index(building.path, articles, analyzer, IndexingLimits.of(self._settings), progress)
        return self._publish(building, segments, analyzer, progress, gate=gate, mark=marking())

    def _publish(
        self,
        building: Building,
        segments: Sequence[Segment],
        analyzer: Analyzer,
        progress: Progress,
        checked: Set[str] = frozenset(),
        gate: Callable[[SearchEngine], None] | None = None,
        mark: str = "",
    ) -> GenerationInfo:
        """Seal, check (but for segments that were before) and try at the same time, and publish."""
        from harbor_search.engines.embedded.segment_building import check_index
        from harbor_search.store import Background

        articles = sum(segment.count - segment.deletions for segment in segments)
        extra = {"analyzer": analyzer.name, "mark": mark, "near_duplicates": count_folded(building.path)}
        seal = partial(building.seal, articles=articles, fingerprint=analyzer.fingerprint, extra=extra)
        with closing(Background("seal")) as background:
            background.run(seal)
            try:
                check_index(building.path, articles, progress, passing=checked)
                self._try(building.path, gate)
                background.wait()
            except BaseException:
                building.abandon()
                raise
        progress("publish", 0, 1)
        generation = building.publish()
        progress("publish", 1, 1)
        return _info(generation)

    def _try(self, folder: Path, gate: Callable[[SearchEngine], None] | None = None) -> None:
        """Ask the new index what readers will ask; what that compiles is kept for the processes that will answer them.
        At last `gate`, if any, may ask it.

        Raises:
            OperationalError: an article is not found by its own title.
        """
        snapshot = Snapshot(folder, folder.name, self._model, lambda: None)
        searcher = self._searcher_on(snapshot)
        run_warming(searcher)
        for document in {0, snapshot.count // 2, snapshot.count - 1} - {-1, snapshot.count}:
            title = snapshot.article(document).title
            alive = snapshot.find(snapshot.article(document).id) == document
            if alive and snapshot.analyzer.analyze(title):
                answer = searcher.search(Phrase(title, "title"), Criteria(limit=1, facets=False))
                if not answer.total:
                    raise OperationalError(f"the new index does not find {title!r} by its title; rebuild again")
        if gate is not None:
            gate(_Unpublished(self._settings, self._model, searcher))

    def rollback(self) -> GenerationInfo:
        """Make the newest kept generation before the live one live again, of those that can be opened."""
        return _info(self._generations.rollback(open_index_folder))

    def backup(self, target: Path) -> GenerationInfo:
        """Write the live generation to the file `target`, checked, while searches and rebuilds go on."""
        from harbor_search.store import backup

        return _info(backup(self._generations, target))

    def restore(self, source: Path) -> GenerationInfo:
        """Make the index in the backup `source` live, after all of it was checked."""
        from harbor_search.store import restore

        return _info(restore(self._generations, source, open_index_folder))

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
        if name in ANALYZERS and get_analyzer(str(name)).fingerprint != built:
            faults.append(
                f"the index was analysed by {built}, queries are by {get_analyzer(str(name)).fingerprint}: some words "
                "may not be found; run `harbor-search rebuild`"
            )
        return tuple(faults)

    def stats(self) -> IndexStats:
        """Figures about the live generation."""
        snapshot = self._current().snapshot
        live = self._generations.live()
        return IndexStats(
            live=_info(live),
            kept=tuple(_info(each) for each in self._generations.kept() if each.name != live.name),
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
        name = self._generations.live_identity()
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
        return self._searcher_on(snapshot)

    def _searcher_on(self, snapshot: Snapshot) -> Searcher:
        return Searcher(
            snapshot,
            cache_bytes=cache_bytes(self._settings),
            expansions=self._settings.max_expansions,
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


def _info(generation: Generation) -> GenerationInfo:
    manifest = generation.manifest
    return GenerationInfo(
        name=generation.identity,
        articles=manifest.articles,
        bytes=sum(record.size for record in manifest.files.values()),
        built=manifest.built,
        near_duplicates=int(manifest.extra.get("near_duplicates", 0)),
    )
