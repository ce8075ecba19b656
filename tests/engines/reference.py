"""The scoring definition, written to be read: every article, every node, no index.

Scores are sums over the words of a query of `idf * w / (k1 + w)`, as harbor_search/ranking/bm25f.py defines them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from harbor_search.analysis import get_analyzer
from harbor_search.article import Article
from harbor_search.query import Boolean, Everything, Fuzzy, Node, Nothing, Phrase, Prefix, Term
from harbor_search.ranking import BM25F

GAP = 64


@dataclass
class Document:
    """An article's terms: for each field, each term's positions."""

    article: Article
    fields: dict[str, dict[str, list[int]]]
    lengths: dict[str, int]


class Reference:
    """Scores all articles for a node: {article id: score} of those that match."""

    def __init__(self, articles: Iterable[Article], analyzer: str, model: BM25F | None = None) -> None:
        self.analyzer = get_analyzer(analyzer)
        self.model = model or BM25F()
        self.documents = [self._document(article) for article in articles]

    def scores(self, node: Node) -> dict[str, float]:
        match node:
            case Term(text, field):
                return self._words(text, field, 0)
            case Phrase(text, field, slop):
                return self._words(text, field, slop)
            case Prefix(text, field):
                own = [token.text for token in self.analyzer.analyze(text)][:1]
                prefix = text.lower()
                return self._any_of(lambda term: term.startswith(prefix) or term in own, field)
            case Fuzzy(text, distance, field):
                (word,) = [token.text for token in self.analyzer.analyze(text)]
                return self._any_of(lambda term: edits(term, word) <= distance, field)
            case Boolean():
                return self._boolean(node)
            case Everything():
                return {each.article.id: 0.0 for each in self.documents}
            case Nothing():
                return {}

    def _boolean(self, node: Boolean) -> dict[str, float]:
        must = [self.scores(each) for each in node.must]
        should = [self.scores(each) for each in node.should]
        excluded = {key for each in node.must_not for key in self.scores(each)}
        minimum = node.minimum if node.must else max(1, node.minimum)
        found = {}
        for document in self.documents:
            key = document.article.id
            hits = sum(key in each for each in should)
            if all(key in each for each in must) and hits >= minimum and key not in excluded:
                found[key] = sum(each.get(key, 0.0) for each in (*must, *should))
        return found

    def _words(self, text: str, field: str | None, slop: int) -> dict[str, float]:
        tokens = self.analyzer.analyze(text)
        if not tokens:
            return {}
        if len(tokens) == 1:
            return self._any_of(lambda term: term == tokens[0].text, field)
        weight = sum(self._idf(self._frequencies(lambda term, word=t.text: term == word, field)) for t in tokens)  # type: ignore[misc]
        offsets = [token.position - tokens[0].position for token in tokens]
        counts = {
            document.article.id: {
                name: count_phrase([document.fields[name].get(t.text, []) for t in tokens], offsets, slop)
                for name in self._names(field)
            }
            for document in self.documents
        }
        return self._fold(counts, weight)

    def _any_of(self, accepts: Callable[[str], bool], field: str | None) -> dict[str, float]:
        counts = self._frequencies(accepts, field)
        return self._fold(counts, self._idf(counts))

    def _frequencies(self, accepts: Callable[[str], bool], field: str | None) -> dict[str, dict[str, int]]:
        return {
            document.article.id: {
                name: sum(len(at) for term, at in document.fields[name].items() if accepts(term))
                for name in self._names(field)
            }
            for document in self.documents
        }

    def _idf(self, counts: dict[str, dict[str, int]]) -> float:
        df = sum(any(each.values()) for each in counts.values())
        return math.log(1 + (len(self.documents) - df + 0.5) / (df + 0.5))

    def _fold(self, counts: dict[str, dict[str, int]], weight: float) -> dict[str, float]:
        found = {}
        for document in self.documents:
            own = counts[document.article.id]
            total = 0.0
            for name, tf in own.items():
                setting = self.model.field(name)
                relative = document.lengths[name] / self._averages[name] if self._averages[name] else 0.0
                total += setting.weight * tf / (1 - setting.b + setting.b * relative)
            if total:
                found[document.article.id] = weight * total / (self.model.k1 + total)
        return found

    @cached_property
    def _averages(self) -> dict[str, float]:
        return {
            name: sum(each.lengths[name] for each in self.documents) / len(self.documents)
            for name, _ in self.model.fields
        }

    def _names(self, field: str | None) -> list[str]:
        return [field] if field else [name for name, _ in self.model.fields]

    def _document(self, article: Article) -> Document:
        texts = {
            "title": [article.title],
            "headings": [section.heading for section in article.body],
            "lead": [article.lead],
            "body": [section.text for section in article.body],
            "names": ["\n".join(article.tags)],
        }
        fields: dict[str, dict[str, list[int]]] = {}
        lengths = Counter[str]()
        for name, parts in texts.items():
            positions: dict[str, list[int]] = {}
            at = 0
            for part in parts:
                at += GAP if at else 0
                for token in self.analyzer.analyze(part):
                    positions.setdefault(token.text, []).append(at)
                    at += 1
                    lengths[name] += 1
            fields[name] = positions
        return Document(article, fields, {name: lengths[name] for name in texts})


def count_phrase(positions: list[list[int]], offsets: list[int], slop: int) -> float:
    """How many places of the first word begin the phrase, the next words each taken where they come first; the farther
    these are apart, the less a place counts."""
    found = (_extra(start, positions, offsets) for start in positions[0])
    return sum(1 / (1 + extra) for extra in found if extra <= slop)


def _extra(start: int, positions: list[list[int]], offsets: list[int]) -> float:
    shift = 0
    for places, offset in zip(positions[1:], offsets[1:], strict=True):
        following = [place for place in places if place >= start + offset + shift]
        if not following:
            return math.inf
        shift = following[0] - start - offset
    return shift


def edits(a: str, b: str) -> int:
    """Optimal string alignment distance."""
    rows = [list(range(len(b) + 1))]
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


def in_order(scores: dict[str, float]) -> Iterator[tuple[str, float]]:
    """By score, best first, ties by id; scores that differ by rounding alone are ties."""
    yield from sorted(scores.items(), key=lambda item: (-round(item[1], 9), item[0]))
