"""Reading all documents of an index, page by page at one point in time."""

from __future__ import annotations

from collections.abc import Iterator, Set
from contextlib import suppress
from typing import Any

from harbor_search.article import Article
from harbor_search.engines.opensearch.building import ContentDigest
from harbor_search.engines.opensearch.cluster import Cluster
from harbor_search.engines.opensearch.documents import article_of
from harbor_search.engines.opensearch.generation import Generation
from harbor_search.errors import OperationalError
from harbor_search.store import hash_of

__all__ = ["IndexReader"]

_PAGE = 1_000
"""Documents that one request reads."""

_ARTICLES = 100
"""The same with their articles, which may be long."""

_OPEN = "5m"

Json = dict[str, Any]


class IndexReader:
    """Reads indices of a cluster."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def hashes(self, index: str, documents: Set[str] | None = None) -> dict[str, str]:
        """By document, the content hash of its article; of those `documents`, or of all."""
        wanted: Json = {"docvalue_fields": ["hash"]}
        if documents is not None:
            wanted["query"] = {"ids": {"values": sorted(documents)}}
        return {hit["_id"]: hit["fields"]["hash"][0] for hit in self.scan(index, wanted)}

    def articles(self, generation: Generation) -> Iterator[Article]:
        """The articles of a generation.

        Raises:
            OperationalError: some are not as they were indexed, or the index was removed meanwhile.
        """
        from opensearchpy.exceptions import NotFoundError

        digest = ContentDigest()
        try:
            for hit in self.scan(generation.index, {"_source": True}):
                article = article_of(hit["_source"])
                digest.toggle(hash_of(article))
                yield article
        except NotFoundError as error:
            raise OperationalError(f"the index {generation.index} was removed while it was read; try again") from error
        if digest.name != generation.name:
            raise OperationalError(
                f"the articles in {generation.index} are not those that were indexed; run `harbor-search rebuild`"
            )

    def scan(self, index: str, wanted: Json) -> Iterator[Json]:
        """The documents that `wanted`, the body of a search, asks for; with articles where it says so (`_source`)."""
        with self._cluster.asking("read the index") as client:
            point = client.create_pit(index=index, params={"keep_alive": _OPEN})["pit_id"]
        size = _ARTICLES if wanted.get("_source") else _PAGE
        body: Json = {"size": size, "pit": {"id": point, "keep_alive": _OPEN}, "sort": ["_shard_doc"]}
        body |= {"_source": False, "track_total_hits": False} | wanted
        try:
            while hits := self._page(index, body):
                yield from hits
                body["search_after"] = hits[-1]["sort"]
        finally:
            with suppress(OperationalError), self._cluster.asking("end reading the index") as client:
                client.delete_pit(body={"pit_id": [point]}, ignore=(404,))

    def _page(self, index: str, body: Json) -> list[Json]:
        """The next documents.

        Raises:
            OperationalError: parts of the index do not answer.
        """
        with self._cluster.asking("read the index") as client:
            answer = client.search(body=body)
        if answer["_shards"]["failed"] or answer.get("timed_out"):
            raise OperationalError(f"cannot read the index: parts of {index} are on no node that answers")
        return list(answer["hits"]["hits"])
