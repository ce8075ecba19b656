"""Going through all matches page by page, at one point in time of the index where that can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from harbor_search.engines.opensearch.answers import group_of, similar_to
from harbor_search.engines.opensearch.deep_paging import KEPT_OPEN, START, Place, no_cursor, read_place, write_place
from harbor_search.engines.opensearch.requests import IndexRequests
from harbor_search.errors import OperationalError

__all__ = ["Traversal"]

Json = dict[str, Any]


class Traversal:
    """Goes through the matches of one index. Threads may share it."""

    def __init__(self, requests: IndexRequests) -> None:
        self._requests, self._cluster, self._index = requests, requests.cluster, requests.index

    def page(
        self,
        body: Json,
        after: str,
        params: Mapping[str, str],
        *,
        by_place: bool,
        folded: bool,
        left_out: Callable[[Json], bool] | None = None,
    ) -> Json:
        """The answer to a search after the place that `after` names; where not `by_place`, `body` says by itself which
        hits these are. `folded` says that of near-duplicates the best is shown alone, `left_out` of hits whether they
        came before.

        Raises:
            UserError: `after` is none of ours.
        """
        place = read_place(after)
        if by_place and (folded or left_out is not None):
            return self._sifted_page(body, place, params, folded=folded, left_out=left_out)
        return self._page(body, place, params, by_place=by_place)

    def place_after(self, answer: Json, last: Json | None) -> str:
        """The place after the hit `last`; empty, and the point in time given back, where there are no more pages."""
        point = str(answer.get("pit_id", ""))
        if last is not None:
            value, article_id, *_ = last["sort"]
            return write_place(Place(value, article_id, point))
        if point:
            with suppress(OperationalError), self._cluster.asking("end going through all matches") as client:
                client.delete_pit(body={"pit_id": [point]}, ignore=(404,))
        return ""

    def _page(self, body: Json, place: Place, params: Mapping[str, str], *, by_place: bool) -> Json:
        """The page after `place`, at its point in time if that can be, else in the index as it is."""
        point = place.point if place != START else self._new_point()
        body = body | {"timeout": self._requests.timeout}
        if by_place:
            body["from"] = 0
            if place != START:
                body["search_after"] = [place.value, place.article_id]
        if point:
            pinned = body | {"pit": {"id": point, "keep_alive": KEPT_OPEN}}
            known = {**params, "ignore": (400, 404)}
            with suppress(OperationalError):
                answer = self._cluster.read(
                    "search", lambda client, own: client.search(body=pinned, params=known | own), pinned=True
                )
                if "hits" in answer and not answer["_shards"]["failed"]:
                    self._require_own(answer)
                    return answer
        asked = {**params, "ignore": (400,) if place != START else ()}
        answer = self._cluster.read(
            "search", lambda client, own: client.search(index=self._index, body=body, params=asked | own)
        )
        if "hits" not in answer:
            raise no_cursor()
        return answer

    def _sifted_page(
        self,
        body: Json,
        place: Place,
        params: Mapping[str, str],
        *,
        folded: bool,
        left_out: Callable[[Json], bool] | None,
    ) -> Json:
        """The same without hits that came before, and those whose group did, which OpenSearch does not see to after a
        place: they are left out here, and more are read in their place."""
        unfolded = {name: value for name, value in body.items() if name != "collapse"}
        answer = self._page(unfolded, place, params, by_place=True)
        hits, seen = [], answer["hits"]["hits"]
        while True:
            best = self._best_of_groups(body, seen, params) if folded else seen
            hits += [hit for hit in best if left_out is None or not left_out(hit)]
            if len(hits) >= body["size"] or len(seen) < body["size"]:
                break
            value, article_id, *_ = seen[-1]["sort"]
            place = Place(value, article_id, str(answer.get("pit_id", "")))
            seen = self._page(unfolded, place, params, by_place=True)["hits"]["hits"]
        return answer | {"hits": answer["hits"] | {"hits": hits[: body["size"]]}}

    def _best_of_groups(self, body: Json, hits: Sequence[Json], params: Mapping[str, str]) -> list[Json]:
        """Those of `hits` that come before all others of their groups that match."""
        groups = list({group_of(hit): None for hit in hits if similar_to(hit)})
        if not groups:
            return list(hits)
        within = {"bool": {"must": [body["query"]], "filter": [{"terms": {"group": groups}}]}}
        left_out = ("aggs", "explain", "search_after")
        asked = {name: value for name, value in body.items() if name not in left_out}
        asked |= {"query": within, "from": 0, "size": len(groups), "_source": False}
        best = {hit["_id"] for hit in self._requests.search(asked, params=params)["hits"]["hits"]}
        return [hit for hit in hits if not similar_to(hit) or hit["_id"] in best]

    def _new_point(self) -> str:
        """A point in time of the index; empty where a node has no room for one more."""
        kept = {"keep_alive": KEPT_OPEN}
        with suppress(OperationalError):
            return str(
                self._cluster.read(
                    "begin to go through all matches",
                    lambda client, own: client.create_pit(index=self._index, params=kept | own),
                )["pit_id"]
            )
        return ""

    def _require_own(self, answer: Json) -> None:
        """See that a point in time, which the caller brought, is one of this collection."""
        prefix = self._index.rpartition("-")[0]
        if any(hit["_index"].rpartition("-")[0] != prefix for hit in answer["hits"]["hits"]):
            raise no_cursor()
