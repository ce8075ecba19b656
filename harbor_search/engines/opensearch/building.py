"""Filling an index: articles analysed, kept in a file until the lengths of all are known, then sent in bulk."""

from __future__ import annotations

import base64
import tempfile
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

import orjson

from harbor_search.analysis import Analyzer
from harbor_search.article import Article
from harbor_search.engines.languages import analyzer_of
from harbor_search.engines.opensearch.article_codec import pack_article, unpack_article
from harbor_search.engines.opensearch.article_terms import AnalysedArticle, ArticleTerms
from harbor_search.engines.opensearch.cluster import Cluster
from harbor_search.engines.opensearch.documents import Averages, document_id, source_of
from harbor_search.engines.opensearch.faults import BUSY, MORE_ROOM, is_full
from harbor_search.engines.opensearch.meaning import SectionEmbedder
from harbor_search.engines.opensearch.near_duplicates import Group, group_alone
from harbor_search.engines.opensearch.weighting import Weighting
from harbor_search.engines.protocol import Progress
from harbor_search.errors import OperationalError
from harbor_search.store import hash_of

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

__all__ = ["ContentDigest", "Spool", "delete_action", "index_actions", "send"]

CHUNK_ARTICLES = 500
CHUNK_BYTES = 10 * 1024 * 1024
"""A request's size: OpenSearch refuses more than 100 MB, and gains little above some megabytes."""

REQUESTS = 4
"""Requests at a time: a node indexes each by one of its cores, and while one is on its way the next is prepared."""

BATCH = 100
"""Articles that are analysed together."""

_WAITS = (1, 2, 4, 8, 16, 30)
"""Seconds after which articles are sent again where the cluster says it has too much to do."""


class ContentDigest:
    """A digest of a set of articles, whatever their order: what readers call a generation."""

    def __init__(self, name: str = "") -> None:
        self._value = int(name, 16) if name else 0

    def toggle(self, content_hash: bytes) -> None:
        """Put an article in, or take out one that is in."""
        self._value ^= int.from_bytes(content_hash[:16].ljust(16, b"\0"), "big")

    @property
    def name(self) -> str:
        """32 hexadecimal digits."""
        return f"{self._value:032x}"


class Spool:
    """Analysed articles in a temporary file, read again once the average lengths of all fields are known.

    `documents` are their ids in the cluster, `signatures` their signatures, one by one, empty where they have none.
    """

    def __init__(self, embedder: SectionEmbedder, *, signed: bool = False) -> None:
        """`embedder` embeds their sections, if it has a model; `signed` says that articles get signatures."""
        self._embedder = embedder
        self.averages = Averages()
        self.digest = ContentDigest()
        self.analyzers: set[str] = set()
        self.documents: list[str] = []
        self.signatures = bytearray()
        self._signed = signed
        self._file: IO[bytes] = tempfile.TemporaryFile(prefix="harbor-search-")  # noqa: SIM115 (closed by `close`)

    def fill(
        self, articles: Iterable[Article], analyzer: Analyzer, languages: frozenset[str], progress: Progress
    ) -> None:
        """Analyse `articles` by the analyzer of their language, one of `languages` or `analyzer`, and keep them.

        Raises:
            ValueError: two articles have one id.
            OperationalError: the disk is full.
        """
        known: set[str] = set()
        terms = ArticleTerms(analyzer, languages, signed=self._signed)
        stream = iter(articles)
        while batch := list(islice(stream, BATCH)):
            for article in batch:
                key = document_id(article.id)
                if key in known:
                    raise ValueError(f"two articles have the id {article.id!r}")
                known.add(key)
                self.documents.append(key)
                self.digest.toggle(hash_of(article))
                self.analyzers.add(analyzer_of(article.language, analyzer, languages).name)
            vectors = self._embedder.stored(batch)
            for analysed, own in zip(terms.analyse(batch), vectors, strict=True):
                self.averages.add(analysed)
                self._keep(analysed, own)
                self.signatures += analysed.signature
            progress("index", len(known), None)
        progress("index", len(known), len(known))

    def __iter__(self) -> Iterator[AnalysedArticle]:
        """The articles again, in their order."""
        self._file.seek(0)
        size = len(self.signatures) // max(len(self.documents), 1)
        for number, line in enumerate(self._file):
            packed, fields, lengths, words, leading, vectors = orjson.loads(line)
            signature = bytes(self.signatures[number * size : (number + 1) * size])
            article = unpack_article(packed.encode())
            yield AnalysedArticle(article, fields, lengths, words, leading, signature, base64.b64decode(vectors))

    def close(self) -> None:
        """Remove the file."""
        self._file.close()

    def _keep(self, analysed: AnalysedArticle, vectors: bytes) -> None:
        packed = pack_article(analysed.article).decode()
        terms = [analysed.fields, analysed.lengths, analysed.words, analysed.leading]
        line = orjson.dumps([packed, *terms, base64.b64encode(vectors).decode()], option=orjson.OPT_APPEND_NEWLINE)
        try:
            self._file.write(line)
        except OSError as error:
            raise OperationalError(f"cannot keep articles in the temporary folder: {error.strerror}") from error


def index_actions(
    articles: Iterable[AnalysedArticle],
    index: str,
    weighting: Weighting,
    groups: Mapping[str, Group],
) -> Iterator[dict[str, Any]]:
    """The bulk action that puts each article into `index`; `groups` are those of documents that are not alone."""
    for analysed in articles:
        key = document_id(analysed.article.id)
        source = source_of(analysed, weighting, groups.get(key) or group_alone(key))
        yield {"_op_type": "index", "_index": index, "_id": key, "_source": source}


def delete_action(index: str, document: str) -> dict[str, Any]:
    """The bulk action that takes a document out of `index`."""
    return {"_op_type": "delete", "_index": index, "_id": document}


def send(cluster: Cluster, actions: Iterable[dict[str, Any]], progress: Progress, total: int) -> None:
    """Stream `actions`, each for another document, to the cluster, no faster than it takes them.

    Raises:
        OperationalError: an article was not taken; the message names it and says why.
    """
    done = 0
    waiting: deque[Future[int]] = deque()
    with cluster.asking("send articles") as client, ThreadPoolExecutor(REQUESTS, "bulk") as threads:
        try:
            for chunk in _chunks(actions):
                waiting.append(threads.submit(_send_chunk, client, chunk))
                # What is prepared meanwhile is all that waits in memory.
                if len(waiting) > REQUESTS:
                    done += waiting.popleft().result()
                    progress("merge", done, total)
            for each in waiting:
                done += each.result()
        finally:
            threads.shutdown(cancel_futures=True)
    progress("merge", done, total)


def _chunks(actions: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The actions in lists for one request each, of about so many bytes at the most."""
    chunk: list[dict[str, Any]] = []
    size = 0
    for action in actions:
        chunk.append(action)
        size += sum(len(value) for value in action.get("_source", {}).values() if isinstance(value, str))
        if len(chunk) == CHUNK_ARTICLES or size > CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _send_chunk(client: OpenSearch, chunk: Sequence[dict[str, Any]]) -> int:
    """Send some actions, again where the cluster, or a proxy before it, cannot take them now; returns how many.

    An article that was taken may be sent again: it takes its own place.
    """
    from opensearchpy.exceptions import ConnectionError, TransportError

    for wait in _WAITS:
        try:
            return _send_once(client, chunk)
        except TransportError as error:
            if isinstance(error, ConnectionError) or error.status_code not in BUSY:
                raise
        time.sleep(wait)
    return _send_once(client, chunk)


def _send_once(client: OpenSearch, chunk: Sequence[dict[str, Any]]) -> int:
    from opensearchpy.helpers import streaming_bulk

    results = streaming_bulk(
        client,
        chunk,
        chunk_size=CHUNK_ARTICLES,
        max_chunk_bytes=CHUNK_BYTES,
        max_retries=len(_WAITS),
        initial_backoff=_WAITS[0],
        max_backoff=_WAITS[-1],
        raise_on_error=False,
        request_timeout=120,
    )
    for taken, item in results:
        # Sent again, an article that is to go may be gone.
        if not taken and item.get("delete", {}).get("status") != 404:
            raise OperationalError(_refusal(item, chunk))
    return len(chunk)


def _refusal(item: Mapping[str, Any], chunk: Sequence[dict[str, Any]]) -> str:
    """Which article a bulk item was about, and why it was not taken."""
    (operation, answer), *_ = item.items()
    error = answer.get("error") or {}
    reason = str(error.get("reason") if isinstance(error, dict) else error)
    document = answer["_id"]
    names = (each["_source"]["id"] for each in chunk if each["_id"] == document and "_source" in each)
    cure = f"; {MORE_ROOM}" if is_full(reason) else ""
    return f"the cluster did not take the article {next(names, document)!r} ({operation}): {reason[:500]}{cure}"
