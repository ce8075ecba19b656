"""Going through all matches page by page, at one point in time of the index where that can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

    def page(self, body: Json, after: str, params: Mapping[str, str], *, by_place: bool, folded: bool) -> Json:
        """The answer to a search behind the place that `after` names; where not `by_place`, `body` says by itself which
        hits these are. `folded` says that of near-duplicates the best is shown alone.

        Raises:
            UserError: `after` is none of ours.
        """
        go_on = self._folded_page if folded and by_place else self._page
        return go_on(body, read_place(after), params, by_place=by_place)

    def behind(self, answer: Json, last: Json | None) -> str:
        """The place behind the hit `last`; empty, and the point in time given back, where there are no more pages."""
        point = str(answer.get("pit_id", ""))
        if last is not None:
            value, article_id, *_ = last["sort"]
            return write_place(Place(value, article_id, point))
        if point:
            with suppress(OperationalError), self._cluster.asking("end going through all matches") as client:
                client.delete_pit(body={"pit_id": [point]}, ignore=(404,))
        return ""

    def _page(self, body: Json, place: Place, params: Mapping[str, str], *, by_place: bool) -> Json:
        """The page behind `place`, at its point in time if that can be, else in the index as it is."""
        point = place.point if place != START else self._new_point()
        body = body | {"timeout": self._requests.timeout}
        if by_place:
            body["from"] = 0
            if place != START:
                body["search_after"] = [place.value, place.article_id]
        if point:
            pinned = body | {"pit": {"id": point, "keep_alive": KEPT_OPEN}}
            with suppress(OperationalError), self._cluster.asking("search") as client:
                answer = dict(client.search(body=pinned, params=dict(params), ignore=(400, 404)))
                if "hits" in answer and not answer["_shards"]["failed"]:
                    self._require_own(answer)
                    return answer
        with self._cluster.asking("search") as client:
            ignored = (400,) if place != START else ()
            answer = dict(client.search(index=self._index, body=body, params=dict(params), ignore=ignored))
        if "hits" not in answer:
            raise no_cursor()
        return answer

    def _folded_page(self, body: Json, place: Place, params: Mapping[str, str], *, by_place: bool) -> Json:
        """The same where near-duplicates are folded, which OpenSearch does not do behind a place.

        Hits that others of their group come before are left out here, and more are read in their place.
        """
        unfolded = {name: value for name, value in body.items() if name != "collapse"}
        answer = self._page(unfolded, place, params, by_place=by_place)
        hits, seen = [], answer["hits"]["hits"]
        while True:
            hits += self._best_of_groups(body, seen, params)
            if len(hits) >= body["size"] or len(seen) < body["size"]:
                break
            value, article_id, *_ = seen[-1]["sort"]
            place = Place(value, article_id, str(answer.get("pit_id", "")))
            seen = self._page(unfolded, place, params, by_place=by_place)["hits"]["hits"]
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
        with suppress(OperationalError), self._cluster.asking("begin to go through all matches") as client:
            return str(client.create_pit(index=self._index, params={"keep_alive": KEPT_OPEN})["pit_id"])
        return ""

    def _require_own(self, answer: Json) -> None:
        """See that a point in time, which the caller brought, is one of this collection."""
        prefix = self._index.rpartition("-")[0]
        if any(hit["_index"].rpartition("-")[0] != prefix for hit in answer["hits"]["hits"]):
            raise no_cursor()
