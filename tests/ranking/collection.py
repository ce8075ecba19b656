"""Random posting lists in a ranker, and the same as dense arrays: what every kernel is compared with."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from harbor_search.ranking import SCALE, Ranker, Top, make_plan

DOCUMENTS = 30_000
FIELDS = 2
K1 = 1.2

Bools = npt.NDArray[np.bool_]
Int64s = npt.NDArray[np.int64]


class Collection:
    """Lists of the given sizes; each word occurs in both fields, at random positions of short texts.

    All texts are of one length where they are `even`, so that documents with as many words are worth as much. Some lists
    are temporary unless all are `kept`. The second field weighs nothing where it is `weightless`.
    """

    def __init__(
        self,
        seed: int,
        sizes: list[int],
        *,
        positions: bool = False,
        even: bool = False,
        kept: bool = False,
        weightless: bool = False,
    ) -> None:
        self.random = np.random.default_rng(seed)
        self.ranks = self.random.permutation(DOCUMENTS).astype(np.int32)
        self.order = np.argsort(self.ranks).astype(np.int32)
        self.norms = self.random.uniform(0.3, 3, (FIELDS, DOCUMENTS)).astype(np.float32)
        if even:
            self.norms[:] = 1.25
        if weightless:
            self.norms[1] = 0
        self.ranker = Ranker(
            self.ranks, self.order, list(self.norms), K1, postings=900_000, positions=2_000_000 if positions else 0
        )
        self.weights = self.random.uniform(0.5, 9, len(sizes))
        self.numbers: list[int] = []
        self.impacts = np.zeros((len(sizes), DOCUMENTS), np.float32)
        self.places: list[list[dict[int, list[int]]]] = []
        for row, size in enumerate(sizes):
            chosen = np.sort(self.random.choice(DOCUMENTS, size, replace=False)).astype(np.int32)
            if positions:
                self._add_positioned(row, chosen)
            else:
                self._add(row, chosen, temporary=not kept and bool(self.random.random() < 0.25))

    def _add(self, row: int, chosen: npt.NDArray[np.int32], *, temporary: bool) -> None:
        # Few distinct impacts make many ties; clusters of high ones give blocks something to be skipped for.
        values = np.array([0.1, 0.11, 0.3, 0.9], np.float32)
        self.impacts[row, chosen] = self.random.choice(values, chosen.size, p=[0.5, 0.3, 0.19, 0.01])
        # Some lists are temporary and so have no bitmap, however long they are.
        self._write(row, chosen, temporary)

    def _write(self, row: int, chosen: npt.NDArray[np.int32], temporary: bool) -> None:
        start, documents, impacts = self.ranker.cache.tail()
        documents[start : start + chosen.size] = chosen
        impacts[start : start + chosen.size] = self.impacts[row, chosen]
        self.numbers.append(self.ranker.cache.add(chosen.size, self.weights[row], temporary=temporary))

    def _add_positioned(self, row: int, chosen: npt.NDArray[np.int32]) -> None:
        """Positions in one field or both, and the impacts that follow from them."""
        fields: list[dict[int, list[int]]] = [{}, {}]
        for document in chosen.tolist():
            which = int(self.random.integers(1, 4))
            for field in range(FIELDS):
                if which >> field & 1:
                    count = int(self.random.integers(1, 6))
                    fields[field][document] = sorted(set(self.random.integers(0, 90, count).tolist()))
        self._write_positioned(row, chosen, fields)

    def add_words(self, places: list[list[int]], documents: Iterable[int]) -> list[int]:
        """Words that stand at these places in a field of every document, besides one of them at most; their rows."""
        first = len(self.numbers)
        self.impacts = np.concatenate([self.impacts, np.zeros((len(places), DOCUMENTS), np.float32)])
        self.weights = np.concatenate([self.weights, np.full(len(places), 3.0)])
        chosen = np.array(list(documents), np.int32)
        for row, own in enumerate(places, first):
            dropped = self.random.integers(0, len(own) + 1, chosen.size).tolist()
            listed = {d: [*own[:i], *own[i + 1 :]] for d, i in zip(chosen.tolist(), dropped, strict=True)}
            self._write_positioned(row, chosen, [listed, {}])
        return list(range(first, len(self.numbers)))

    def _write_positioned(self, row: int, chosen: npt.NDArray[np.int32], fields: list[dict[int, list[int]]]) -> None:
        self.places.append(fields)
        weighted = np.zeros(DOCUMENTS, np.float32)
        for field, places in enumerate(fields):
            for document, found in places.items():
                weighted[document] += np.float32(len(found)) * self.norms[field, document]
        self.impacts[row] = weighted / (np.float32(K1) + weighted)
        self._write(row, chosen, False)
        for field, places in enumerate(fields):
            listed = np.array(list(places), np.int32)
            frequencies = np.array([len(found) for found in places.values()], np.int32)
            flat = np.array([place for found in places.values() for place in found], np.int32)
            if not listed.size:
                continue
            self.ranker.cache.add_positions(self.numbers[row], field, listed, frequencies, flat)

    def units(self, row: int) -> Int64s:
        """int64[documents]: what a list adds to the scores, in whole units; 0 where a document is not in it."""
        factor = np.float32(self.weights[row] * 2.0**SCALE)
        return np.where(self.impacts[row] > 0, (factor * self.impacts[row]).astype(np.int64) + 1, 0)

    def phrase(self, rows: list[int], offsets: list[int], slop: int) -> tuple[int, ...]:
        """A phrase as plans have it."""
        return (len(rows), slop, *(self.numbers[row] for row in rows), *offsets)

    def phrase_units(self, rows: list[int], offsets: list[int], slop: int) -> Int64s:
        """int64[documents]: what a phrase adds to the scores, in whole units."""
        weighted = np.zeros(DOCUMENTS, np.float32)
        for field in range(FIELDS):
            places = [self.places[row][field] for row in rows]
            for document in set.intersection(*map(set, places)):
                found = _occurrences([each[document] for each in places], offsets, slop)
                weighted[document] += np.float32(found) * self.norms[field, document]
        impacts = weighted / (np.float32(K1) + weighted)
        factor = np.float32(sum(self.weights[row] for row in rows) * 2.0**SCALE)
        return np.where(impacts > 0, (factor * impacts).astype(np.int64) + 1, 0)

    def top(
        self,
        k: int,
        required: list[int],
        optional: list[int] | None = None,
        excluded: list[int] | None = None,
        phrases: tuple[int, ...] = (),
        allowed: Bools | None = None,
        *,
        counting: bool = False,
    ) -> Top:
        """The kernel's answer; lists are named by their rows."""
        parts = [[self.numbers[row] for row in rows or ()] for rows in (required, optional, excluded)]
        mask = None if allowed is None else bitmap(allowed)
        return self.ranker.top(make_plan(*parts, phrases), k, mask, counting=counting)

    def best(self, scores: Int64s, matching: Bools, k: int) -> tuple[tuple[int, ...], tuple[float, ...]]:
        """What the best `k` of the matching documents are, ties by rank."""
        found = np.flatnonzero(matching)
        documents = found[np.lexsort((self.ranks[found], -scores[found]))][:k]
        return tuple(documents.tolist()), tuple((scores[documents] / 2.0**SCALE).tolist())


def bitmap(allowed: Bools) -> npt.NDArray[np.uint64]:
    """Booleans by document as the words of a bitmap."""
    return np.packbits(np.pad(allowed, (0, -allowed.size % 64)), bitorder="little").view(np.uint64)


def _occurrences(places: list[list[int]], offsets: list[int], slop: int) -> float:
    """How many places of the first word begin the phrase, the next words each taken where they come first; the farther
    these are apart, the less a place counts."""
    count = 0.0
    for start in places[0]:
        shift = 0
        for own, offset in zip(places[1:], offsets[1:], strict=True):
            following = [place for place in own if place >= start + offset + shift]
            shift = following[0] - start - offset if following else slop + 1
        count += 1 / (1 + shift) if shift <= slop else 0
    return count
