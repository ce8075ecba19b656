"""A search engine of a few dozen lines: articles in a list, words by regular expression, counting for a score."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from datetime import UTC, datetime

from harbor_search.article import SECTION_SEPARATOR, Article
from harbor_search.engines import (
    Criteria,
    EngineAnswer,
    GenerationInfo,
    IndexStats,
    Marking,
    Progress,
    Removing,
    Suggestion,
    Suggestions,
    Update,
    any_number,
    hit_of,
    no_mark,
)
from harbor_search.errors import GenerationGone
from harbor_search.explanation import Explanation, Part
from harbor_search.query import Boolean, Boosted, DisMax, Everything, Fuzzy, Node, Phrase, Prefix, Query, Term, tree_of
from harbor_search.results import FacetValue, Hit
from harbor_search.snippets import Occurrence
from harbor_search.spelling import Lexicon

__all__ = ["MemoryEngine"]

WORD = re.compile(r"\w+")


class MemoryEngine:
    """Finds whole words, whatever their case; the more of them the better. `fault` is raised by every method."""

    def __init__(self, articles: Iterable[Article] = ()) -> None:
        self.generations = [list(articles)]
        self.marks = [""]
        self.warmed = 0
        self._vocabulary: MemoryVocabulary | None = None
        self.fault: Exception | None = None

    def search(self, query: Query, criteria: Criteria) -> EngineAnswer:
        self._check()
        generation = criteria.generation or self.generation()
        if not generation.isdecimal() or not 0 < int(generation) <= len(self.generations):
            raise GenerationGone(generation)
        tree = tree_of(query)
        scored = [(self._score(tree, each), each) for each in self.generations[int(generation) - 1]]
        matching = [(score, each) for score, each in scored if score is not None]
        matching = [pair for pair in matching if criteria.source in ("", pair[1].source_name)]
        within = [pair for pair in matching if _in_section(pair[1], criteria) and _in_dates(pair[1], criteria)]
        within.sort(key=lambda pair: _order(pair[0], pair[1], criteria))
        page = within[criteria.offset : criteria.offset + criteria.limit]
        return EngineAnswer(
            hits=tuple(hit_of(each, score, self.occurrences(tree, each), criteria) for score, each in page),
            total=len(within),
            total_relation="eq",
            facets={
                "section": _sections(each for _, each in matching if _in_dates(each, criteria)),
                "year": _years(each for _, each in matching if _in_section(each, criteria)),
            }
            if criteria.facets
            else {},
            generation=generation,
            explanations=tuple(_explained(score, place) for place, (score, _) in enumerate(page, criteria.offset + 1))
            if criteria.explain
            else (),
        )

    def explain(self, query: Query, criteria: Criteria, article_id: str) -> Explanation | None:
        article = self.article(article_id)
        if article is None:
            return None
        score = self._score(tree_of(query), article)
        return Explanation(0.0, None, 0.0, excluded="query") if score is None else _explained(score, 1)

    def article(self, article_id: str) -> Article | None:
        self._check()
        return next((each for each in self._live if each.id == article_id), None)

    def occurrences(self, query: Node, article: Article) -> tuple[Occurrence, ...]:
        self._check()
        patterns = list(_patterns(query))
        return tuple(
            Occurrence(field, section, found.start(), found.end(), leaf, 1.0)
            for field, section, text in _texts(article)
            for leaf, pattern in enumerate(patterns)
            for found in re.finditer(pattern, text, re.IGNORECASE)
        )

    def similar(self, article_id: str) -> tuple[Hit, ...]:
        """None: every article is on its own."""
        self._check()
        return ()

    def suggest(self, text: str, most: int, section: tuple[str, ...] = ()) -> Suggestions:
        """Titles in which a word begins with `text`, and their articles."""
        self._check()
        pattern = re.compile(r"\b" + re.escape(text.strip()), re.IGNORECASE)
        within = [each for each in self._live if each.section[: len(section)] == section]
        found = tuple(each for each in within if pattern.search(each.title))[:most]
        return Suggestions(tuple(Suggestion(each.title.lower(), "title", each.section) for each in found), found)

    def cost(self, query: Query) -> int | None:
        return None

    def vocabulary(self, generation: str = "") -> MemoryVocabulary:
        if generation and not (generation.isdecimal() and 0 < int(generation) <= len(self.generations)):
            raise GenerationGone(generation)
        generation = self.generation()
        if self._vocabulary is None or self._vocabulary.generation != generation:
            self._vocabulary = MemoryVocabulary(generation, "simple", self._live)
        return self._vocabulary

    def generation(self) -> str:
        self._check()
        return str(len(self.generations))

    def rebuild(
        self, articles: Iterable[Article], progress: Progress, gate: object = None, marking: Marking = no_mark
    ) -> GenerationInfo:
        self.generations.append(list(articles))
        self.marks.append(marking())
        progress("publish", 1, 1)
        return self._info()

    def update(
        self,
        articles: Iterable[Article],
        keeping: Callable[[], Callable[[Article], bool] | None],
        progress: Progress,
        removing: Removing = any_number,
        marking: Marking = no_mark,
    ) -> Update:
        info = self.rebuild(articles, progress, marking=marking)
        return Update(info, added=info.articles, changed=0, removed=0, rebuilt="it is quick")

    def write(
        self, articles: Iterable[Article], removed: Set[str], mark: str, progress: Progress, since: str | None = None
    ) -> Update:
        new = {each.id: each for each in articles}
        self.rebuild([*(each for each in self._live if each.id not in {*new, *removed}), *new.values()], progress)
        self.marks[-1] = mark
        return Update(self._info(), added=len(new), changed=0, removed=len(removed))

    def mark(self) -> str | None:
        return self.marks[-1]

    def rollback(self) -> GenerationInfo:
        self.generations.append(self.generations[-2])
        self.marks.append(self.marks[-2])
        return self._info()

    def verify(self) -> tuple[str, ...]:
        return ()

    def stats(self) -> IndexStats:
        return IndexStats(live=self._info(), kept=())

    def warm(self) -> None:
        self._check()
        self.warmed += 1

    def close(self) -> None:
        self.generations.clear()

    @property
    def _live(self) -> list[Article]:
        return self.generations[-1] if self.generations else []

    def _check(self) -> None:
        if self.fault:
            raise self.fault

    def _info(self) -> GenerationInfo:
        return GenerationInfo(self.generation(), len(self._live), 0, datetime(2025, 1, 1, tzinfo=UTC))

    def _score(self, query: Node, article: Article) -> float | None:
        """How many words of `article` `query` asks for; None where it does not match."""
        if isinstance(query, Everything):
            return 0.0
        if isinstance(query, Boosted):
            score = self._score(query.node, article)
            return None if score is None else score * query.factor
        if isinstance(query, DisMax):
            return max((score for each in query.nodes if (score := self._score(each, article))), default=None)
        if not isinstance(query, Boolean):
            return len(self.occurrences(query, article)) or None
        must = [self._score(each, article) for each in query.must]
        should = [score for each in query.should if (score := self._score(each, article)) is not None]
        excluded = any(self._score(each, article) is not None for each in query.must_not)
        if None in must or excluded or len(should) < query.minimum or not (must or should or query.must_not):
            return None
        return float(sum(score for score in must if score) + sum(should))


class MemoryVocabulary:
    """Words counted by looking at every article."""

    def __init__(self, generation: str, analyzer: str, articles: list[Article]) -> None:
        self.generation = generation
        self.analyzer = analyzer
        self.articles = len(articles)
        self._texts = [" ".join(text for _, _, text in _texts(each)).lower() for each in articles]
        self._words = [set(WORD.findall(text)) for text in self._texts]

    @property
    def lexicon(self) -> Lexicon:
        return Lexicon(())

    def spelt(self, word: str) -> bool:
        return self.frequency(word) > 0

    def prefetch(self, words: Iterable[str]) -> None:
        pass

    def frequency(self, word: str) -> int:
        return self.together([word])

    def together(self, words: Sequence[str]) -> int:
        return sum(set(words) <= words_of for words_of in self._words)

    def adjacent(self, words: Sequence[str]) -> int:
        return sum(bool(re.search(r"\b" + r"\W+".join(words) + r"\b", text)) for text in self._texts)


def _texts(article: Article) -> Iterator[tuple[str, int, str]]:
    yield "title", -1, article.title
    for number, section in enumerate(article.body):
        yield "heading", number, section.heading
        yield "body", number, section.text


def _patterns(query: Node) -> Iterator[str]:
    if isinstance(query, Boolean):
        for each in (*query.must, *query.should):
            yield from _patterns(each)
    elif isinstance(query, Boosted):
        yield from _patterns(query.node)
    elif isinstance(query, DisMax):
        for each in query.nodes:
            yield from _patterns(each)
    elif isinstance(query, Term | Phrase | Prefix | Fuzzy):
        words = [re.escape(word) for word in WORD.findall(query.text)]
        if words:
            yield r"\b" + r"\W+".join(words) + (r"\w*" if isinstance(query, Prefix) else r"\b")


def _explained(score: float | None, place: int) -> Explanation:
    return Explanation(score or 0.0, place, 0.0, (Part("word", "words", score or 0.0),))


def _in_section(article: Article, criteria: Criteria) -> bool:
    return article.section[: len(criteria.section)] == criteria.section


def _in_dates(article: Article, criteria: Criteria) -> bool:
    first, last, day = criteria.date_from, criteria.date_to, article.published
    if day is None:
        return not (first or last)
    return (first is None or day >= first) and (last is None or day <= last)


def _order(score: float, article: Article, criteria: Criteria) -> tuple[float, str]:
    day = article.published.toordinal() if article.published else 0
    by = {"relevance": score, "date": day, "views": -1 if article.views is None else article.views}
    return -by[criteria.sort], article.id


def _sections(articles: Iterable[Article]) -> tuple[FacetValue, ...]:
    paths = [each.section[: depth + 1] for each in articles for depth in range(len(each.section))]
    return _facet(Counter(SECTION_SEPARATOR.join(path) for path in paths))


def _years(articles: Iterable[Article]) -> tuple[FacetValue, ...]:
    return _facet(Counter(f"{each.published.year:04}" for each in articles if each.published))


def _facet(counts: Counter[str]) -> tuple[FacetValue, ...]:
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(FacetValue(value, value.split(SECTION_SEPARATOR)[-1], count) for value, count in ordered)
