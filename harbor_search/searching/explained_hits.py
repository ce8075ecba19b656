"""Hits with what each lacks of the query, and what it has otherwise than it was typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from operator import attrgetter

from harbor_search.analysis.variants import variants
from harbor_search.engines import EngineAnswer
from harbor_search.results import LINES, Deferred, HighlightedHit, Hit, HitTable, Match
from harbor_search.searching.concepts import Concept
from harbor_search.searching.match_reasons import in_concepts
from harbor_search.searching.readings import Reading, Readings, Reasons, reasons
from harbor_search.searching.term_cache import name_term

__all__ = ["ExplainedHits", "explained"]


_as_typed, _bits, _json = map(attrgetter, ("as_typed", "bits", "json"))
_said = attrgetter("lacks", "matched")


class ExplainedHits(Deferred[Hit]):
    """The hits of an answer, explained. They are made when they are first looked at, and JSON or HTML without that,
    where the engine can write it."""

    __slots__ = ("_analyzer", "_answer", "_readings")

    def __init__(self, answer: EngineAnswer, readings: Readings, concepts: Sequence[Concept], analyzer: str) -> None:
        """`readings` are those of the concepts; `analyzer` says which words are forms of which."""
        super().__init__(_explained, answer, readings, concepts, analyzer)
        self._answer, self._readings, self._analyzer = answer, readings, analyzer

    def __len__(self) -> int:
        return len(self._answer.hits)

    def json(self) -> bytes | None:
        """The hits as a JSON array; None where it has to be made of the hits one by one."""
        table = self._table()
        if table is None:
            return None
        return table.json(list(map(_json, self._reasons(table))), self._answer.repeats)

    def highlighted(self) -> tuple[HighlightedHit, ...] | None:
        """The hits for a page; None where they have to be made of the hits one by one."""
        table = self._table()
        if table is None:
            return None
        return table.highlighted(list(map(_said, self._reasons(table))), self._answer.repeats)

    def _table(self) -> HitTable | None:
        """The hits as arrays, where the engine has them and nothing is told of their scores."""
        hits = self._answer.hits
        return hits if isinstance(hits, HitTable) and not self._answer.explanations else None

    def _reasons(self, hits: HitTable) -> list[Reasons]:
        return _reasons(hits, self._answer.matches, self._readings, self._analyzer)


def _reasons(hits: HitTable, matches: Sequence[tuple[bool, ...]], readings: Readings, analyzer: str) -> list[Reasons]:
    """What each hit lacks and has otherwise; none where nothing is known of them."""
    own = readings.of_each(matches)
    said, bits = list(map(_as_typed, own)), list(map(_bits, own))
    if any(bits):
        read = partial(_as_marked, analyzer)
        for place, lines in hits.marked(readings.words, bits).items():
            said[place] = readings.reasons(matches[place], lines, read)
    return said


def _as_marked(analyzer: str, reading: Reading, lines: bytes) -> Reasons:
    """What a hit lacks and has otherwise, where these texts are marked in it."""
    return reasons(reading.lacks, _as_shown(reading, lines.decode(LINES).split("\n")[:-1], analyzer))


def explained(
    hits: Iterable[Hit], matches: Iterable[tuple[bool, ...]], readings: Readings, analyzer: str
) -> Iterator[Hit]:
    """The hits with the words that each lacks, and those that it has otherwise than they were typed."""
    for hit, found in zip(hits, matches, strict=True):
        reading = readings.of(found)
        matched = _as_shown(reading, hit.marked(), analyzer) if reading.matched else ()
        yield _with(hit, reading.lacks, matched)


def _explained(answer: EngineAnswer, readings: Readings, concepts: Sequence[Concept], analyzer: str) -> tuple[Hit, ...]:
    hits = tuple(answer.hits)
    if answer.matches and isinstance(answer.hits, HitTable):
        said = _reasons(answer.hits, answer.matches, readings, analyzer)
        hits = tuple([_with(hit, each.lacks, each.matched) for hit, each in zip(hits, said, strict=True)])
    elif answer.matches:
        hits = tuple(explained(hits, answer.matches, readings, analyzer))
    if answer.explanations:
        scored = zip(hits, answer.explanations, strict=True)
        hits = tuple(replace(hit, explanation=in_concepts(each, concepts)) for hit, each in scored)
    if answer.repeats:
        repeats = answer.repeats
        hits = tuple([replace(hit, repeats=repeats[hit.id]) if hit.id in repeats else hit for hit in hits])
    return hits


def _as_shown(reading: Reading, shown: Sequence[str], analyzer: str) -> tuple[Match, ...]:
    """What was found otherwise, with the words that are shown (marked) in another form than they were typed in."""
    lowered = [word.lower() for word in shown]
    if reading.typed.issubset(lowered):
        return tuple([each for each in reading.matched if isinstance(each, Match)])
    # Of a word that is shown in several ways the first.
    texts = dict(zip(reversed(lowered), reversed(shown), strict=True))
    return tuple(_in_forms(reading.matched, {word: texts[word] for word in lowered}, analyzer))


def _in_forms(matched: Iterable[Match | str], shown: Mapping[str, str], analyzer: str) -> Iterator[Match]:
    for each in matched:
        if isinstance(each, Match):
            yield each
        elif (lower := each.lower()) not in shown:
            form = _form(lower, shown, analyzer)
            if form is not None:
                yield Match(each, "form", form)


def _form(typed: str, shown: Mapping[str, str], analyzer: str) -> str | None:
    """The first word that is shown in another form, or spelling, of the one that was typed (in lower case)."""
    term, others = name_term(typed, analyzer), variants(typed, analyzer)
    for word, text in shown.items():
        if word in others or name_term(word, analyzer) == term:
            return text
    return None


def _with(hit: Hit, lacks: tuple[str, ...], matched: tuple[Match, ...]) -> Hit:
    if not (lacks or matched):
        return hit
    # `dataclasses.replace` takes three times as long, for each hit of a page.
    return Hit(
        hit.id, hit.url, hit.title, hit.title_ranges, hit.section, hit.date, hit.views, hit.score, hit.snippets,
        lacks, matched, hit.similar, hit.words, hit.explanation, hit.repeats,
    )  # fmt: skip
