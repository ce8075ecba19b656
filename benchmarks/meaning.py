"""`python -m benchmarks meaning`: how many sections a model embeds in a second, and what searching by meaning costs.

Embedding all of a large collection takes an hour, and the rate is known after a thousand sections; so the vectors of
the others are those of the first with some noise, which a search cannot tell from real ones.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np
import numpy.typing as npt

from benchmarks.documents import Corpus, read_flat
from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.embedding import EmbeddingModel, open_model
from harbor_search.engines import open_engine
from harbor_search.searching import SearchRequest, search

__all__ = ["EMBEDDED", "Meant", "measure"]

EMBEDDED = 1_000
"""Sections that are embedded in earnest."""

_TITLE = 60
"""Characters of a passage that stand in for its title."""

_ROUNDS = 5
_NOISE = 0.01
_SEED = 20_261_128


class Meant(NamedTuple):
    """Sections, those embedded in a second, and milliseconds (medians): of a query's vector, of a page of results by
    words, and of one by words and meaning, vector included."""

    sections: int
    embedded_per_second: float
    vector_ms: float
    words_ms: float
    both_ms: float


def measure(model: Path, corpus: Corpus, queries: Sequence[str], folder: Path, say: Callable[[str], None]) -> Meant:
    """Index a corpus, one section an article, and ask it for pages with and without the model in the folder `model`.

    Raises:
        UserError: the folder has no model.
    """
    sampled = _Sampled(open_model(model))
    settings = Settings(index=folder / f"meaning-{corpus.key}", semantic_model=str(model))
    with patch("harbor_search.embedding.open_model", return_value=sampled):
        with closing(open_engine(settings)) as engine:
            say(f"embedding {EMBEDDED:,} sections, indexing {corpus.documents:,}")
            engine.rebuild(_articles(corpus.path), lambda *_: None)
        sampled.sampling = False
        both = _pages(settings, queries)
        words = _pages(replace(settings, semantic_model=""), queries)
    vector = _middle(lambda text: sampled.embed([text]), queries)
    return Meant(corpus.documents, sampled.rate, vector, words, both)


def _articles(path: Path) -> Iterator[Article]:
    for identifier, text in read_flat(path):
        yield Article(identifier, text[:_TITLE].rpartition(" ")[0] or text[:_TITLE], (Section("", "", text),))


def _pages(settings: Settings, queries: Sequence[str]) -> float:
    with closing(open_engine(settings)) as engine:
        engine.warm()
        return _middle(lambda text: tuple(search(engine, SearchRequest(q=text), settings).hits), queries)


def _middle(work: Callable[[str], Any], queries: Sequence[str]) -> float:
    """The median over queries of the milliseconds of the fastest of some runs: a busy machine only adds to others."""
    best = []
    for text in queries:
        work(text)
        runs = []
        for _ in range(_ROUNDS):
            begun = time.perf_counter()
            work(text)
            runs.append(time.perf_counter() - begun)
        best.append(min(runs) * 1000)
    return statistics.median(best)


class _Sampled:
    """A model that embeds so many texts in earnest, and whose other vectors are like those, while it is `sampling`."""

    def __init__(self, model: EmbeddingModel) -> None:
        self.fingerprint = model.fingerprint
        self.sampling = True
        self._model = model
        self._known: npt.NDArray[Any] = np.empty((0, 0), np.float32)
        self._seconds = 0.0
        self._random = np.random.default_rng(_SEED)

    @property
    def rate(self) -> float:
        """Texts embedded in a second."""
        return len(self._known) / self._seconds

    def embed(self, texts: Sequence[str]) -> npt.NDArray[Any]:
        """float32[texts, dimensions]."""
        if not self.sampling:
            return self._model.embed(texts)
        if len(self._known) < EMBEDDED:
            begun = time.perf_counter()
            found = self._model.embed(texts)
            self._seconds += time.perf_counter() - begun
            self._known = np.concatenate([self._known, found]) if len(self._known) else found
            return found
        like = self._known[self._random.integers(0, len(self._known), len(texts))]
        like = like + self._random.normal(0, _NOISE, like.shape).astype(np.float32)
        return np.asarray(like / np.linalg.norm(like, axis=1, keepdims=True), np.float32)
