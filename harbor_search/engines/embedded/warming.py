"""Warming up: asking an index what readers will ask, so that all kernels are compiled or loaded when they do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from harbor_search.compiled import compile_beside
from harbor_search.engines.answers import EngineAnswer
from harbor_search.engines.criteria import Aspect, Criteria
from harbor_search.engines.embedded.adjacency import count_places, in_both, places_of
from harbor_search.engines.embedded.html_kernel import HTML_KERNEL
from harbor_search.engines.embedded.json_kernel import JSON_KERNEL
from harbor_search.engines.embedded.marked_words_kernel import MARKED_WORDS_KERNEL
from harbor_search.engines.embedded.page_kernel import PAGE_KERNELS
from harbor_search.engines.embedded.searcher import Searcher
from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.query import Boolean, Everything, Fuzzy, Node, Phrase, Prefix, Term
from harbor_search.ranking import TOP_KERNEL
from harbor_search.results import HitTable
from harbor_search.spelling import SPELLING_KERNELS, Lexicon
from harbor_search.store import warm_up_updates

__all__ = ["begin_compiling", "run_warming"]

_MANNERS = (
    Criteria(sort="views"),
    Criteria(offset=10),
    Criteria(facets=False, snippets=0),
    Criteria(facets=False, snippets=0, total="none"),
    Criteria(section=("Section",), date_from=date.min, date_to=date.max),
    Criteria(sort="date", date_from=date.min),
)
"""Ways of asking for a word that take their own paths, or fill a column that later searches find filled."""


def begin_compiling() -> None:
    """Have what takes longest to compile begin in other processes, where it is to be done."""
    compile_beside(TOP_KERNEL, *PAGE_KERNELS, JSON_KERNEL, HTML_KERNEL, MARKED_WORDS_KERNEL, *SPELLING_KERNELS)


def run_warming(searcher: Searcher) -> None:
    """Ask `searcher` every kind of question; the next of each kind is then answered by what is loaded.

    Pages and corrections come last: while other processes compile their kernels, this one compiles what ranks.
    """
    begin_compiling()
    warm_up_updates()
    word, article = _common_word(searcher.snapshot)
    _read_positions(searcher.snapshot, word)
    _count_neighbours()
    _rank(searcher, word)
    searcher.prepare_feedback()
    for criteria in _MANNERS:
        searcher.search(Term(word), criteria)
    for query in _questions(word):
        _write(searcher.search(query, Criteria()))
        searcher.occurrences(query, article)
    Lexicon([word]).similar(word[:-1], 1)


def _rank(searcher: Searcher, word: str) -> None:
    """Rank and count what is found, in every way."""
    for query in _questions(word):
        for sort in ("date", "relevance"):
            searcher.search(query, Criteria(sort=sort, snippets=0))
    # A pattern is a walk through dictionaries and up to a thousand words: a tenth of a second in a large index.
    for pattern in (Prefix(word[:3]), Fuzzy(word)):
        searcher.search(pattern, Criteria(limit=1, snippets=0))
    one, other = Term(word), Term(word, "title")
    aspects = Aspect(((one,),)), Aspect(((other,),))
    seen_twice = Criteria(
        preferred=one, preference=0.1, aspects=aspects, typed=(word,), tested=(one, other), snippets=0
    )
    searcher.search(Boolean(should=(one, other), minimum=1), seen_twice)


def _common_word(snapshot: Snapshot) -> tuple[str, str]:
    """A word of an article and its id, so that warming goes all the way to snippets."""
    for base, segment in zip(snapshot.bases, snapshot.segments, strict=True):
        for document in range(min(segment.count, 10)):
            article = snapshot.article(base + document)
            # A word of one letter would stand for a tenth of the dictionary where it begins a pattern.
            text = article.title or " ".join(section.text[:200] for section in article.body[:1])
            words = [token.text for token in snapshot.analyzer.analyze(text)]
            if words:
                return max(words, key=len), article.id
    return "a", ""


def _read_positions(snapshot: Snapshot, word: str) -> None:
    """Read the positions of a term in one document, as is done for articles' own names: an index may have none yet."""
    terms = [token.text.encode() for token in snapshot.analyzer.analyze(word)]
    for segment in snapshot.segments:
        for reader in (segment.fields["title"], segment.fields["body"]):
            for term in terms:
                if (entry := reader.find(term)) is not None:
                    reader.positions_in(entry, 0, 1)
                    return


def _count_neighbours() -> None:
    """Count neighbours, as is done where a word may be two: an index may have no such word."""
    first, once = np.zeros(1, np.int32), np.ones(1, np.int32)
    count_places(in_both(places_of(first, once, first, 0), places_of(first, once, first, 1)))


def _write(answer: EngineAnswer) -> None:
    """Write the hits of a page as programs get them, and as readers do."""
    if isinstance(answer.hits, HitTable):
        answer.hits.json()
        answer.hits.highlighted()
        answer.hits.marked(("warming",), [1] * len(answer.hits))


def _questions(word: str) -> Iterator[Node]:
    term, phrase, prefix = Term(word), Phrase(f"{word} {word}"), Prefix(word)
    yield from (term, Everything(), phrase, Phrase(word), prefix, Term(word, "body"))
    yield Term("unheardof")  # no word of the index, so that it is looked for in parts
    yield Boolean(should=(term, Term("a")), minimum=1)
    yield Boolean(must=(term, Term("a")))
    yield Boolean(must=(term, prefix), must_not=(phrase,))
    yield Boolean(must=(Everything(),), must_not=(term,))
    yield Boolean(should=(term, Everything()), must_not=(Term(word, "title"),), minimum=1)
    yield Boolean(must=(term,), should=(Boolean(must=(term, term)),), minimum=1)
    yield Boolean(must=(term,), should=(prefix, phrase))
    yield Boolean(should=(term, prefix, phrase), minimum=2)
