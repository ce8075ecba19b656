"""Requests about one index of a cluster, and what their answers say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from harbor_search.engines.clauses import Clause, Term
from harbor_search.engines.opensearch.cluster import Cluster, Incomplete, unrouted
from harbor_search.engines.opensearch.translation import index_field, query_of
from harbor_search.errors import OperationalError

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

__all__ = ["Asking", "IndexRequests", "asking"]

AT_A_TIME = 8
"""Parts of an index that one search asks at a time."""

Json = dict[str, Any]

_Answer = TypeVar("_Answer")


class IndexRequests:
    """Asks about an index that nobody writes to. Threads may share it.

    Every method raises `opensearchpy.NotFoundError` where the index was removed, and `OperationalError` where the
    cluster does not answer.
    """

    def __init__(self, cluster: Cluster, index: str, *, expansions: int, parts: int) -> None:
        """`expansions` bounds the terms that a prefix or misspelt word stands for; `parts` are
        the shards of the index."""
        self.cluster, self.index, self.expansions, self.parts = cluster, index, expansions, parts
        # Parts of an index that the cluster gives up in time are better than none: the answer says that it is partial.
        self.timeout = f"{max(int(cluster.time_left * 800), 1)}ms"
        # Each part of an index knows how frequent words are in itself alone; asked first, all score by the whole.
        self.scoring = {"search_type": "dfs_query_then_fetch"} if parts > 1 else {}

    def search(self, body: Json, *, params: Mapping[str, str] | None = None) -> Json:
        """The cluster's answer to a search."""
        asked = body | {"timeout": self.timeout}
        return self.cluster.read(
            "search", lambda client, own: client.search(index=self.index, body=asked, params={**(params or {}), **own})
        )

    def search_all(self, body: Json) -> Json:
        """What aggregations say of all articles, however long that takes.

        Raises:
            OperationalError: parts of the index do not answer.
        """
        asked = {"size": 0, "track_total_hits": False} | body
        answer = self.cluster.read(
            "read the words", lambda client, own: client.search(index=self.index, body=asked, params=own), hurried=False
        )
        if answer["_shards"]["failed"]:
            raise OperationalError("cannot read the words: parts of the index are on no node that answers")
        return answer

    def counts(self, clauses: Sequence[Clause]) -> list[int]:
        """How many articles match each of some clauses."""
        terms = [each for each in clauses if isinstance(each, Term)] if self._has_exact_dictionary else []
        found: dict[Clause, int] = dict(zip(terms, self.document_frequencies(terms), strict=True))
        others = [each for each in clauses if each not in found]
        found |= zip(others, self._counted(others), strict=True)
        return [found[each] for each in clauses]

    @cached_property
    def _has_exact_dictionary(self) -> bool:
        """Whether dictionaries tell in how many articles terms stand: deleted ones are counted there."""
        from opensearchpy.exceptions import AuthorizationException

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
        queries = [query_of(clause, expansions=self.expansions) for clause in clauses]

        def ask(client: OpenSearch, own: Json) -> Json:
            routing = {name: value for name, value in own.items() if name == "preference"}
            searches = ({"query": query, "size": 0, "track_total_hits": True} for query in queries)
            lines = [line for search in searches for line in (routing, search)]
            told = dict(client.msearch(index=self.index, body=lines, params=unrouted(own)))
            if any("error" in answer or answer["_shards"]["failed"] for answer in told["responses"]):
                raise Incomplete
            return told

        try:
            answers = self.cluster.read("count words", ask)["responses"]
        except Incomplete as error:
            fault = "cannot count words: parts of the index are on no node that answers"
            raise OperationalError(fault) from error
        return [int(answer["hits"]["total"]["value"]) for answer in answers]

    def document_frequencies(self, terms: Sequence[Term]) -> list[int]:
        """In how many articles each of some terms stands in its field, deleted ones among them."""
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
        counts = [
            {field: found.get(field, {}).get("terms", {}) for field in asked} for found in self._by_each_part(body)
        ]
        return [
            sum(int(found[index_field(term.field)].get(term.text.decode(), {}).get("doc_freq", 0)) for found in counts)
            for term in terms
        ]

    def _by_each_part(self, body: Json) -> list[Json]:
        """The vectors of a document by the dictionaries of each part of the index, which are asked at once."""

        def ask(part: int) -> Json:
            params = {"preference": f"_shards:{part}"}
            found = self.cluster.read(
                "count words",
                lambda client, own: client.termvectors(index=self.index, body=body, params=_both(params, own)),
            )
            return dict(found["term_vectors"])

        if self.parts == 1:
            return [ask(0)]
        with ThreadPoolExecutor(min(self.parts, AT_A_TIME), "parts") as threads:
            # Each thread knows when the search must be answered.
            asking = [threads.submit(copy_context().run, ask, part) for part in range(self.parts)]
            return [each.result() for each in asking]

    def source(self, document: str) -> Json | None:
        """What is stored of a document; None where there is none."""
        from opensearchpy.exceptions import NotFoundError

        missing = {"ignore": 404}
        found = self.cluster.read(
            "read an article", lambda client, own: client.get(index=self.index, id=document, params=missing | own)
        )
        if "error" in found:
            raise NotFoundError(404, self.index, found)
        return dict(found["_source"]) if found["found"] else None

    def sources(self, documents: Sequence[str]) -> dict[str, Json]:
        """What is stored of some documents, all of which were found just now."""
        from opensearchpy.exceptions import NotFoundError

        if not documents:
            return {}
        ids = {"ids": documents}
        found = self.cluster.read(
            "read articles", lambda client, own: client.mget(index=self.index, body=ids, params=own)
        )["docs"]
        if not all(each.get("found") for each in found):
            raise NotFoundError(404, self.index, {})
        return {each["_id"]: each["_source"] for each in found}


def _both(params: Json, own: Json) -> Json:
    """The parameters of a request to a part of an index, on the nodes to which its `own` lead."""
    preferences = [each["preference"] for each in (params, own) if "preference" in each]
    return own | {"preference": "|".join(preferences)}


class Asking(Protocol):
    """Asks a question about an index that is there."""

    def __call__(self, question: Callable[[IndexRequests], _Answer], /) -> _Answer:
        """What `question` gets."""


def asking(requests: IndexRequests, ask_live: Asking) -> Asking:
    """Asks about the index of `requests` or, where that was removed, about the live one by `ask_live`."""
    from opensearchpy.exceptions import NotFoundError

    def ask(question: Callable[[IndexRequests], _Answer]) -> _Answer:
        try:
            return question(requests)
        except NotFoundError:
            return ask_live(question)

    return ask
