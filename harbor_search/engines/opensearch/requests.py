"""Requests about one index of a cluster, and what their answers say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from harbor_search.engines.clauses import Clause, Term
from harbor_search.engines.opensearch.cluster import Cluster
from harbor_search.engines.opensearch.translation import index_field, query_of
from harbor_search.errors import OperationalError

__all__ = ["IndexRequests"]

_ANY_PART = "0"
"""What chooses one part of an index."""

Json = dict[str, Any]


class IndexRequests:
    """Asks about an index that nobody writes to. Threads may share it.

    Every method raises `opensearchpy.NotFoundError` where the index was removed, and `OperationalError` where the
    cluster does not answer.
    """

    def __init__(self, cluster: Cluster, index: str, *, timeout: float, expansions: int, parts: int) -> None:
        """`timeout` is in seconds; `expansions` bounds the terms that a prefix or misspelt word stands for; `parts` are
        the shards of the index."""
        self.cluster, self.index, self.expansions, self.parts = cluster, index, expansions, parts
        # Parts of an index that the cluster gives up in time are better than none: the answer says that it is partial.
        self.timeout = f"{max(int(timeout * 800), 1)}ms"
        # Each part of an index knows how frequent words are in itself alone; asked first, all score by the whole.
        self.scoring = {"search_type": "dfs_query_then_fetch"} if parts > 1 else {}

    def search(self, body: Json, *, params: Mapping[str, str] | None = None) -> Json:
        """The cluster's answer to a search."""
        with self.cluster.asking("search") as client:
            return dict(
                client.search(index=self.index, body=body | {"timeout": self.timeout}, params=dict(params or {}))
            )

    def counts(self, clauses: Sequence[Clause]) -> list[int]:
        """How many articles match each of some clauses."""
        terms = [each for each in clauses if isinstance(each, Term)] if self._has_exact_dictionary else []
        found: dict[Clause, int] = dict(zip(terms, self.document_frequencies(terms), strict=True))
        others = [each for each in clauses if each not in found]
        found |= zip(others, self._counted(others), strict=True)
        return [found[each] for each in clauses]

    @cached_property
    def _has_exact_dictionary(self) -> bool:
        """Whether the dictionaries of one part tell in how many articles terms stand: deleted ones are counted there,
        and those of other parts are not."""
        from opensearchpy.exceptions import AuthorizationException

        if self.parts > 1:
            return False
        with self.cluster.asking("read the index's figures") as client:
            try:
                stats = client.indices.stats(index=self.index, metric="docs")
            except AuthorizationException:  # who may search need not be allowed to monitor
                return False
        return not stats["_all"]["total"]["docs"]["deleted"]

    def _counted(self, clauses: Sequence[Clause]) -> list[int]:
        """The same, each counted by a search."""
        if not clauses:
            return []
        lines: list[Json] = []
        for clause in clauses:
            query = query_of(clause, expansions=self.expansions)
            lines += [{}, {"query": query, "size": 0, "track_total_hits": True}]
        with self.cluster.asking("count words") as client:
            answers = client.msearch(index=self.index, body=lines)["responses"]
        for answer in answers:
            if "error" in answer or answer["_shards"]["failed"]:
                raise OperationalError("cannot count words: parts of the index are on no node that answers")
        return [int(answer["hits"]["total"]["value"]) for answer in answers]

    def document_frequencies(self, terms: Sequence[Term]) -> list[int]:
        """In how many articles each of some terms stands in its field, deleted ones among them, by the dictionaries of
        one part of the index, always the same: articles are spread evenly.
        """
        if not terms:
            return []
        asked: dict[str, list[str]] = {}
        for term in terms:
            asked.setdefault(index_field(term.field), []).append(term.text.decode())
        # The vectors of a document that is in no index: of each of its terms the dictionary says how frequent it is.
        body = {
            "doc": {field: " ".join(texts) for field, texts in asked.items()},
            "fields": list(asked),
            "term_statistics": True,
            **dict.fromkeys(("field_statistics", "positions", "offsets", "payloads"), False),
        }
        with self.cluster.asking("count words") as client:
            found = client.termvectors(index=self.index, body=body, params={"routing": _ANY_PART})["term_vectors"]
        counts = {field: found.get(field, {}).get("terms", {}) for field in asked}
        return [int(counts[index_field(term.field)].get(term.text.decode(), {}).get("doc_freq", 0)) for term in terms]

    def source(self, document: str) -> Json | None:
        """What is stored of a document; None where there is none."""
        from opensearchpy.exceptions import NotFoundError

        with self.cluster.asking("read an article") as client:
            found = client.get(index=self.index, id=document, ignore=404)
        if "error" in found:
            raise NotFoundError(404, self.index, found)
        return dict(found["_source"]) if found["found"] else None

    def sources(self, documents: Sequence[str]) -> dict[str, Json]:
        """What is stored of some documents, all of which were found just now."""
        from opensearchpy.exceptions import NotFoundError

        if not documents:
            return {}
        with self.cluster.asking("read articles") as client:
            found = client.mget(index=self.index, body={"ids": documents})["docs"]
        if not all(each.get("found") for each in found):
            raise NotFoundError(404, self.index, {})
        return {each["_id"]: each["_source"] for each in found}
