"""The hits of a page as the kernel of a page leaves them: arrays, of which hits are made when somebody looks at them.

Most pages are asked for by programs, and become JSON without an object for each passage and each range.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from struct import Struct
from types import MappingProxyType
from typing import NamedTuple, TypeVar, overload

import numpy as np
import numpy.typing as npt
import orjson

from harbor_search.engines.embedded.html_kernel import write_html
from harbor_search.engines.embedded.json_kernel import write_json
from harbor_search.engines.embedded.marked_words_kernel import find_marked
from harbor_search.engines.embedded.page_rows import PASSAGES, RANGES_END, ROW_WIDTH, TEXT_END, TITLE_END, TITLE_WIDTH
from harbor_search.results import (
    LINES,
    LOOKED_FOR,
    HighlightedHit,
    HighlightedSnippet,
    Hit,
    HitTable,
    Match,
    Range,
    Snippet,
)
from harbor_search.store import Block, Display

__all__ = ["Described", "OtherSnippets", "ShownHits", "Written", "bare_hit", "describe"]

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]

_Chosen = TypeVar("_Chosen")

_RANGE = Struct("=ii")

_NONE: tuple[tuple[str, ...], tuple[Match, ...]] = ((), ())

_NO_REASONS = b',"lacks":[],"matched":[]'


class Described(NamedTuple):
    """What a hit shows of a document whatever the query: its display values, how many near-duplicates and words it has;
    the characters of its title and the JSON of all that, and where they are (from `TITLE` on, see `page_rows`)."""

    display: Display
    similar: int
    words: int
    written: bytes
    place: tuple[int, int, int, int, int, int]


def describe(display: Display, similar: int, words: int) -> Described:
    """What hits show of a document."""
    own, url, title, section, published, views = display
    before = orjson.dumps({"id": own, "url": url, "title": title})[:-1] + b',"title_ranges":'
    between = b"," + orjson.dumps({"section": section, "date": published, "views": views})[1:-1] + b',"score":'
    after = b"," + orjson.dumps({"similar": similar, "words": words, "explanation": None})[1:-1] + b',"repeats":'
    characters = title.encode("utf-32-le")
    written = characters + before + between + after
    at = np.frombuffer(written, np.uint8).ctypes.data
    size = len(written) - len(characters)
    place = at, len(title), at + len(characters), len(before), len(before) + len(between), size
    return Described(display, similar, words, written, place)


class Written(NamedTuple):
    """What the kernel of a page took and wrote (see `page_rows`): a row for each hit; the characters of all passages
    and what is marked, both with spare capacity, and another row for each; and the blocks that have headings and
    anchors, as a table too."""

    hits: Int64s
    text: Int32s
    ranges: Int32s
    rows: Int64s
    blocks: Sequence[Block]
    table: Int64s


class OtherSnippets(NamedTuple):
    """Snippets that a hit shows after those that the kernel chose, or in their place."""

    snippets: tuple[Snippet, ...]
    instead: bool

    def appended_to(self, chosen: tuple[_Chosen, ...]) -> tuple[_Chosen | Snippet, ...]:
        """All that the hit shows, where the kernel chose these."""
        return self.snippets if self.instead else chosen + self.snippets

    def json(self) -> bytes:
        """As `write_json` takes them."""
        array = orjson.dumps(self.snippets)
        return array if self.instead else array[1:-1]


_NO_OTHERS: Mapping[int, OtherSnippets] = MappingProxyType({})


class ShownHits(HitTable):
    """The hits of a page. Threads may share them."""

    def __init__(
        self,
        documents: Sequence[Described],
        scores: Sequence[float],
        written: Written,
        others: Mapping[int, OtherSnippets] = _NO_OTHERS,
    ) -> None:
        """`others` are snippets by the places of hits, that the kernel did not choose."""
        self._documents, self._scores, self._written, self._others = documents, scores, written, others
        self._hits: tuple[Hit, ...] | None = None

    def __len__(self) -> int:
        return len(self._documents)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self._made())

    @overload
    def __getitem__(self, at: int) -> Hit: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Hit, ...]: ...

    def __getitem__(self, at: int | slice) -> Hit | tuple[Hit, ...]:
        return self._made()[at]

    def json(self, reasons: Sequence[bytes] = (), repeats: Mapping[str, str] = MappingProxyType({})) -> bytes:
        """The hits as a JSON array, as `orjson` would write them one by one."""
        written, size = self._written, len(self)
        scores = orjson.dumps(list(self._scores))[1:-1]
        said = b"\n".join([*reasons, b""]) if reasons else (_NO_REASONS + b"\n") * size
        snippets = _lines({place: each.json() for place, each in self._others.items()}, b"", size)
        lines = map(_bytes, (scores, said, self._better(repeats), snippets))
        json: npt.NDArray[np.uint8] = write_json(written.hits, *written[1:4], written.table, *lines)
        return json.tobytes()

    def highlighted(
        self,
        reasons: Sequence[tuple[tuple[str, ...], tuple[Match, ...]]] = (),
        repeats: Mapping[str, str] = MappingProxyType({}),
    ) -> tuple[HighlightedHit, ...]:
        """The hits for a page."""
        written, others = self._written, self._others
        texts: npt.NDArray[np.uint8] = write_html(written.hits, *written[1:4], written.table)
        take = iter(texts.tobytes().decode().split("\0")).__next__
        hits = []
        found = zip(self._documents, written.rows[:, PASSAGES].tolist(), reasons or [_NONE] * len(self), strict=True)
        for place, (document, passages, (lacks, matched)) in enumerate(found):
            title = take()
            snippets: tuple[HighlightedSnippet | Snippet, ...] = tuple(
                [HighlightedSnippet(take(), take(), take()) for _ in range(passages)]
            )
            if place in others:
                snippets = others[place].appended_to(snippets)
            own, _, _, section, published, views = document.display
            more = lacks, matched, document.similar, document.words, None, repeats.get(own, "")
            hits.append(HighlightedHit(own, title, section, published, views, snippets, *more))
        return tuple(hits)

    def _better(self, repeats: Mapping[str, str]) -> bytes:
        """For each hit a line of JSON: the id of the better article with its title."""
        ids = [document.display.id for document in self._documents] if repeats else ()
        better = {place: orjson.dumps(repeats[own]) for place, own in enumerate(ids) if own in repeats}
        return _lines(better, b'""', len(self))

    def marked(self, words: tuple[str, ...], wanted: Sequence[int]) -> Mapping[int, bytes]:
        """By the places of hits in which not all words are marked that are `wanted` of them, the texts that are. Words
        of other characters than ASCII ones, and those beyond the first `LOOKED_FOR`, are not looked for."""
        written, bits = self._written, np.array(wanted, np.uint64)
        characters, listed = find_marked(written.hits, *written[1:4], *_codes(words[:LOOKED_FOR]), bits)
        lines: dict[int, bytes] = {}
        begin = 0
        for place, end in listed.tolist():
            lines[place] = self._with_others(place, characters[begin:end].tobytes())
            begin = end
        return lines

    def _with_others(self, place: int, lines: bytes) -> bytes:
        """The texts that are marked in a hit, a line each, with those in further snippets of it."""
        others = self._others.get(place)
        return lines if others is None else _with_marks(lines, others.snippets)

    def _made(self) -> tuple[Hit, ...]:
        if self._hits is None:
            made = []
            found = zip(self._documents, self._scores, _unpacked(self._written), strict=True)
            for place, (document, score, (marks, snippets)) in enumerate(found):
                shown = self._others[place].appended_to(snippets) if place in self._others else snippets
                made.append(_hit(document, score, marks, shown))
            self._hits = tuple(made)
        return self._hits


def bare_hit(described: Described, score: float) -> Hit:
    """A hit without marks and snippets."""
    return _hit(described, score, (), ())


def _hit(described: Described, score: float, marks: tuple[Range, ...], snippets: tuple[Snippet, ...]) -> Hit:
    own, url, title, section, published, views = described.display
    similar, words = described.similar, described.words
    # By position: names would take a tenth of a page's time.
    return Hit(own, url, title, marks, section, published, views, float(score), snippets, (), (), similar, words)


def _unpacked(written: Written) -> list[tuple[tuple[Range, ...], tuple[Snippet, ...]]]:
    """For each hit what is marked in its title, and its snippets."""
    rows = written.rows.tolist()
    characters, pairs = _ends(rows)
    text = str(written.text[:characters].data, "utf-32-le")
    every = tuple(_RANGE.iter_unpack(written.ranges[:pairs].data))
    found = []
    at, pair = 0, 0
    for row, (data, _, _) in zip(rows, written.blocks, strict=True):
        first, pair = pair, row[TITLE_END]
        marks, snippets = every[first:pair], []
        begin = -1
        for i in range(TITLE_WIDTH, TITLE_WIDTH + row[PASSAGES] * ROW_WIDTH, ROW_WIDTH):
            start, middle, stop, end, last = row[i : i + ROW_WIDTH]
            if start != begin:  # most passages of an article are from one section
                begin = start
                heading, anchor = data[start:middle].decode(), data[middle:stop].decode()
            snippets.append(Snippet("body", heading, anchor, text[at:end], every[pair:last]))
            at, pair = end, last
        found.append((marks, tuple(snippets)))
    return found


def _lines(given: Mapping[int, bytes], usual: bytes, size: int) -> bytes:
    """So many lines: those `given` by their places, and the `usual` one elsewhere."""
    return b"\n".join([*[given.get(place, usual) for place in range(size)], b""]) if given else (usual + b"\n") * size


def _with_marks(lines: bytes, snippets: Iterable[Snippet]) -> bytes:
    """The texts that are marked in a hit, a line each, with those in further snippets of it."""
    texts = lines.decode(LINES).split("\n")[:-1]
    texts += [each.text[start:end] for each in snippets for start, end in each.ranges]
    return "".join(f"{text}\n" for text in dict.fromkeys(texts)).encode(LINES)


def _bytes(text: bytes) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text, np.uint8)


def _ends(rows: Sequence[Sequence[int]]) -> tuple[int, int]:
    """How many characters and ranges were written."""
    characters, pairs = 0, 0
    for row in rows:
        pairs = row[TITLE_END]
        if row[PASSAGES]:
            last = TITLE_WIDTH + (row[PASSAGES] - 1) * ROW_WIDTH
            characters, pairs = row[last + TEXT_END], row[last + RANGES_END]
    return characters, pairs


@lru_cache(maxsize=1_024)
def _codes(words: tuple[str, ...]) -> tuple[Int32s, Int64s]:
    """Words as `find_marked` takes them; those with other characters than ASCII ones are empty, and so nowhere."""
    ascii_words = [word if word.isascii() else "" for word in words]
    text = "".join(ascii_words).lower().encode()
    ends = np.cumsum(np.array(list(map(len, ascii_words)), np.int64))
    return np.frombuffer(text, np.uint8).astype(np.int32), ends
