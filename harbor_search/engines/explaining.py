"""Why a document scores what it does: the scores of the words of a query in it, and what would rank it higher."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from harbor_search.engines.clauses import (
    Boolean,
    Boosted,
    Clause,
    DisMax,
    Everything,
    Fuzzy,
    Leaf,
    Phrase,
    Prefix,
    Spellings,
    Term,
)
from harbor_search.engines.evidence import Evidence
from harbor_search.engines.explained_terms import leaf_text, wanted_leaves, weighted_leaves
from harbor_search.engines.rescoring import score_parts
from harbor_search.engines.title_match import Words, title_words
from harbor_search.engines.title_match import factor as title_factor
from harbor_search.explanation import Change, Explanation, FieldPart, Part
from harbor_search.ranking import Top

__all__ = ["AnalysedQuery", "Explainer", "Preference", "Rescored"]

_MOST_CHANGES = 3
"""Proposals for an article: who writes for more than these writes for a machine."""


class Preference(NamedTuple):
    """What documents that match `clause`, those that are `matched`, score more, as a share of what they do."""

    clause: Clause | None
    matched: Callable[[int], bool]
    share: float

    def met_with(self, having: Set[Leaf]) -> bool:
        """Whether a document with these leaves would."""
        return _met(self.clause, having)


class AnalysedQuery(NamedTuple):
    """A query as it is executed, and what stands in it for each leaf."""

    clause: Clause | None
    texts: Mapping[Clause, str]


class Rescored(NamedTuple):
    """What documents scored by words at `first`, the `rules` by which those that were looked at again count
    otherwise, in the order in which these counted, and what they score by their `meaning`; those in that alone have no
    word of the query.

    `typed` was compared with titles, of which one that is the same counts `title_match`.
    """

    first: Mapping[int, float]
    rules: Mapping[int, Sequence[tuple[str, float]]]
    meaning: Mapping[int, float]
    typed: Sequence[str]
    title_match: float


class _Contribution(NamedTuple):
    """What a leaf of the query, which counts `factor`, scores in a document."""

    leaf: Leaf
    factor: float
    score: float


class Explainer:
    """Explains the scores of one query."""

    def __init__(
        self, evidence: Evidence, query: AnalysedQuery, rescored: Rescored, preference: Preference | None
    ) -> None:
        self._evidence, self._rescored, self._preference = evidence, rescored, preference
        self._clause, self._texts = query

    def explain(self, place: int, top: Top) -> Explanation:
        """Why the document at a place among the best of a search is there."""
        document, score = top.documents[place], float(top.scores[place])
        meaning = self._rescored.meaning.get(document, 0.0)
        words = score - meaning if document in self._rescored.first or not meaning else 0.0
        first = float(self._rescored.first.get(document, words))
        own = _merged(self._contributions(self._clause, 1.0, document))
        having = {each.leaf for each in own}
        preferred = self._preference is not None and self._preference.matched(document)
        base = first / (1 + self._preference.share) if self._preference and preferred else first
        parts = self._parts(own, base, document)
        if preferred:
            parts.append(Part("all_words", "", first - base))
        parts += self._rescoring(document, first, words)
        if meaning:
            parts.append(Part("meaning", "", meaning))
        behind = float(top.scores[place - 1]) - score if place else 0.0
        rivals = [float(each) for i, each in enumerate(top.scores) if i != place]
        return Explanation(
            score=score,
            position=place + 1,
            behind=max(behind, 0.0),
            parts=tuple(parts),
            changes=tuple(self._changes(document, score, base, having, rivals, words / first if first else 1.0)),
            lacks=() if preferred else self._lacks(having),
        )

    def _rescoring(self, document: int, first: float, words: float) -> Iterator[Part]:
        """What made `words` of the score that a document had `first`: its words, seen again, and rule after rule."""
        return score_parts(first, words, self._rescored.rules.get(document, ()), rounding=self._evidence.rounding)

    def explain_absence(self, document: int, excluded: str, top: Top) -> Explanation:
        """Why a document is not among the best, which `excluded` says of one that has what it must have."""
        having = {each.leaf for each in self._contributions(self._clause, 1.0, document)}
        lacks = self._lacks(having)
        by_words = lacks and excluded in ("", "query")
        changes = self._changes(document, 0.0, 0.0, having, [float(each) for each in top.scores]) if by_words else ()
        return Explanation(0.0, None, 0.0, (), tuple(changes), lacks, excluded)

    def _contributions(self, clause: Clause | None, factor: float, document: int) -> Iterator[_Contribution]:
        match clause:
            case Boosted(inner, own):
                yield from self._contributions(inner, factor * own, document)
            case DisMax(clauses):
                found = [list(self._contributions(each, factor, document)) for each in clauses]
                yield from max(found, key=lambda each: sum(part.score for part in each))
            case Boolean(must, should):
                # Of a group in a group that does not match as a whole no word counts.
                if clause is self._clause or self._evidence.matches(clause, document):
                    for each in (*must, *should):
                        yield from self._contributions(each, factor, document)
            case Term() | Phrase() | Prefix() | Fuzzy() | Spellings():
                score = self._evidence.score(clause, document)
                if score is not None:
                    yield _Contribution(clause, factor, factor * score)

    def _parts(self, own: Sequence[_Contribution], base: float, document: int) -> list[Part]:
        """Parts that add up to `base`."""
        total = sum(each.score for each in own)
        rest = base - total
        # What is rounded is shared out among the words.
        share = base / total if total and abs(rest) <= self._evidence.tolerance * max(1.0, base) else 1.0
        parts = [self._part(each, each.score * share, document) for each in own]
        parts.sort(key=lambda part: -part.score)
        if share == 1.0 and rest:
            parts.append(Part("other", "", rest))
        return parts

    def _part(self, own: _Contribution, score: float, document: int) -> Part:
        standing = self._evidence.standing(own.leaf, document)
        weight = sum(each for _, each in standing.values())
        fields = tuple(FieldPart(name, count, score * each / weight) for name, (count, each) in standing.items())
        text = self._texts.get(own.leaf) or leaf_text(own.leaf)
        return Part(_kind(own.leaf), text, score, self._evidence.matching(own.leaf), own.factor, fields)

    def _lacks(self, having: Set[Leaf]) -> tuple[str, ...]:
        absent = [leaf for leaf in wanted_leaves(self._clause) if leaf not in having]
        return tuple(dict.fromkeys(self._texts.get(leaf) or leaf_text(leaf) for leaf in absent))

    def _changes(
        self,
        document: int,
        score: float,
        base: float,
        having: Set[Leaf],
        rivals: Sequence[float],
        second: float = 1.0,
    ) -> list[Change]:
        """What would rank a document higher, best first: one with this score, which was `base` before the preference
        and the second look, which made `second` of it."""
        now = 1 + sum(rival > score for rival in rivals) if having else len(rivals) + 1
        changes = []
        for leaf, factor in weighted_leaves(self._clause):
            # Of a word with less than its own weight more says little of the article.
            best = max(self._places(leaf, factor, document), key=lambda each: each[1], default=None)
            if best is None or best[1] <= 0 or (leaf in having and factor < 1):
                continue
            words = second * self._preferring(document, base + best[1], having | {leaf})
            if best[0] == "title":
                words *= self._in_title(document)
            gain = words + self._rescored.meaning.get(document, 0.0) - score
            position = 1 + sum(rival > score + gain for rival in rivals)
            if position < now:
                changes.append(Change(self._texts.get(leaf) or leaf_text(leaf), best[0], gain, position))
        changes.sort(key=lambda change: (change.position, -change.gain, change.text))
        return changes[:_MOST_CHANGES]

    def _in_title(self, document: int) -> float:
        """What the score of a document would count for a word more in its title: only a query of one word is in it."""
        words = title_words(" ".join(self._rescored.typed))
        counted = [factor for name, factor in self._rescored.rules.get(document, ()) if name == "title_match"]
        if words.number != 1 or counted != [1.0]:
            return 1.0
        return title_factor(words, Words(f"{words.text}other ", 2), self._rescored.title_match)

    def _places(self, leaf: Leaf, factor: float, document: int) -> Iterator[tuple[str, float]]:
        """Fields in which a leaf could stand once, but does not, and what it would add to the score by that."""
        if isinstance(leaf, Prefix | Fuzzy):
            return
        standing = self._evidence.standing(leaf, document)
        weight = sum(each for _, each in standing.values())
        k1, idf = self._evidence.k1, self._evidence.weight(leaf)
        for field in (leaf.field,) if leaf.field else ("title", "body"):
            if field not in standing:
                more = weight + self._evidence.norm_with_one_more(field, document)
                yield field, factor * idf * (more / (k1 + more) - weight / (k1 + weight))

    def _preferring(self, document: int, base: float, having: Set[Leaf]) -> float:
        preference = self._preference
        if preference is None or not (preference.matched(document) or preference.met_with(having)):
            return base
        return base * (1 + preference.share)


def _merged(contributions: Iterator[_Contribution]) -> list[_Contribution]:
    """Leaves that stand in a query more than once, taken together."""
    found: dict[Leaf, _Contribution] = {}
    for each in contributions:
        before = found.get(each.leaf)
        both = None if before is None else before._replace(score=before.score + each.score)
        found[each.leaf] = both or each
    return list(found.values())


def _met(clause: Clause | None, having: Set[Leaf]) -> bool:
    """Whether a document with these leaves matches a clause."""
    match clause:
        case Boosted(inner):
            return _met(inner, having)
        case DisMax(clauses):
            return any(_met(each, having) for each in clauses)
        case Boolean(must, should, must_not, minimum):
            some = sum(_met(each, having) for each in should) >= minimum
            return some and all(_met(each, having) for each in must) and not any(_met(e, having) for e in must_not)
        case Everything():
            return True
        case _:
            return clause in having


def _kind(leaf: Leaf) -> str:
    match leaf:
        case Phrase():
            return "phrase"
        case Prefix():
            return "prefix"
        case Fuzzy():
            return "fuzzy"
        case _:
            return "word"
