"""Which searcher answers a call: the one on the live generation, on one that was named, or on an index that is fixed.

An engine has one of these; what it answers is the same for all.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Protocol

from harbor_search.config import Settings
from harbor_search.engines.embedded.cache_size import cache_bytes
from harbor_search.engines.embedded.embedding_model import Embedder
from harbor_search.engines.embedded.searcher import Searcher
from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.engines.embedded.vocabulary import SnapshotVocabulary
from harbor_search.engines.scoring_model import rescoring_weights
from harbor_search.errors import GenerationGone
from harbor_search.ranking import BM25F
from harbor_search.store import Generations, GenerationVanished, Pin

__all__ = ["FixedSearcher", "LiveSearchers", "OpenSearchers", "SearchersBeside", "unpublished"]

_log = logging.getLogger(__name__)


class OpenSearchers(Protocol):
    """The searchers that are open. Threads may share it."""

    def generation(self) -> str:
        """The name of the generation that is searched where none is named."""
        ...

    def current(self) -> Searcher:
        """The searcher on that generation."""
        ...

    def latest(self) -> Searcher | None:
        """The one that was asked last, whichever generation it is on; None before the first."""
        ...

    def named(self, generation: str) -> Searcher:
        """The searcher on a generation that may not be live any more.

        Raises:
            GenerationGone: it has been removed.
        """
        ...

    def vocabulary(self, generation: str = "") -> SnapshotVocabulary:
        """The words of a generation, the same object as long as that of `current` is asked for.

        Raises:
            GenerationGone: it has been removed.
        """
        ...

    def close(self) -> None:
        """Release what is open."""
        ...


class LiveSearchers:
    """Those on the generations of an index: the live one's, which follows every rebuild, and one of an earlier one."""

    def __init__(self, settings: Settings, model: BM25F, generations: Generations, embedder: Embedder) -> None:
        """Nothing is opened yet."""
        self._settings = settings
        self._model = model
        self._generations = generations
        self._embedder = embedder
        self._recent_identity = generations.recent_identity
        self._live: Searcher | None = None
        self._earlier: Searcher | None = None
        self._vocabulary: SnapshotVocabulary | None = None
        self._opening = Lock()

    def generation(self) -> str:
        """The name of the live generation."""
        return self._generations.live_identity()

    def current(self) -> Searcher:
        """The searcher on the live generation."""
        name = self._recent_identity()
        searcher = self._live
        if searcher is not None and searcher.snapshot.name == name:
            return searcher
        with self._opening:
            if self._live is None or self._live.snapshot.name != self._generations.live_identity():
                self._live, self._earlier, self._vocabulary = self._open(self._generations.pin_live()), None, None
            return self._live

    def latest(self) -> Searcher | None:
        """As `OpenSearchers.latest`."""
        return self._live

    def named(self, generation: str) -> Searcher:
        """As `OpenSearchers.named`; one that is not live any more is held open."""
        for each in (self._live, self._earlier):
            if each is not None and each.snapshot.name == generation:
                return each
        if generation == self._generations.live_identity():
            return self.current()
        with self._opening:
            for kept in self._generations.kept():
                if kept.identity == generation:
                    with suppress(GenerationVanished):
                        self._earlier = self._open(self._generations.pin(kept.name))
                        return self._earlier
        raise GenerationGone(generation)

    def vocabulary(self, generation: str = "") -> SnapshotVocabulary:
        """As `OpenSearchers.vocabulary`."""
        searcher = self.current()
        if generation and searcher.snapshot.name != generation:
            return self.named(generation).new_vocabulary()
        known = self._vocabulary
        if known is None or known.generation != searcher.snapshot.name:
            known = self._vocabulary = searcher.new_vocabulary()
        return known

    def close(self) -> None:
        """Release files."""
        with self._opening:
            self._live = self._earlier = None
            self._vocabulary = None

    def _open(self, pin: Pin) -> Searcher:
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
        return _searcher_on(snapshot, pin.path, self._settings, self._embedder)


class FixedSearcher:
    """One searcher whatever is published: on an index that is not live yet, or with another ranking of a live one."""

    def __init__(self, searcher: Searcher, vocabulary: SnapshotVocabulary | None = None) -> None:
        """`vocabulary` is that of the same snapshot, where it is open already."""
        self._searcher = searcher
        self._vocabulary = searcher.new_vocabulary() if vocabulary is None else vocabulary

    def generation(self) -> str:
        """The name of what the searcher is on."""
        return self._searcher.snapshot.name

    def current(self) -> Searcher:
        """The searcher."""
        return self._searcher

    def latest(self) -> Searcher | None:
        """The searcher."""
        return self._searcher

    def named(self, generation: str) -> Searcher:
        """As `OpenSearchers.named`: there is one generation."""
        if generation != self.generation():
            raise GenerationGone(generation)
        return self._searcher

    def vocabulary(self, generation: str = "") -> SnapshotVocabulary:
        """As `OpenSearchers.vocabulary`: there is one generation."""
        if generation:
            self.named(generation)
        return self._vocabulary

    def close(self) -> None:
        """Nothing is held that others do not hold."""


class SearchersBeside:
    """Those of another engine for another thread, with locks and posting lists of their own."""

    def __init__(self, others: OpenSearchers) -> None:
        """`others` stay open as long as these."""
        self._others = others

    def generation(self) -> str:
        """The name of the live generation."""
        return self._others.generation()

    def current(self) -> Searcher:
        """The searcher beside the current one."""
        return self._others.current().beside

    def latest(self) -> Searcher | None:
        """The searcher beside the one that was asked last."""
        latest = self._others.latest()
        return latest.beside if latest else None

    def named(self, generation: str) -> Searcher:
        """The searcher beside the one on that generation."""
        return self._others.named(generation).beside

    def vocabulary(self, generation: str = "") -> SnapshotVocabulary:
        """The others' own: most queries that come here were understood by the other engine before."""
        return self._others.vocabulary(generation)

    def close(self) -> None:
        """Nothing is held that the others do not hold."""


def unpublished(folder: Path, settings: Settings, model: BM25F, embedder: Embedder) -> FixedSearcher:
    """The searcher on an index in `folder` that is not live yet."""
    snapshot = Snapshot(folder, folder.name, model, lambda: None)
    return FixedSearcher(_searcher_on(snapshot, folder, settings, embedder))


def _searcher_on(snapshot: Snapshot, folder: Path, settings: Settings, embedder: Embedder) -> Searcher:
    return Searcher(
        snapshot,
        cache_bytes=cache_bytes(settings),
        expansions=settings.max_expansions,
        look=rescoring_weights(settings),
        meaning=embedder.meaning(snapshot, folder),
    )
