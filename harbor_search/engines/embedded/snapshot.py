"""A generation opened for searching: its segments as one collection of numbered documents."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from copy import copy
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from harbor_search.analysis import Analyzer, fold, get_analyzer
from harbor_search.article import Article
from harbor_search.engines.embedded.facets import Facet, section_facet, source_facet, year_facet
from harbor_search.engines.embedded.near_duplicates import Folding
from harbor_search.errors import OperationalError
from harbor_search.query import Dated, Filter, Sectioned, Tagged
from harbor_search.ranking import BM25F, norms
from harbor_search.store import NO_DATE, Display, SegmentReader, id_order, open_index_folder, read_groups

__all__ = ["Snapshot", "Words64", "is_in", "laid_out"]

_EPOCH = date(1970, 1, 1).toordinal()

Words64 = npt.NDArray[np.uint64]


def is_in(document: int, words: Words64) -> bool:
    """Whether a bitmap of documents has this one."""
    return bool(words[document >> 6] >> np.uint64(document & 63) & np.uint64(1))


class Snapshot:
    """The documents of one generation, numbered across its segments, with everything that is known of them.

    `count` bounds the numbers; `articles` of them have an article, and the others were deleted: those are in no posting
    list, no mask and no average. `norms` are what an occurrence counts in each field by document, rows of `all_norms`
    (float32[fields, documents]). `live` is the bitmap of the ones that have, None where all do. `folding` knows the
    near-duplicates, None where there are none.
    """

    def __init__(self, folder: Path, name: str, model: BM25F, release: Callable[[], None]) -> None:
        """Open the index in `folder`; `release` is called when nothing uses the snapshot any more.

        Raises:
            OperationalError: a file is missing or damaged, or the index was built by an unknown analyzer.
        """
        self.name = name
        self.model = model
        self.lock = Lock()
        self._release = release
        index = open_index_folder(folder)
        self.fingerprint = index.fingerprint
        self.analyzer = _analyzer(index.analyzer)
        self.segments = index.segments
        sizes = [segment.count for segment in self.segments]
        self.bases = [sum(sizes[:i]) for i in range(len(sizes))]
        self.count = sum(sizes)
        self.articles = index.articles
        self._left = self._find_left()
        self.live = None if self._left is None else bitmap(self._left)
        self.all_norms = self._norms_by(model)
        self.norms = self._by_field()
        found = read_groups(folder, self.count)
        self.folding = None if found is None else Folding(*found)
        self.order = id_order(self.segments)
        self.ranks = np.empty(self.count, np.int32)
        self.ranks[self.order] = np.arange(self.count, dtype=np.int32)

    def __del__(self) -> None:
        self._release()

    def rescored(self, model: BM25F) -> Snapshot:
        """The same documents under another scoring function. They have the lock in common, and keep this one open."""
        made = copy(self)
        made._release = partial(_hold, self)
        made.model, made.all_norms = model, made._norms_by(model)
        made.norms = made._by_field()
        return made

    def beside(self) -> Snapshot:
        """The same documents with a lock of their own, for another thread. They keep this one open."""
        made = copy(self)
        made._release, made.lock = partial(_hold, self), Lock()
        return made

    def _norms_by(self, model: BM25F) -> npt.NDArray[np.float32]:
        return np.stack([norms(self._lengths(name), weight, self._left) for name, weight in model.fields])

    def _by_field(self) -> dict[str, npt.NDArray[np.float32]]:
        return dict(zip((name for name, _ in self.model.fields), self.all_norms, strict=True))

    def article(self, document: int) -> Article:
        """The stored article of a document."""
        segment, local = self.locate(document)
        return segment.article(local)

    def display(self, document: int) -> Display:
        """What a page shows of a document besides passages."""
        number, local = self.place(document)
        return self.segments[number].display(local)

    def document_frequencies(self, terms: Sequence[bytes], fields: tuple[str, ...]) -> npt.NDArray[np.int64]:
        """int64[terms]: how many documents have each of some terms, in that of some fields in which most have it.

        Raises:
            OperationalError: a list is damaged.
        """
        text, ends = laid_out(terms)
        found = np.zeros((len(fields), len(terms)), np.int64)
        for segment in self.segments:
            found += segment.lookup(fields).find(text, ends)[1]
        most: npt.NDArray[np.int64] = found.max(axis=0, initial=0)
        return most

    def similar(self, document: int) -> int:
        """How many near-duplicates a document has besides itself."""
        return self.folding.count(document) if self.folding else 0

    def find(self, article_id: str) -> int | None:
        """The number of the document with this article id."""
        wanted = article_id.encode("utf-8", "surrogatepass")
        for base, segment in zip(self.bases, self.segments, strict=True):
            found = segment.find(wanted)
            if found is not None:
                return base + found
        return None

    def locate(self, document: int) -> tuple[SegmentReader, int]:
        """The segment that has a document, and its number there."""
        at, local = self.place(document)
        return self.segments[at], local

    def place(self, document: int) -> tuple[int, int]:
        """The number of the segment that has a document, and the document's number there."""
        at = bisect_right(self.bases, document) - 1
        return at, document - self.bases[at]

    @cached_property
    def published(self) -> npt.NDArray[np.int32]:
        """int32[documents]: the day of publication as proleptic ordinal, NO_DATE where there is none."""
        return self._column("published").astype(np.int32)

    @cached_property
    def years(self) -> npt.NDArray[np.int32]:
        """int32[documents]: the year of publication, -1 where there is no date."""
        days = (self.published.astype(np.int64) - _EPOCH).astype("datetime64[D]")
        years = days.astype("datetime64[Y]").astype(np.int32) + 1970
        return np.where(self.published == NO_DATE, -1, years).astype(np.int32)

    @cached_property
    def views(self) -> npt.NDArray[np.int64]:
        """int64[documents]: how often each document was read, below 0 where that is not known."""
        return self._column("views").astype(np.int64)

    @cached_property
    def most_views(self) -> int:
        """The views of the article that has most."""
        return int((self.views if self._left is None else self.views[self._left]).max(initial=0))

    @cached_property
    def by_views(self) -> npt.NDArray[np.int32]:
        """int32[documents]: each document's place in the order of view counts; equal counts, equal places."""
        return np.unique(self.views, return_inverse=True)[1].astype(np.int32)

    @cached_property
    def by_date(self) -> npt.NDArray[np.int32]:
        """int32[documents]: as `published`, from 0 on."""
        return self.published + np.int32(1)

    @cached_property
    def section_paths(self) -> list[tuple[str, ...]]:
        """The distinct section paths, by code."""
        return list(dict.fromkeys(path for segment in self.segments for path in segment.sections))

    @cached_property
    def sections(self) -> npt.NDArray[np.int32]:
        """int32[documents]: the code of each document's section path."""
        codes = {path: code for code, path in enumerate(self.section_paths)}
        parts = [
            np.array([codes[path] for path in segment.sections], np.int32)[segment.columns["section"]]
            for segment in self.segments
        ]
        return np.concatenate(parts)

    @cached_property
    def section_facet(self) -> Facet:
        """The sections of documents, to be counted."""
        return section_facet(self.sections, self.section_paths)

    @cached_property
    def year_facet(self) -> Facet:
        """The years of documents, to be counted."""
        return year_facet(self.years)

    @cached_property
    def source_facet(self) -> Facet:
        """The names of the sources of documents, to be counted."""
        return source_facet(self.sources, self.source_names)

    @property
    def sections_used(self) -> int:
        """How many distinct section paths the articles have."""
        return int(np.unique(self.sections if self._left is None else self.sections[self._left]).size)

    @property
    def undated(self) -> int:
        """How many articles have no date."""
        without = self.published == NO_DATE
        return int((without if self._left is None else without & self._left).sum())

    def section_mask(self, path: tuple[str, ...]) -> Words64:
        """The documents whose section path begins with `path`, as bitmap words."""
        wanted = np.array([each[: len(path)] == path for each in self.section_paths], np.bool_)
        return self._masked(wanted[self.sections])

    @cached_property
    def source_names(self) -> list[str]:
        """The names of the sources that have one, by code."""
        found = {term for segment in self.segments for term, _ in segment.fields["source"].dictionary.starting_at(b"")}
        return [name.decode() for name in sorted(found)]

    @cached_property
    def sources(self) -> npt.NDArray[np.int32]:
        """int32[documents]: the code of the name of each document's source, -1 where it has none."""
        codes = np.full(self.count, -1, np.int32)
        for base, segment in zip(self.bases, self.segments, strict=True):
            own = segment.fields["source"]
            for term, entry in own.dictionary.starting_at(b""):
                codes[own.postings(entry, base)[0]] = self.source_names.index(term.decode())
        return codes

    def source_mask(self, name: str) -> Words64:
        """The documents of the source of that name, as bitmap words."""
        known = self.source_names.index(name) if name in self.source_names else self.count
        return self._masked(self.sources == known)

    def filter_mask(self, wanted: Filter) -> Words64:
        """The documents that a filter lets through, as bitmap words."""
        match wanted:
            case Dated(first, last):
                return self.date_mask(first, last)
            case Sectioned(path):
                return self._masked(np.array([_has_part(each, path) for each in self.section_paths])[self.sections])
            case Tagged(tag):
                return self._masked(self._tagged(fold(tag)))

    def _tagged(self, tag: str) -> npt.NDArray[np.bool_]:
        found = np.zeros(self.count, np.bool_)
        for base, segment in zip(self.bases, self.segments, strict=True):
            tags = segment.fields["tags"]
            for term, entry in tags.dictionary.starting_at(b""):
                if fold(term.decode("utf-8", "replace")) == tag:
                    found[tags.postings(entry, base)[0]] = True
        return found

    def date_mask(self, first: date | None, last: date | None) -> Words64:
        """The documents published from `first` to `last`, as bitmap words."""
        low = first.toordinal() if first else NO_DATE + 1
        high = last.toordinal() if last else date.max.toordinal()
        return self._masked((self.published >= low) & (self.published <= high))

    def norm_with_one_more(self, field: str, document: int) -> float:
        """What an occurrence in a field of a document would count if the field had one token more."""
        lengths = self._lengths(field)
        counted = lengths if self._left is None else lengths[self._left]
        average, weight = float(counted.mean(dtype=np.float64)), self.model.field(field)
        relative = (float(lengths[document]) + 1) / average if average else 1.0
        return weight.weight / (1 - weight.b + weight.b * relative)

    def _masked(self, wanted: npt.NDArray[np.bool_]) -> Words64:
        return bitmap(wanted if self._left is None else wanted & self._left)

    def _find_left(self) -> npt.NDArray[np.bool_] | None:
        """bool[documents]: whether each has an article; None where all have."""
        if all(segment.deleted is None for segment in self.segments):
            return None
        parts = [np.zeros(each.count, np.bool_) if each.deleted is None else each.deleted for each in self.segments]
        return ~np.concatenate(parts)

    def _lengths(self, field: str) -> npt.NDArray[Any]:
        return np.concatenate([segment.lengths(field) for segment in self.segments])

    def _column(self, name: str) -> npt.NDArray[Any]:
        return np.concatenate([segment.columns[name] for segment in self.segments])


def _hold(_: Snapshot) -> None:
    """Nothing: what has it has the snapshot."""


def laid_out(terms: Sequence[bytes]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Terms one after the other (uint8), and where each ends (int64[terms])."""
    ends = np.fromiter(map(len, terms), np.int64, len(terms)).cumsum()
    return np.frombuffer(b"".join(terms), np.uint8), ends


def _has_part(path: tuple[str, ...], part: tuple[str, ...]) -> bool:
    """Whether a section path has some names in succession, whatever their case."""
    names, wanted = [fold(name) for name in path], [fold(name) for name in part]
    return any(names[at : at + len(wanted)] == wanted for at in range(len(names) - len(wanted) + 1))


def bitmap(wanted: npt.NDArray[np.bool_]) -> Words64:
    """Booleans by document as uint64 words, lowest bit first."""
    words = np.zeros((wanted.size + 63) // 64, np.uint64)
    packed = np.packbits(wanted, bitorder="little")
    words.view(np.uint8)[: packed.size] = packed
    return words


def _analyzer(name: str) -> Analyzer:
    try:
        return get_analyzer(name)
    except KeyError:
        raise OperationalError(
            f"the index was built with the unknown analyzer {name!r}; run `harbor-search rebuild`"
        ) from None
