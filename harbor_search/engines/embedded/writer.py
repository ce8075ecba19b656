"""What writes the embedded engine's index: rebuilds, updates and single writes, each ending in a new generation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from contextlib import closing
from functools import partial
from pathlib import Path

from harbor_search.analysis import get_analyzer
from harbor_search.article import Article
from harbor_search.config import Settings
from harbor_search.engines.criteria import Criteria
from harbor_search.engines.embedded.embedding_model import Embedder
from harbor_search.engines.embedded.generation_info import generation_info
from harbor_search.engines.embedded.searcher import Searcher
from harbor_search.engines.embedded.segment_building import (
    IndexingLimits,
    Segment,
    check_index,
    write_index,
    write_segments,
)
from harbor_search.engines.embedded.updating import Base, Difference, apply_difference, open_base
from harbor_search.engines.embedded.warming import begin_compiling, run_warming
from harbor_search.engines.protocol import (
    GenerationInfo,
    Marking,
    Progress,
    Removing,
    SearchEngine,
    Update,
    require_mark,
)
from harbor_search.errors import OperationalError
from harbor_search.query import Phrase
from harbor_search.store import BackgroundThread, Generations, StagedGeneration, count_folded, open_index_folder

__all__ = ["Writer"]


class Writer:
    """Writes the index in `settings.index`; one writes at a time, and searches go on meanwhile."""

    def __init__(
        self,
        settings: Settings,
        generations: Generations,
        unpublished: Callable[[Path], tuple[SearchEngine, Searcher]],
        embedder: Embedder,
    ) -> None:
        """`unpublished` opens the index in a folder, by which a new one is tried before it is published: as an engine
        for a gate, and the searcher of that engine.
        """
        self._embedder = embedder
        self._settings = settings
        self._generations = generations
        self._unpublished = unpublished
        self._analyzer = get_analyzer(settings.analyzer)
        self._limits = IndexingLimits.of(settings)

    def rebuild(
        self,
        articles: Iterable[Article],
        progress: Progress,
        gate: Callable[[SearchEngine], None] | None,
        marking: Marking,
    ) -> GenerationInfo:
        """Index `articles` beside the live generation, verify, let `gate` try it, and publish atomically."""
        with self._generations.stage() as staged:
            return self._rebuild_in(staged, articles, progress, gate, marking)

    def update(
        self,
        articles: Iterable[Article],
        keeping: Callable[[], Callable[[Article], bool] | None],
        progress: Progress,
        removing: Removing,
        marking: Marking,
    ) -> Update:
        """Make `articles` the collection at the cost of what is different from the live generation."""
        with self._generations.stage() as staged:
            live, reason = open_base(self._generations, self._analyzer, self._embedder)
            if live is None:
                info = self._rebuild_in(staged, articles, progress, None, marking)
                return Update(info, added=info.articles, changed=0, removed=0, rebuilt=reason)
            difference = Difference(live.index)
            new = self._write_new(staged, difference, articles, progress)
            difference.vanish(keeping())
            info = generation_info(live.generation)
            removing(difference.removed, info.articles)
            if difference.any:
                info = self._publish_changed(staged, live, difference, new, progress, marking())
        return Update(info, difference.added, difference.changed, difference.removed, tuple(difference.kept))

    def write(
        self,
        articles: Iterable[Article],
        removed: Set[str],
        mark: str,
        progress: Progress,
        since: str | None = None,
    ) -> Update:
        """Put `articles` into the collection and take out those `removed`; the rest stays as it is."""
        with self._generations.stage(replacing=True) as staged:
            live, reason = open_base(self._generations, self._analyzer, self._embedder)
            if live is None:
                raise OperationalError(f"{reason}; `harbor-search rebuild` makes a new index")
            require_mark(str(live.generation.manifest.extra.get("mark", "")), since)
            difference = Difference(live.index)
            new = self._write_new(staged, difference, articles, progress)
            difference.remove(removed)
            info = generation_info(live.generation)
            if difference.any:
                info = self._publish_changed(staged, live, difference, new, progress, mark)
        return Update(info, difference.added, difference.changed, difference.removed)

    def _write_new(
        self, staged: StagedGeneration, difference: Difference, articles: Iterable[Article], progress: Progress
    ) -> list[Segment]:
        fresh = difference.fresh(articles, progress)
        return write_segments(staged.path, fresh, self._analyzer, self._limits, lambda *_: None)

    def _publish_changed(
        self,
        staged: StagedGeneration,
        live: Base,
        difference: Difference,
        new: list[Segment],
        progress: Progress,
        mark: str,
    ) -> GenerationInfo:
        staged.inherit(live.generation)
        share = self._settings.near_duplicates
        analyzer = get_analyzer(live.index.analyzer)
        segments = apply_difference(staged.path, live.index, difference.gone, new, analyzer, share, progress)
        self._embedder.write(staged.path, progress)
        known = {segment.name for segment in live.index.segments}
        return self._publish(staged, segments, progress, known, mark=mark)

    def _rebuild_in(
        self,
        staged: StagedGeneration,
        articles: Iterable[Article],
        progress: Progress,
        gate: Callable[[SearchEngine], None] | None,
        marking: Marking,
    ) -> GenerationInfo:
        self._embedder.check()
        begin_compiling()
        segments = write_index(staged.path, articles, self._analyzer, self._limits, progress)
        self._embedder.write(staged.path, progress)
        return self._publish(staged, segments, progress, gate=gate, mark=marking())

    def _publish(
        self,
        staged: StagedGeneration,
        segments: Sequence[Segment],
        progress: Progress,
        checked: Set[str] = frozenset(),
        gate: Callable[[SearchEngine], None] | None = None,
        mark: str = "",
    ) -> GenerationInfo:
        """Seal, check (but for segments that were before) and try at the same time, and publish."""
        articles = sum(segment.count - segment.deletions for segment in segments)
        index = open_index_folder(staged.path)
        extra = {"analyzer": index.analyzer, "mark": mark, "near_duplicates": count_folded(staged.path)}
        seal = partial(staged.seal, articles=articles, fingerprint=index.fingerprint, extra=extra)
        with closing(BackgroundThread("seal")) as background:
            background.run(seal)
            try:
                check_index(staged.path, articles, progress, passing=checked)
                unpublished, searcher = self._unpublished(staged.path)
                _try(searcher)
                if gate is not None:
                    gate(unpublished)
                background.wait()
            except BaseException:
                staged.abandon()
                raise
        progress("publish", 0, 1)
        generation = staged.publish()
        progress("publish", 1, 1)
        return generation_info(generation)


def _try(searcher: Searcher) -> None:
    """Ask the new index what readers will ask; what that compiles is kept for the processes that will answer them.

    Raises:
        OperationalError: an article is not found by its own title.
    """
    run_warming(searcher)
    snapshot = searcher.snapshot
    if not snapshot.model.field("title").weight:
        return  # phrases that count nothing are not found
    for document in {0, snapshot.count // 2, snapshot.count - 1} - {-1, snapshot.count}:
        title = snapshot.article(document).title
        alive = snapshot.find(snapshot.article(document).id) == document
        if alive and snapshot.analyzer.analyze(title):
            answer = searcher.search(Phrase(title, "title"), Criteria(limit=1, facets=False))
            if not answer.total:
                raise OperationalError(f"the new index does not find {title!r} by its title; rebuild again")
