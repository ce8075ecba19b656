"""Which index is searched: the live one, looked up anew every moment, or an earlier one that a reader still goes by."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from harbor_search.config import Settings
from harbor_search.engines.opensearch.cluster import Cluster
from harbor_search.engines.opensearch.generation import Generation, require_readable
from harbor_search.engines.opensearch.generations import BUILD_FIRST, Generations, NothingBuilt
from harbor_search.engines.opensearch.located_articles import LocatedArticles
from harbor_search.engines.opensearch.meaning import SectionEmbedder
from harbor_search.engines.opensearch.requests import IndexRequests
from harbor_search.engines.opensearch.searcher import Searcher
from harbor_search.engines.opensearch.word_list import WordReading
from harbor_search.errors import GenerationGone, OperationalError

if TYPE_CHECKING:
    from harbor_search.embedding import EmbeddingModel

__all__ = ["Searchers"]

_log = logging.getLogger(__name__)

FRESH = 0.25
"""Seconds for which a process goes on with the index that it last knew to be live."""

ARTICLES_KEPT = 64_000_000
"""Bytes of articles whose words are located already, where `cache_mb` does not say it: some thousands."""

_WAITS = (0.0, 0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds until it is looked again which index is live, where that one was removed."""

_Answer = TypeVar("_Answer")


class Searchers:
    """The searchers on the generations of one collection. Threads may share it."""

    def __init__(
        self,
        cluster: Cluster,
        generations: Generations,
        settings: Settings,
        embedder: SectionEmbedder,
    ) -> None:
        self._cluster, self._generations, self._settings, self._embedder = cluster, generations, settings, embedder
        self._articles = LocatedArticles(settings.cache_mb * 1_000_000 or ARTICLES_KEPT)
        self._reading = WordReading()
        self._lock = Lock()
        self._known: Searcher | None = None
        self._earlier: Searcher | None = None
        self._asked = 0.0

    def stay_on(self, generation: Generation) -> None:
        """Take a generation for the live one from now on."""
        self._known, self._asked = self._searcher_on(generation), math.inf

    def on_live(self, ask: Callable[[Searcher], _Answer]) -> _Answer:
        """What `ask` gets from the live index, or from the next one where that was removed meanwhile."""
        from opensearchpy.exceptions import NotFoundError

        for wait in _WAITS:
            try:
                return ask(self.live())
            except NotFoundError:
                # Nodes learn of a switch one after the other, within moments.
                time.sleep(wait)
                self._asked = 0.0
        raise OperationalError(BUILD_FIRST)

    def live(self) -> Searcher:
        """The searcher on the live index."""
        known = self._known
        if known is not None and time.monotonic() - self._asked < FRESH:
            return known
        with self._lock:
            known = self._known
            if known is None or time.monotonic() - self._asked >= FRESH:
                known = self._known = self._newest(known)
                self._asked = time.monotonic()
            return known

    def _newest(self, known: Searcher | None) -> Searcher:
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
        return known if known is not None and known.generation == generation else self._searcher_on(generation, known)

    def named(self, name: str) -> Searcher:
        """The searcher on a generation that may not be live any more; of those, one is remembered.

        Raises:
            GenerationGone: it has been removed.
        """
        from opensearchpy.exceptions import NotFoundError

        current, earlier = self.live(), self._earlier
        if current.generation.name == name:
            return current
        if earlier is None or earlier.generation.name != name:
            try:
                earlier = self._earlier = self._searcher_on(self._generations.named(name))
            except NotFoundError:
                raise GenerationGone(name) from None
        return earlier

    def _searcher_on(self, generation: Generation, before: Searcher | None = None) -> Searcher:
        require_readable(generation)
        given = self._cluster, self._settings, self._articles, self._reading, before
        return Searcher(generation, *given, self._ask_live, self._embedding(generation))

    def _ask_live(self, question: Callable[[IndexRequests], _Answer]) -> _Answer:
        """What a question about any index gets of the live one."""
        return self.on_live(lambda searcher: question(searcher.requests))

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

    def forget(self) -> None:
        """Look up anew which index is live."""
        with self._lock:
            self._known = self._earlier = None

    def close(self) -> None:
        """Read no words any more."""
        self._reading.close()
