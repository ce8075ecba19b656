"""Articles and Whoosh queries that have a chance to meet, for hypothesis."""

from __future__ import annotations

from datetime import date, datetime

from hypothesis import strategies as st
from whoosh import query

from harbor_search.analysis import fold, get_analyzer
from harbor_search.article import Article, Section

__all__ = ["corpora", "queries"]

WORDS = (
    "sleep sleeps sleeping night nights iron irons don't mother's B12 b-12 covid-19 naïve naive café CAFE "
    "ﬁne fine 東京 東 a an the x heart heat hear earth"
).split()
SECTIONS = (("Health",), ("Health", "Sleep"), ("Health", "Sleep", "Naps, short"), ("Family",), ("Famille", "Été"), ())
TAGS = ("iron", "sleep aid", "a, b", "été", "iron supplements")
TEXT_FIELDS = ("title", "headings", "lead", "body", "names")

texts = st.lists(st.sampled_from(WORDS), max_size=9).flatmap(
    lambda words: st.sampled_from((" ", ", ", ".\n\n")).map(lambda between: between.join(words))
)
sections = st.builds(Section, texts, st.just(""), texts)
articles = st.builds(
    Article,
    id=st.just(""),
    title=texts,
    body=st.lists(sections, max_size=3).map(tuple),
    lead=texts,
    section=st.sampled_from(SECTIONS),
    published=st.none() | st.dates(date(2023, 12, 28), date(2024, 1, 4)) | st.just(date(1, 1, 1)),
    views=st.none() | st.integers(0, 4) | st.integers(0, 2**60),
    tags=st.lists(st.sampled_from(TAGS), max_size=3).map(tuple),
)


@st.composite
def corpora(draw: st.DrawFn) -> tuple[list[list[Article]], frozenset[str]]:
    """Up to three segments of articles with different ids, and the ids of those to delete."""
    sizes = draw(st.lists(st.integers(1, 6), min_size=1, max_size=3))
    ids = [f"{'äbc'[number % 3]}/{number}" for number in range(sum(sizes))]
    made = []
    for size in sizes:
        drawn = draw(st.lists(articles, min_size=size, max_size=size))
        made.append([_named(each, ids.pop()) for each in drawn])
    everyone = [article.id for segment in made for article in segment]
    return made, draw(st.frozensets(st.sampled_from(everyone), max_size=len(everyone) - 1))


def _named(article: Article, article_id: str) -> Article:
    values = {
        name: getattr(article, name) for name in ("title", "body", "lead", "section", "published", "views", "tags")
    }
    return Article(id=article_id, **values)


def _terms(word: str) -> list[str]:
    return [token.text for token in get_analyzer("english").analyze(word)]


words = st.sampled_from([term for word in WORDS for term in _terms(word)] + ["absent", "zzz"])
text_fields = st.sampled_from(TEXT_FIELDS)
beginnings = st.sampled_from(WORDS).flatmap(lambda word: st.integers(1, 4).map(lambda n: fold(word)[:n]))
patterns = st.sampled_from(("*e*", "s?eep", "sl*p", "??", "*", "n*t", "[hi]*", "heart*", "é*"))
moments = st.none() | st.datetimes(datetime(2023, 12, 27), datetime(2024, 1, 6)) | st.just(datetime(2024, 1, 1))
numbers = st.none() | st.integers(0, 5) | st.integers(0, 2**60)

keywords = st.one_of(
    st.builds(query.Term, st.just("id"), st.sampled_from(["ä/0", "b/1", "c/2", "none"])),
    st.builds(query.Term, st.just("section"), st.sampled_from(["Health", "Health > Sleep", "Famille > Été", "Sleep"])),
    st.builds(query.Term, st.just("tags"), st.sampled_from([*TAGS, "sleep"])),
    st.builds(query.Term, st.just("views"), st.integers(0, 5)),
    st.builds(query.Term, st.just("published"), st.sampled_from([datetime(2024, 1, 1), datetime(2023, 12, 31)])),
    st.builds(
        query.Prefix, st.sampled_from(["section", "tags", "id"]), st.sampled_from(["H", "iron", "ä", "sl", "b/"])
    ),
)
ranges = st.one_of(
    st.builds(query.NumericRange, st.just("views"), numbers, numbers, st.booleans(), st.booleans()),
    st.builds(query.DateRange, st.just("published"), moments, moments, st.booleans(), st.booleans()),
    st.builds(query.TermRange, text_fields, words, words, st.booleans(), st.booleans()),
    st.builds(
        query.TermRange, st.sampled_from(["id", "tags", "section"]), st.none() | beginnings, st.none() | beginnings
    ),
)
phrases = st.one_of(
    st.builds(query.Phrase, text_fields, st.lists(words, min_size=1, max_size=4), st.integers(1, 6)),
    st.builds(
        query.Phrase,
        text_fields,
        st.sampled_from(WORDS).flatmap(lambda a: st.sampled_from(WORDS).map(lambda b: _terms(f"{a} {b}"))),
        st.sampled_from([1, 2, 70]),
    ),
)
fuzzy = st.builds(
    lambda field, word, distance, prefix: query.FuzzyTerm(
        field, word, maxdist=distance, prefixlength=min(prefix, len(word))
    ),
    text_fields,
    words,
    st.integers(1, 2),
    st.integers(0, 2),
)
leaves = st.one_of(
    st.builds(query.Term, text_fields, words, boost=st.sampled_from([1.0, 2.5])),
    st.builds(query.Prefix, text_fields, beginnings),
    st.builds(query.Wildcard, text_fields, patterns),
    st.builds(query.Every, st.sampled_from([None, *TEXT_FIELDS, "id", "section", "tags", "views", "published"])),
    phrases,
    fuzzy,
    keywords,
    ranges,
)


def _combined(parts: st.SearchStrategy[query.Query]) -> st.SearchStrategy[query.Query]:
    several = st.lists(parts, min_size=1, max_size=4)
    return st.one_of(
        st.builds(query.And, several),
        st.builds(query.Or, several),
        st.builds(query.Not, parts),
        st.builds(query.AndNot, parts, parts),
        st.builds(query.AndMaybe, parts, parts),
        st.builds(query.Require, parts, parts),
        st.builds(query.DisjunctionMax, several),
        st.builds(lambda kept, barred: query.And([kept, query.Not(barred)]), parts, parts),
    )


queries = leaves | st.recursive(leaves, _combined, max_leaves=5)
