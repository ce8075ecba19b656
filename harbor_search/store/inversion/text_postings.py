"""Building the posting lists of a segment's text fields in bounded memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from harbor_search.analysis import Analyzer, get_analyzer
from harbor_search.analysis.batch_analysis import Batch, Vocabulary
from harbor_search.analysis.string_table import extended
from harbor_search.store.byte_strings import gather_strings, sorted_order
from harbor_search.store.columns import ColumnsFile, ColumnsWriter
from harbor_search.store.format import TEXT_FIELDS
from harbor_search.store.inversion.inverter import Inverter
from harbor_search.store.inversion.memory import release_unused_memory
from harbor_search.store.inversion.signatures import Signatures
from harbor_search.store.inversion.terms import TermNumbers, intern_terms
from harbor_search.store.inversion.texts import Texts
from harbor_search.store.inversion.worker_thread import BackgroundThread
from harbor_search.store.postings.field_writer import FieldWriter
from harbor_search.store.postings.merging import FieldPostings, merge_field
from harbor_search.store.segment.near_duplicates import SIGNATURES
from harbor_search.store.segment.word_list import WordList, joined_words, plain_words, write_words

__all__ = ["TextPostings"]

Int32s = npt.NDArray[np.int32]


class TextPostings:
    """Analyses and inverts texts; `flush` writes the lists so far to a file when they have outgrown the memory."""

    def __init__(
        self, folder: Path, name: str, analyzer: Analyzer, memory_bytes: int, *, with_signatures: bool = True
    ) -> None:
        """`with_signatures`: compute MinHash signatures, by which near-duplicates are found."""
        self._signatures = Signatures() if with_signatures else None
        self._folder, self._name, self._analyzer, self._memory = folder, name, analyzer, memory_bytes
        self._lengths: list[npt.NDArray[np.int32]] = [np.empty((len(TEXT_FIELDS), 0), np.int32)]
        self._documents = 0
        self._part_files: list[Path] = []
        self._words: list[WordList] = []  # of the part files
        self._begin()

    def _begin(self) -> None:
        self._vocabulary = Vocabulary()
        self._terms = TermNumbers()
        self._term_of, self._analysed = np.empty(1 << 12, np.int32), 0  # by token, and how many tokens are analysed
        self._term_of_by: dict[str, Int32s] = {}  # the same for other analyzers; -1: not analysed yet
        if self._signatures:
            self._signatures.begin()
        self._inverter = Inverter(len(TEXT_FIELDS), self._memory)

    @property
    def nbytes(self) -> int:
        """Memory used by the lists, tokens and terms, in bytes."""
        return self._inverter.nbytes + self._vocabulary.nbytes + self._terms.nbytes + self._token_bytes

    @property
    def _token_bytes(self) -> int:
        return self._term_of.nbytes + sum(numbers.nbytes for numbers in self._term_of_by.values())

    @property
    def are_full(self) -> bool:
        """Whether `flush` is due, however much memory there is."""
        return self._inverter.is_full

    def add(self, texts: Texts) -> Batch:
        """Analyse and invert a batch of texts; returns their tokens."""
        documents, fields = texts.documents, texts.fields
        batch = self._vocabulary.tokenize(texts.joined, texts.sizes)
        self._analyse_new_tokens()
        terms = self._term_of[batch.tokens]
        for analyzer in set(texts.analyzers.values()):
            own = [document for document, name in texts.analyzers.items() if name == analyzer]
            tokens = np.repeat(np.isin(documents, own), batch.counts)
            terms[tokens] = self._terms_by(analyzer, batch.tokens[tokens])
        self._inverter.add(terms, len(self._terms), batch.counts, documents, fields)
        lengths = np.zeros((len(TEXT_FIELDS), texts.count - self._documents), np.int32)
        np.add.at(lengths, (fields, documents - self._documents), batch.counts)
        self._lengths.append(lengths)
        if self._signatures:
            self._signatures.add(batch, self._vocabulary, texts)
        self._documents = texts.count
        return batch

    def write(self, columns: ColumnsWriter, background: BackgroundThread) -> None:
        """Write the lists, dictionaries and lengths of all fields; `background` encodes the lists."""
        if self._part_files:
            self.flush()
            release_unused_memory()
        lengths = np.concatenate(self._lengths, axis=1)
        self._lengths = []
        order = sorted_order(*self._terms.texts())
        numbers = np.arange(self._documents, dtype=np.int32)
        files = [ColumnsFile(part) for part in self._part_files]
        for number, field in enumerate(TEXT_FIELDS):
            if files:
                parts = [FieldPostings.of(each, field, positional=True) for each in files]
                merge_field(columns, field, parts, [numbers] * len(files))
            else:
                self._write_field(columns, number, order, background)
            own = lengths[number]
            columns.add(f"{field}/lengths", own.astype(np.min_scalar_type(int(own.max(initial=0)))))
        if self._signatures:
            columns.add(SIGNATURES, self._signatures.rows().reshape(-1))
        write_words(columns, joined_words([*self._words, plain_words(*self._vocabulary.parts(0))]))
        del files
        for part in self._part_files:
            part.unlink()

    def _analyse_new_tokens(self) -> None:
        first, end = self._analysed, len(self._vocabulary)
        self._term_of = extended(self._term_of, first, end - first)
        self._term_of[first:end] = intern_terms(self._vocabulary, first, self._analyzer, self._terms)
        self._analysed = end

    def _terms_by(self, analyzer: str, tokens: Int32s) -> Int32s:
        """int32[tokens]: the numbers of the terms that another analyzer makes of tokens."""
        term_of = self._term_of_by.get(analyzer, np.empty(0, np.int32))
        if term_of.size < len(self._vocabulary):
            unset = np.full(len(self._vocabulary) * 5 // 4 - term_of.size + 1, -1, np.int32)
            term_of = self._term_of_by[analyzer] = np.concatenate([term_of, unset])
        new = np.unique(tokens[term_of[tokens] < 0])
        if new.size:
            terms = get_analyzer(analyzer).terms(self._vocabulary.texts(new.astype(np.int64)))
            term_of[new] = self._terms.of([term.encode("utf-8", "surrogatepass") for term in terms])
        return term_of[tokens]

    def flush(self) -> None:
        """Write the lists to a part file, to be merged by `write`, and start over with empty ones."""
        part = self._folder / f"{self._name}.part{len(self._part_files)}"
        order = sorted_order(*self._terms.texts())
        with ColumnsWriter(part) as columns:
            for number in range(len(TEXT_FIELDS)):
                self._write_field(columns, number, order, None)
        self._part_files.append(part)
        self._words.append(plain_words(*self._vocabulary.parts(0)))
        self._begin()

    def _write_field(
        self, columns: ColumnsWriter, number: int, order: Int32s, background: BackgroundThread | None
    ) -> None:
        writer = FieldWriter(columns, TEXT_FIELDS[number], positional=True)
        texts = self._terms.texts()
        for lists in self._inverter.lists(number, order):
            values = (lists.starts, lists.documents, lists.frequencies, lists.positions, lists.occurrences)
            encoded = (writer.add, *gather_strings(*texts, lists.terms), *values)
            if background:
                background.run(*encoded)
            else:
                encoded[0](*encoded[1:])
        if background:
            background.wait()
        writer.finish()
