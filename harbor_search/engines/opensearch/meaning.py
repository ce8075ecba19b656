"""Searching an index by meaning: the cluster compares every section with a text, exactly, by a script.

A document has the vectors of its sections as one binary value: of each section int8[dimensions], then the size of one
step as float32, little-endian. Nothing is approximated, so that the same articles are found as in the embedded engine;
the time grows with the sections, and is shared by the cores and nodes that hold the shards.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.article import Article
from harbor_search.engines.fusion import LEAST
from harbor_search.engines.opensearch.requests import IndexRequests
from harbor_search.engines.section_texts import texts_of
from harbor_search.ranking import cosines, quantised

if TYPE_CHECKING:
    from harbor_search.embedding import EmbeddingModel

__all__ = ["Meaning", "SectionEmbedder", "Vector", "closest_section", "closeness"]

_MOST = 50
"""Documents that are found by meaning, as many as in the embedded engine."""

_STEP = 4
"""Bytes of a step."""

Json = dict[str, Any]


class Vector(NamedTuple):
    """int8[dimensions], and the size of one step."""

    values: npt.NDArray[np.int8]
    step: np.float32


class SectionEmbedder:
    """Embeds what is indexed and what is asked, by the model that a setting names; without one, nothing."""

    def __init__(self, folder: str) -> None:
        """`folder` is that of the model; empty: there is none. It is opened when it is first needed."""
        self._folder = folder

    def __bool__(self) -> bool:
        return bool(self._folder)

    @cached_property
    def model(self) -> EmbeddingModel:
        """The model.

        Raises:
            UserError: the folder has none, or what reads it is not installed.
        """
        from harbor_search.embedding import open_model

        return open_model(Path(self._folder).expanduser())

    @property
    def fingerprint(self) -> str:
        """Tells the model from every other; empty where there is none."""
        return self.model.fingerprint if self._folder else ""

    def stored(self, articles: Sequence[Article]) -> list[bytes]:
        """The vectors of the sections of some articles, as documents have them."""
        if not self._folder:
            return [b""] * len(articles)
        texts = [list(texts_of(article)) for article in articles]
        vectors, steps = quantised(self.model.embed([text for each in texts for text in each]))
        rows = iter(np.hstack([vectors.view(np.uint8), steps.astype("<f4")[:, None].view(np.uint8)]))
        return [b"".join(next(rows).tobytes() for _ in each) for each in texts]


class Meaning:
    """Which documents of an index are close to a text in meaning. Threads may share it."""

    def __init__(self, requests: IndexRequests, model: EmbeddingModel) -> None:
        """The sections of the index were embedded by `model`."""
        self._requests, self._model = requests, model

    def vector(self, text: str) -> Vector:
        """What a text means."""
        vectors, steps = quantised(self._model.embed([text]))
        return Vector(vectors[0], steps[0])

    def nearest(self, vector: Vector) -> dict[str, float]:
        """The documents with the sections that are closest, and their cosines, closest first."""
        # Each number is a character, as a script reads those of a text much faster than those of a list.
        query = "".join(chr(int(each) + 128) for each in vector.values)
        script = {"source": _CLOSENESS, "params": {"query": query, "step": float(vector.step)}}
        body = {
            "query": {"script_score": {"query": {"match_all": {}}, "script": script}},
            "min_score": LEAST,
            "size": _MOST,
            "sort": [{"_score": "desc"}, {"id": "asc"}],
            "track_scores": True,
            "track_total_hits": False,
            "_source": False,
        }
        return {hit["_id"]: float(hit["_score"]) for hit in self._requests.search(body)["hits"]["hits"]}


def closeness(hit: Json, vector: Vector) -> float:
    """How close the closest section of a hit is, which has its vectors along."""
    return float(_of_sections(hit, vector).max(initial=0.0))


def closest_section(hit: Json, vector: Vector) -> int:
    """The number of the section of a hit that is closest."""
    found = _of_sections(hit, vector)
    return int(found.argmax()) if found.size else 0


def _of_sections(hit: Json, vector: Vector) -> npt.NDArray[np.float32]:
    stored = str(hit["fields"].get("vectors", [""])[0])
    size = vector.values.size
    rows = np.frombuffer(base64.b64decode(stored + "=" * (-len(stored) % 4)), np.uint8).reshape(-1, size + _STEP)
    out = np.empty(len(rows), np.float32)
    steps = np.ascontiguousarray(rows[:, size:]).view("<f4").ravel().astype(np.float32)
    cosines(np.ascontiguousarray(rows[:, :size]).view(np.int8), steps, vector.values, vector.step, out)
    return out


_CLOSENESS = """
int product(byte[] stored, int at, String query) {
  int total = 0;
  for (int i = 0; i < query.length(); ++i) { total += stored[at + i] * (query.charAt(i) - 128); }
  return total;
}
if (doc['vectors'].size() == 0) { return 0; }
String query = params.query;
int size = query.length();
def vectors = doc['vectors'].value;
byte[] stored = vectors.bytes;
int at = vectors.offset;
int end = at + vectors.length;
double best = 0;
while (at < end) {
  int step = at + size;
  int bits = (stored[step] & 255) | ((stored[step + 1] & 255) << 8) | ((stored[step + 2] & 255) << 16)
    | ((stored[step + 3] & 255) << 24);
  best = Math.max(best, product(stored, at, query) * (double) Float.intBitsToFloat(bits));
  at = step + 4;
}
return best * params.step;
"""
"""The product of a text's vector with that of the closest section of a document."""
