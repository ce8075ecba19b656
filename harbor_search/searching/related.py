"""Related articles: those that are about what an article is about.

The words that tell an article from the others make a query of their own, as in Lucene's MoreLikeThis: those that are
frequent in it and rare among all, its title's more than its text's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import log

from harbor_search.analysis import stemmer_of, tokenize
from harbor_search.analysis.languages import JOINER
from harbor_search.analysis.stopwords import StopWords, all_stop_words
from harbor_search.article import Article
from harbor_search.engines import Criteria, SearchEngine, Vocabulary
from harbor_search.query import Boolean, Boosted, Node, Term

__all__ = ["MOST_RELATED", "related"]

MOST_RELATED = 5
"""Articles: what fits beside one."""

_WORDS = 20
"""Words of the query: more cost time and bring in what an article mentions in passing."""

_CONSIDERED = 60
"""The most frequent words of an article, whose rarity is looked up."""

_CHARACTERS = 20_000
"""Of an article's text that are looked at: its subject is known by then."""

_TITLE, _HEADING = 8, 2
"""How often a word of the title, or of a heading, counts as one of the text's."""

_SHORTEST = 3
"""Letters of a word that is looked at."""


def related(engine: SearchEngine, article: Article, most: int = MOST_RELATED) -> tuple[Article, ...]:
    """The articles that are most like `article`, best first, itself left out.

    Raises:
        OperationalError: the engine cannot answer.
    """
    query = _query(article, engine.vocabulary())
    if query is None:
        return ()
    criteria = Criteria(limit=most + 1, facets=False, snippets=0, total="none")
    others = [hit.id for hit in engine.search(query, criteria).hits if hit.id != article.id]
    return tuple(found for each in others[:most] if (found := engine.article(each)))


def _query(article: Article, vocabulary: Vocabulary) -> Node | None:
    counts: Counter[str] = Counter()
    function = _function_words(article.language, vocabulary.analyzer)
    for text, weight in _texts(article):
        for token in tokenize(text):
            word = token.text
            if len(word) >= _SHORTEST and word not in function.words and word not in function.qualifiers:
                counts[word] += weight
    considered = counts.most_common(_CONSIDERED)
    vocabulary.prefetch(word for word, _ in considered)
    weights = {word: _weight(count, word, vocabulary) for word, count in considered}
    telling = sorted((word for word in weights if weights[word] > 0), key=lambda word: (-weights[word], word))[:_WORDS]
    if not telling:
        return None
    highest = weights[telling[0]]
    return Boolean(should=tuple(Boosted(Term(word), weights[word] / highest) for word in telling), minimum=1)


def _function_words(language: str, analyzer: str) -> StopWords:
    """Those of the language of an article, where the collection has it; of all its languages where none is stated."""
    own = stemmer_of(language)
    return all_stop_words(own if own in analyzer.split(JOINER) else analyzer)


def _texts(article: Article) -> Iterator[tuple[str, int]]:
    yield article.title, _TITLE
    room = _CHARACTERS
    for section in article.body:
        yield section.heading, _HEADING
        yield section.text[:room], 1
        room -= len(section.text)
        if room <= 0:
            return


def _weight(count: int, word: str, vocabulary: Vocabulary) -> float:
    """What a word says of the article: nothing where no other article has it."""
    frequency = vocabulary.frequency(word)
    return (1 + log(count)) * log(1 + vocabulary.articles / frequency) if frequency > 1 else 0.0
