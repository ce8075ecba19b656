"""Hybrid search: a ranking by words, fused with what is close in meaning.

Of the documents that are fused the order is ours; after them the cluster's own order by words goes on, without those
that came before for their meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from harbor_search.engines.criteria import Criteria
from harbor_search.engines.fusion import fused
from harbor_search.engines.opensearch.answers import group_of, has_name, id_of, similar_to
from harbor_search.engines.opensearch.meaning import Meaning, Vector, closeness, closest_section
from harbor_search.engines.opensearch.ranked_page import RankedHit, RankedPage
from harbor_search.engines.opensearch.requests import IndexRequests
from harbor_search.engines.opensearch.rescoring import Refined
from harbor_search.engines.opensearch.search_request import BY_WORDS
from harbor_search.engines.rescoring import DEPTH
from harbor_search.ranking import Top

__all__ = ["HybridRanking", "Near", "came_before", "found_by_meaning"]

Json = dict[str, Any]

_MOST_KNOWN = 256
"""Texts of which it is remembered what is close to them, some kilobytes each: readers turn pages."""


class Near(NamedTuple):
    """What is close to what is meant: its vector, and by document the cosines, closest first."""

    vector: Vector
    cosines: Mapping[str, float]

    @property
    def reach(self) -> int:
        """Hits that may be in another order than that of the cluster."""
        return DEPTH + len(self.cosines)


class HybridRanking:
    """Fuses rankings of one index by words with what its articles mean. Threads may share it."""

    def __init__(self, requests: IndexRequests, meaning: Meaning) -> None:
        self._requests, self._meaning = requests, meaning
        self._known: dict[str, Near] = {}

    def near(self, text: str) -> Near:
        """What is close to a text in meaning."""
        known = self._known.get(text)
        if known is None:
            vector = self._meaning.vector(text)
            known = Near(vector, self._meaning.nearest(vector))
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[text] = known
        return known

    def scored(self, body: Json, params: Mapping[str, str], near: Near) -> list[Json]:
        """The documents that are close in meaning, within the filters, with what they score by words, 0 where they have
        none; `body` is that of the search."""
        if not near.cosines:
            return []
        within = {"bool": {"must": [body["query"]], "filter": [{"ids": {"values": list(near.cosines)}}]}}
        left_out = ("aggs", "collapse", "track_total_hits", "search_after")
        asked = {name: value for name, value in body.items() if name not in left_out}
        asked |= {"query": within, "from": 0, "size": len(near.cosines), "track_total_hits": False}
        plain = {name: value for name, value in params.items() if name != "filter_path"}
        return list(self._requests.search(asked, params=plain)["hits"]["hits"])

    def fuse(
        self,
        hits: Sequence[Json],
        seen: Refined,
        close: Sequence[Json],
        near: Near,
        criteria: Criteria,
        *,
        folded: bool,
    ) -> RankedPage:
        """The page of `hits` by words, of which `seen` has the order, and of what is `close` in meaning."""
        places = {hit["_id"]: place for place, hit in enumerate(hits)}
        every = [*hits, *(hit for hit in close if hit["_id"] not in places)]
        places = {hit["_id"]: place for place, hit in enumerate(every)}
        words = {places[hit["_id"]]: float(hit["_score"]) * seen.shrunk(hits) for hit in close}
        order = _key_of(every)
        top, meaning = fused(seen.top, words, _cosines(every, len(hits), near), criteria.meaning_weight, order)
        if folded:
            top = _folded(top, every)
        ranked = [
            RankedHit(
                every[place],
                score,
                seen.rules_of(place) if place < len(hits) else (),
                meaning.get(place, 0.0),
                None if has_name(every[place], BY_WORDS) else closest_section(every[place], near.vector),
            )
            for place, score in zip(top.documents, top.scores, strict=True)
        ]
        rest = [place for place in top.documents if DEPTH <= place < len(hits) and place not in words]
        shown = {*top.documents[: criteria.offset + criteria.limit]}
        # Where the page ends among those that are fused, the next one begins there again, and asks for no place.
        last = next((place for place in reversed(rest) if place in shown), min(DEPTH, len(every)) - 1)
        return RankedPage(
            best=ranked,
            offset=criteria.offset,
            size=criteria.limit,
            last=every[last] if every else None,
            repeats=_repeats(seen, top, every),
            by_meaning=found_by_meaning(close, folded=folded),
            shrunk=_shrunk(top, every, rest),
            feedback=seen.feedback,
        )


def found_by_meaning(close: Sequence[Json], *, folded: bool) -> int:
    """How many of the hits that are close in meaning have no word of the query."""
    return len({group_of(hit) if folded else hit["_id"] for hit in close if not has_name(hit, BY_WORDS)})


def came_before(close: Sequence[Json], near: Near, *, folded: bool) -> Callable[[Json], bool]:
    """Tells of hits in the cluster's order whether they, or others of their groups, came before for their meaning."""
    groups = {group_of(hit) for hit in close if similar_to(hit)} if folded else set()
    return lambda hit: hit["_id"] in near.cosines or (bool(groups) and group_of(hit) in groups)


def _cosines(every: Sequence[Json], by_words: int, near: Near) -> np.ndarray[Any, np.dtype[np.float32]]:
    """float32[hits + 1]: how close each hit is, the best `by_words` of the cluster and the others; last the closest."""
    cosines = np.zeros(len(every) + 1, np.float32)
    for place, hit in enumerate(every[: min(DEPTH, by_words)]):
        cosines[place] = closeness(hit, near.vector)
    for place, hit in enumerate(every):
        cosines[place] = near.cosines.get(hit["_id"], cosines[place])
    cosines[-1] = max(near.cosines.values(), default=0.0)
    return cosines


def _repeats(seen: Refined, top: Top, every: Sequence[Json]) -> dict[str, str]:
    """The hits that still come after another with their title, which by its meaning one may have come before."""
    order = {place: number for number, place in enumerate(top.documents)}
    return {
        id_of(every[place]): id_of(every[best])
        for place, best in seen.repeats.items()
        if place in order and order.get(best, len(order)) < order[place]
    }


def _shrunk(top: Top, every: Sequence[Json], rest: Sequence[int]) -> float:
    """What the scores of hits that are not fused count."""
    if not rest:
        return 1.0
    return float(top.scores[list(top.documents).index(rest[0])]) / (every[rest[0]]["_score"] or 1.0)


def _folded(top: Top, hits: Sequence[Json]) -> Top:
    """Of each group of near-duplicates the best."""
    first: dict[object, int] = {}
    for number, place in enumerate(top.documents):
        alone = not similar_to(hits[place])
        first.setdefault(("alone", place) if alone else group_of(hits[place]), number)
    kept = list(first.values())
    return Top([top.documents[i] for i in kept], [top.scores[i] for i in kept], top.matches)


def _key_of(hits: Sequence[Json]) -> Callable[[int], str]:
    return lambda place: id_of(hits[place])
