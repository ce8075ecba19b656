"""The posting lists of a segment's text fields, from the texts of its documents, in bounded memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from harbor_search.analysis import Analyzer, get_analyzer
from harbor_search.analysis.batches import Batch, Vocabulary
from harbor_search.analysis.strings import extended
from harbor_search.store.byte_order import picked, sorted_order
from harbor_search.store.columns import ColumnsFile, ColumnsWriter
from harbor_search.store.format import TEXT_FIELDS
from harbor_search.store.indexer.inversion import Inverter
from harbor_search.store.indexer.memory import give_back
from harbor_search.store.indexer.signatures import Signatures
from harbor_search.store.indexer.terms import TermNumbers, terms_from
from harbor_search.store.indexer.texts import Texts
from harbor_search.store.indexer.worker_thread import Background
from harbor_search.store.postings.field_writer import FieldWriter
from harbor_search.store.postings.merging import FieldLists, merge_field
from harbor_search.store.segment.near_duplicates import SIGNATURES
from harbor_search.store.segment.word_list import WordList, joined_words, plain_words, write_words

__all__ = ["TextLists"]

Int32s = npt.NDArray[np.int32]


class TextLists:
    """Analyses and inverts texts; a part of the lists goes to a file whenever they have outgrown the memory."""

    def __init__(self, folder: Path, name: str, analyzer: Analyzer, memory_bytes: int, *, signed: bool = True) -> None:
        """`signed` says that signatures of documents are made, by which near-duplicates are known."""
        self._signatures = Signatures() if signed else None
        self._folder, self._name, self._analyzer, self._memory = folder, name, analyzer, memory_bytes
        self._lengths: list[npt.NDArray[np.int32]] = [np.empty((len(TEXT_FIELDS), 0), np.int32)]
        self._documents = 0
        self._parts: list[Path] = []
        self._words: list[WordList] = []  # of the parts
        self._begin()

    def _begin(self) -> None:
        self._vocabulary = Vocabulary()
        self._terms = TermNumbers()
        self._term_of, self._known = np.empty(1 << 12, np.int32), 0  # tokens whose terms are known
        self._term_in: dict[str, Int32s] = {}  # by other analyzers; -1 where not known
        if self._signatures:
            self._signatures.begin()
        self._inverter = Inverter(len(TEXT_FIELDS), self._memory)

    @property
    def held(self) -> int:
        """The memory that the lists, words and terms take now."""
        return self._inverter.held + self._vocabulary.held + self._terms.held + self._held_of_tokens

    @property
    def _held_of_tokens(self) -> int:
        return self._term_of.nbytes + sum(numbers.nbytes for numbers in self._term_in.values())

    @property
    def are_full(self) -> bool:
        """Whether a part must be written, however much memory there is."""
        return self._inverter.is_full

    def add(self, texts: Texts) -> Batch:
        """Append a batch of texts; returns their tokens."""
        documents, fields = texts.documents, texts.fields
        batch = self._vocabulary.tokenize(texts.joined, texts.sizes)
        self._learn_terms()
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

    def write(self, columns: ColumnsWriter, background: Background) -> None:
        """Write the lists, dictionaries and lengths of all fields; lists are encoded in the background."""
        if self._parts:
            self.write_part()
            give_back()
        lengths = np.concatenate(self._lengths, axis=1)
        self._lengths = []
        order = sorted_order(*self._terms.texts())
        numbers = np.arange(self._documents, dtype=np.int32)
        files = [ColumnsFile(part) for part in self._parts]
        for number, field in enumerate(TEXT_FIELDS):
            if files:
                parts = [FieldLists.of(each, field, positional=True) for each in files]
                merge_field(columns, field, parts, [numbers] * len(files))
            else:
                self._write_field(columns, number, order, background)
            own = lengths[number]
            columns.add(f"{field}/lengths", own.astype(np.min_scalar_type(int(own.max(initial=0)))))
        if self._signatures:
            columns.add(SIGNATURES, self._signatures.rows().reshape(-1))
        write_words(columns, joined_words([*self._words, plain_words(*self._vocabulary.parts(0))]))
        del files
        for part in self._parts:
            part.unlink()

    def _learn_terms(self) -> None:
        """Number the terms of tokens that are new."""
        first, end = self._known, len(self._vocabulary)
        self._term_of = extended(self._term_of, first, end - first)
        self._term_of[first:end] = terms_from(self._vocabulary, first, self._analyzer, self._terms)
        self._known = end

    def _terms_by(self, analyzer: str, tokens: Int32s) -> Int32s:
        """The numbers of the terms that another analyzer makes of tokens."""
        known = self._term_in.get(analyzer, np.empty(0, np.int32))
        if known.size < len(self._vocabulary):
            unknown = np.full(len(self._vocabulary) * 5 // 4 - known.size + 1, -1, np.int32)
            known = self._term_in[analyzer] = np.concatenate([known, unknown])
        new = np.unique(tokens[known[tokens] < 0])
        if new.size:
            terms = get_analyzer(analyzer).terms(self._vocabulary.texts(new.astype(np.int64)))
            known[new] = self._terms.of([term.encode("utf-8", "surrogatepass") for term in terms])
        return known[tokens]

    def write_part(self) -> None:
        """Write the lists to a file of their own, to be merged in the end, and begin anew."""
        part = self._folder / f"{self._name}.part{len(self._parts)}"
        order = sorted_order(*self._terms.texts())
        with ColumnsWriter(part) as columns:
            for number in range(len(TEXT_FIELDS)):
                self._write_field(columns, number, order, None)
        self._parts.append(part)
        self._words.append(plain_words(*self._vocabulary.parts(0)))
        self._begin()

    def _write_field(self, columns: ColumnsWriter, number: int, order: Int32s, background: Background | None) -> None:
        writer = FieldWriter(columns, TEXT_FIELDS[number], positional=True)
        texts = self._terms.texts()
        for lists in self._inverter.lists(number, order):
            values = (lists.starts, lists.documents, lists.frequencies, lists.positions, lists.occurrences)
            encoded = (writer.add, *picked(*texts, lists.terms), *values)
            if background:
                background.run(*encoded)
            else:
                encoded[0](*encoded[1:])
        if background:
            background.wait()
        writer.finish()
