"""Writing a segment: articles in, three files of columns out.

`<name>.documents` has the stored articles, `<name>.spans` where sentences and words stand in them, `<name>.postings`
everything that is searched. Articles are analysed and inverted in batches as they come. Where the posting lists outgrow
the memory they may take, a part of them is written to a file beside the segment, and the parts are merged at the end:
the segment is the same as with more memory, and the same whether one process makes it or two.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harbor_search.analysis import Analyzer, stemmer_of
from harbor_search.article import Article
from harbor_search.store.indexer.memory import resident_bytes
from harbor_search.store.indexer.text_writer import TextWriter
from harbor_search.store.indexer.texts import Texts, texts_of
from harbor_search.store.indexer.worker_main import Batch
from harbor_search.store.indexer.worker_process import OtherProcess, start_process
from harbor_search.store.indexer.worker_thread import Background
from harbor_search.store.segment.doc_values import DocumentValues
from harbor_search.store.segment.stored_articles import DocumentsWriter
from harbor_search.store.segment.stored_form import content_hash, display_of, pack_article

__all__ = ["SegmentWriter", "hash_of"]

_LIMIT = 512_000_000
"""Bytes that the process may hold where the caller does not say: the default of the setting `memory_mb`."""

ALONE = 8
"""Batches before a second process is started: starting costs a processor a second, as much as so many batches."""


class SegmentWriter:
    """Writes the segment `name` to `folder`: `add` batches of articles, then `finish`; `close` in any case.

    The caller's thread makes articles into values and records. At the same time one thread of the writer compresses the
    batch before, and another analyses and inverts it, or has a second process do so once that is ready.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        analyzer: Analyzer,
        memory_bytes: int = _LIMIT,
        processes: int = 1,
        *,
        signed: bool = True,
        languages: frozenset[str] = frozenset(),
    ) -> None:
        """`memory_bytes` is what the `processes` (1 or 2) may hold, all in all, before a part of the lists is written
        out. `signed` says that signatures are made, by which near-duplicates are known. Articles in other
        languages than that of `analyzer` are analysed by those of `languages`, names of analyzers, where one is theirs.
        """
        self.name = name
        self.count = 0
        self.analyzers: set[str] = set()
        self._languages = languages - {analyzer.name}
        self._folder = folder
        self._analyzer = analyzer.name
        self._memory = memory_bytes
        self._storing, self._analysing = Background(f"{name} articles"), Background(f"{name} words")
        self._values = DocumentValues(analyzer.name)
        self._documents = DocumentsWriter(folder / f"{name}.documents")
        self._texts: TextWriter | None = TextWriter(folder, name, analyzer, memory_bytes, signed=signed)
        self._other: OtherProcess | None = None
        self._alone = ALONE if processes > 1 else 0  # batches until a second process is started; at or below 0: never

    def add(self, articles: Sequence[Article]) -> None:
        """Analyse and store a batch of articles; they are numbered in the order they come."""
        stored: list[bytes] = []
        for number, article in enumerate(articles, self.count):
            record = pack_article(article)
            stored.append(record)
            self._values.add(number, article, content_hash(record, display_of(article)))
        texts = texts_of(articles, self.count, self._own_analyzers(articles))
        self.count = texts.count
        self._storing.run(self._documents.add, stored)
        self._analysing.run(self._analyse, texts, self._values.held)

    def finish(self) -> None:
        """Make the posting lists and complete the files.

        Raises:
            ValueError: two articles have one id.
        """
        self._storing.run(self._documents.close)
        self._analysing.wait()
        if self._texts:
            columns = self._texts.finish(self._analysing)
        else:
            assert self._other
            columns = self._other.finish()
            self._other.close()  # what it holds is room for the values, which are put in order now
        with columns:
            self._values.write(columns)
        self._storing.wait()
        self.close()

    def close(self) -> None:
        """End the writer's threads and process."""
        if self._other:
            self._other.close()  # first, as the thread may be waiting for it
        self._storing.close()
        self._analysing.close()
        if self._other:  # begun meanwhile
            self._other.close()

    def _own_analyzers(self, articles: Sequence[Article]) -> dict[int, str]:
        """The analyzers of the articles that are in another language than the collection, by their numbers."""
        if not self._languages:
            return {}
        names = ((number, stemmer_of(article.language)) for number, article in enumerate(articles, self.count))
        found = {number: name for number, name in names if name in self._languages}
        self.analyzers.update(found.values())
        return found

    def _analyse(self, texts: Texts, values: int) -> None:
        """Analyse a batch, where `values` bytes are held of the values of all documents."""
        if self._texts:
            self._texts.add(texts, values)
            self._share(self._texts)
        else:
            assert self._other
            self._other.add(Batch(texts, values))

    def _share(self, texts: TextWriter) -> None:
        """Start a second process when it is time, and hand the texts over when it is ready."""
        self._alone -= 1
        if self._alone == 0:
            self._other = start_process(self._analyzer)
        if self._other and self._other.is_ready():
            self._texts = None
            texts.move(self._memory - resident_bytes() + texts.held)
            self._other.move(texts)


def hash_of(article: Article) -> bytes:
    """The hash by which a changed article is told from an unchanged one, `HASH_BYTES` bytes."""
    return content_hash(pack_article(article), display_of(article))
