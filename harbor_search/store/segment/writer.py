"""Writing a segment: articles in, three files of columns out.

`<name>.documents` has the stored articles, `<name>.spans` the offsets of sentences and words in them, `<name>.postings`
everything that is searched. Articles are analysed and inverted in batches. When the posting lists outgrow their memory,
they are flushed to a part file, and the parts are merged at the end: the segment does not depend on the memory limit,
nor on whether one process writes it or two.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harbor_search.analysis import Analyzer, stemmer_of
from harbor_search.article import Article
from harbor_search.store.inversion.memory import resident_bytes
from harbor_search.store.inversion.text_writer import TextWriter
from harbor_search.store.inversion.texts import Texts, texts_of
from harbor_search.store.inversion.worker_main import Batch
from harbor_search.store.inversion.worker_process import WorkerProcess, start_process
from harbor_search.store.inversion.worker_thread import BackgroundThread
from harbor_search.store.segment.article_record import content_hash, display_of, pack_article
from harbor_search.store.segment.doc_values import DocumentValues
from harbor_search.store.segment.stored_articles_writer import DocumentsWriter

__all__ = ["SegmentWriter", "hash_of"]

_DEFAULT_MEMORY_BYTES = 512_000_000
"""Memory limit of the process if the caller gives none: the default of the setting `memory_mb`."""

BATCHES_BEFORE_WORKER = 8
"""Batches before a second process is started: starting it takes a second of processor time, as much as these."""


class SegmentWriter:
    """Writes the segment `name` to `folder`: `add` batches of articles, then `finish`; `close` in any case.

    The caller's thread converts articles to doc values and records. Meanwhile one thread of the writer compresses the
    previous batch, and another analyses and inverts it, or sends it to the second process once that is ready.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        analyzer: Analyzer,
        memory_bytes: int = _DEFAULT_MEMORY_BYTES,
        processes: int = 1,
        *,
        with_signatures: bool = True,
        languages: frozenset[str] = frozenset(),
    ) -> None:
        """
        Args:
            memory_bytes: what the `processes` (1 or 2) may use in all before posting lists are flushed to a file.
            with_signatures: compute MinHash signatures, by which near-duplicates are found.
            languages: names of further analyzers, for articles in their languages.
        """
        self.name = name
        self.count = 0
        self.analyzers: set[str] = set()
        self._languages = languages - {analyzer.name}
        self._folder = folder
        self._analyzer = analyzer.name
        self._memory = memory_bytes
        self._storing, self._analysing = BackgroundThread(f"{name} articles"), BackgroundThread(f"{name} words")
        self._values = DocumentValues(analyzer.name)
        self._documents = DocumentsWriter(folder / f"{name}.documents")
        self._texts: TextWriter | None = TextWriter(
            folder, name, analyzer, memory_bytes, with_signatures=with_signatures
        )
        self._worker: WorkerProcess | None = None
        self._batches_until_worker = BATCHES_BEFORE_WORKER if processes > 1 else 0  # 0 and below: no worker

    def add(self, articles: Sequence[Article]) -> None:
        """Analyse and store a batch of articles, which get the next document numbers."""
        stored: list[bytes] = []
        for number, article in enumerate(articles, self.count):
            record = pack_article(article)
            stored.append(record)
            self._values.add(number, article, content_hash(record, display_of(article)))
        texts = texts_of(articles, self.count, self._own_analyzers(articles))
        self.count = texts.count
        self._storing.run(self._documents.add, stored)
        self._analysing.run(self._analyse, texts, self._values.nbytes)

    def finish(self) -> None:
        """Write the posting lists and complete the files.

        Raises:
            ValueError: two articles have one id.
        """
        self._storing.run(self._documents.close)
        self._analysing.wait()
        if self._texts:
            columns = self._texts.finish(self._analysing)
        else:
            assert self._worker
            columns = self._worker.finish()
            self._worker.close()  # frees its memory before the doc values are sorted
        with columns:
            self._values.write(columns)
        self._storing.wait()
        self.close()

    def close(self) -> None:
        """End the writer's threads and process."""
        if self._worker:
            self._worker.close()  # first, as a thread may be waiting for it
        self._storing.close()
        self._analysing.close()
        if self._worker:  # started meanwhile
            self._worker.close()

    def _own_analyzers(self, articles: Sequence[Article]) -> dict[int, str]:
        """The analyzers of articles in another language than the collection, by document."""
        if not self._languages:
            return {}
        names = ((number, stemmer_of(article.language)) for number, article in enumerate(articles, self.count))
        found = {number: name for number, name in names if name in self._languages}
        self.analyzers.update(found.values())
        return found

    def _analyse(self, texts: Texts, values: int) -> None:
        """Analyse a batch; `values` is the size in bytes of all doc values so far."""
        if self._texts:
            self._texts.add(texts, values)
            self._share_work(self._texts)
        else:
            assert self._worker
            self._worker.add(Batch(texts, values))

    def _share_work(self, texts: TextWriter) -> None:
        """Start the second process after the first batches, and hand `texts` over once it is ready."""
        self._batches_until_worker -= 1
        if self._batches_until_worker == 0:
            self._worker = start_process(self._analyzer)
        if self._worker and self._worker.is_ready():
            self._texts = None
            texts.move(self._memory - resident_bytes() + texts.nbytes)
            self._worker.move(texts)


def hash_of(article: Article) -> bytes:
    """The content hash of an article, `HASH_BYTES` bytes, by which changed articles are detected."""
    return content_hash(pack_article(article), display_of(article))
