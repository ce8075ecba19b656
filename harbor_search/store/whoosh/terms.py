"""The terms of a segment for Whoosh's readers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.codec.base import FieldCursor, TermsReader
from whoosh.reading import TermInfo, TermNotFound

from harbor_search.store.format import TEXT_FIELDS
from harbor_search.store.postings.dictionary import TermEntry
from harbor_search.store.segment.field_reader import FieldReader
from harbor_search.store.segment.reader import SegmentReader
from harbor_search.store.whoosh.matcher import PostingsMatcher

__all__ = ["DictionariesReader"]

_Term = tuple[str, bytes]


class DictionariesReader(TermsReader):  # type: ignore[misc]
    """All dictionaries of a segment: fields in the order of their names, terms in the order of their bytes."""

    def __init__(self, segment: SegmentReader) -> None:
        self._segment = segment
        self._fields = {
            name: segment.fields[name] for name in sorted(segment.fields) if segment.fields[name].dictionary
        }

    def __contains__(self, term: _Term) -> bool:
        return self._entry(*term) is not None

    def cursor(self, fieldname: str, fieldobj: Any) -> DictionaryCursor:
        """A cursor on the field's first term."""
        return DictionaryCursor(self, fieldname, fieldobj)

    def indexed_field_names(self) -> list[str]:
        """The fields that have terms."""
        return list(self._fields)

    def terms(self) -> Iterator[_Term]:
        """All terms."""
        return (term for term, _ in self._entries("", b""))

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[_Term]:
        """All terms of the field from `prefix` on, and all of the fields after it."""
        return (term for term, _ in self._entries(fieldname, prefix))

    def items(self) -> Iterator[tuple[_Term, ArticlesTermInfo]]:
        """All terms with their statistics."""
        return self.items_from("", b"")

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[_Term, ArticlesTermInfo]]:
        """The terms of `terms_from` with their statistics."""
        return ((term, self._info(term[0], entry)) for term, entry in self._entries(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> ArticlesTermInfo:
        """The statistics of a term.

        Raises:
            KeyError: there is no such term.
        """
        return self._info(fieldname, self._require(fieldname, text))

    def frequency(self, fieldname: str, text: bytes) -> float:
        """The collection frequency of the term.

        Raises:
            KeyError: there is no such term.
        """
        return float(self._require(fieldname, text).cf)

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """The number of articles with the term, including deleted ones.

        Raises:
            KeyError: there is no such term.
        """
        return self._require(fieldname, text).df

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> PostingsMatcher:
        """A matcher on the first article with the term.

        Raises:
            TermNotFound: there is no such term.
        """
        entry = self._entry(fieldname, text)
        if entry is None:
            raise TermNotFound(f"{fieldname}:{text!r}")
        return PostingsMatcher(self._fields[fieldname], entry, (fieldname, text), format_, scorer)

    def starting_at(self, fieldname: str, text: bytes) -> Iterator[tuple[bytes, ArticlesTermInfo]]:
        """The terms of a field from the first not below `text` on."""
        if fieldname in self._fields:
            for term, entry in self._fields[fieldname].dictionary.starting_at(text):
                yield term, self._info(fieldname, entry)

    def _entries(self, fieldname: str, prefix: bytes) -> Iterator[tuple[_Term, TermEntry]]:
        for name, field in self._fields.items():
            if name >= fieldname:
                for term, entry in field.dictionary.starting_at(prefix if name == fieldname else b""):
                    yield (name, term), entry

    def _entry(self, fieldname: str, text: bytes) -> TermEntry | None:
        field = self._fields.get(fieldname)
        return field.dictionary.find(text) if field else None

    def _require(self, fieldname: str, text: bytes) -> TermEntry:
        entry = self._entry(fieldname, text)
        if entry is None:
            raise KeyError((fieldname, text))
        return entry

    def _info(self, fieldname: str, entry: TermEntry) -> ArticlesTermInfo:
        lengths = self._segment.lengths(fieldname) if fieldname in TEXT_FIELDS else None
        return ArticlesTermInfo(self._fields[fieldname], entry, lengths)


class ArticlesTermInfo(TermInfo):  # type: ignore[misc]
    """The statistics of a term; its posting list is decoded only for those that the dictionary does not have.

    Whoosh's methods return the attributes below, and it adds a segment's offset to `_minid` and `_maxid` in place.
    """

    def __init__(self, field: FieldReader, entry: TermEntry, lengths: npt.NDArray[Any] | None) -> None:
        """`lengths` are those of all articles in the term's field; None for fields without lengths."""
        self._field, self._entry, self._lengths = field, entry, lengths
        self._weight, self._df = float(entry.cf), entry.df

    @cached_property
    def _postings(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        return self._field.postings(self._entry)

    @cached_property
    def _minid(self) -> int:
        return int(self._postings[0][0])

    @cached_property
    def _maxid(self) -> int:
        return int(self._postings[0][-1])

    @cached_property
    def _maxweight(self) -> float:
        return float(self._postings[1].max())

    @cached_property
    def _minlength(self) -> int:
        return 0 if self._lengths is None else int(self._lengths[self._postings[0]].min())

    @cached_property
    def _maxlength(self) -> int:
        return 0 if self._lengths is None else int(self._lengths[self._postings[0]].max())


class DictionaryCursor(FieldCursor):  # type: ignore[misc]
    """A cursor over the terms of a field, for Whoosh's fuzzy queries."""

    def __init__(self, terms: DictionariesReader, fieldname: str, fieldobj: Any) -> None:
        self._reader, self._fieldname, self._fieldobj = terms, fieldname, fieldobj
        self.first()

    def first(self) -> str | None:
        """Move to the field's first term and return it; like the other methods, None if there is none."""
        return self.find(b"")

    def find(self, string: str | bytes) -> str | None:
        """Move to the first term not below `string` and return it."""
        wanted = string if isinstance(string, bytes) else self._fieldobj.to_bytes(string)
        self._rest = self._reader.starting_at(self._fieldname, wanted)
        return self.next()

    def next(self) -> str | None:
        """Move to the next term and return it."""
        self._here = next(self._rest, None)
        return self.text()

    def text(self) -> str | None:
        """The current term."""
        return self._fieldobj.from_bytes(self._here[0]) if self._here else None

    term = text

    def term_info(self) -> ArticlesTermInfo | None:
        """The statistics of the current term."""
        return self._here[1] if self._here else None

    def is_valid(self) -> bool:
        """Whether there is a current term."""
        return self._here is not None
