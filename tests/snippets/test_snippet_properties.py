"""What holds for the snippets of any article and any occurrences."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from harbor_search.analysis import tokenize
from harbor_search.article import Article, Section
from harbor_search.results import Snippet
from harbor_search.snippets import Occurrence, best_snippets, title_ranges

PIECES = [
    "pain",
    "back",
    "sleep",
    "covid-19",
    "caf\u00e9",
    "e\u0301",
    "\u7761\u7720",
    "Dr.",
    "2.5",
    "\U0001f468\u200d\U0001f469",
]
GAPS = [" ", " ", " ", ". ", "? ", ", ", "\n\n", "\n", "  ", "\u3000", "-", ".", "\u3002", "\t"]
prose = st.lists(st.sampled_from(PIECES) | st.sampled_from(GAPS), max_size=120).map("".join)
texts = st.one_of(prose, st.text(max_size=200))
sections = st.builds(Section, texts, st.just("anchor"), texts)
articles = st.builds(Article, id=st.just("a"), title=texts, lead=texts, body=st.lists(sections, max_size=4).map(tuple))
numbers = st.integers(-3, 250)
anything = st.lists(
    st.builds(
        Occurrence,
        field=st.sampled_from(["title", "heading", "body", "other"]),
        section=st.integers(-2, 5),
        start=numbers,
        end=numbers,
        leaf=st.integers(-1, 4),
        weight=st.floats(),
    ),
    max_size=25,
).map(tuple)
lengths = st.one_of(st.integers(1, 60), st.just(240))


@st.composite
def articles_with_matches(draw: st.DrawFn) -> tuple[Article, tuple[Occurrence, ...]]:
    """An article and some of its words, as an engine would find them."""
    article = draw(articles)
    words = [
        Occurrence("body", index, token.start, token.end, position % 4, 1.0 + position % 3)
        for index, section in enumerate(article.body)
        for position, token in enumerate(tokenize(section.text))
    ]
    return article, tuple(draw(st.lists(st.sampled_from(words), max_size=20))) if words else ()


def passage(snippet: Snippet) -> tuple[str, int]:
    """The snippet's text without ellipses of ours, and how many characters were before it."""
    before = len(snippet.text) - len(snippet.text.removeprefix("\u2026"))
    return snippet.text[before:].removesuffix("\u2026"), before


def squeezed(text: str) -> str:
    return " ".join(text.split())


@given(articles, anything, st.integers(-1, 4), st.one_of(st.integers(-1, 0), lengths))
def test_any_occurrences_give_valid_snippets(
    article: Article, occurrences: tuple[Occurrence, ...], count: int, length: int
) -> None:
    """Never too many or too long, each a passage of a section, with ranges in order inside the text."""
    found = best_snippets(article, occurrences, count=count, length=length)
    assert len(found) <= max(count, 0)
    assert found == best_snippets(article, occurrences, count=count, length=length)
    for snippet in found:
        assert 0 < len(snippet.text) <= length
        assert squeezed(snippet.text) == snippet.text
        at = 0
        for start, end in snippet.ranges:
            assert at <= start < end <= len(snippet.text)
            at = end
        sources = [squeezed(s.text) for s in article.body if (s.heading, s.anchor) == (snippet.heading, snippet.anchor)]
        assert any(passage(snippet)[0] in text for text in [*sources, squeezed(article.lead)])


@given(articles_with_matches(), st.integers(1, 3), lengths)
def test_marked_text_is_the_text_of_the_matches(
    case: tuple[Article, tuple[Occurrence, ...]], count: int, length: int
) -> None:
    article, occurrences = case
    matched = {article.body[o.section].text[o.start : o.end] for o in occurrences}
    for snippet in best_snippets(article, occurrences, count=count, length=length):
        for start, end in snippet.ranges:
            assert snippet.text[start:end] in matched


@given(articles_with_matches(), lengths)
def test_a_match_that_fits_is_shown(case: tuple[Article, tuple[Occurrence, ...]], length: int) -> None:
    """The first snippet has a range where any match is shorter than a passage."""
    article, occurrences = case
    if any(o.end - o.start <= length - 2 for o in occurrences):
        assert best_snippets(article, occurrences, count=1, length=length)[0].ranges


@given(articles_with_matches(), st.integers(30, 240))
def test_no_word_is_cut(case: tuple[Article, tuple[Occurrence, ...]], length: int) -> None:
    """What a snippet shows are whole words of the section, but where a word is longer than a snippet."""
    article, occurrences = case
    for snippet in best_snippets(article, occurrences, count=2, length=length):
        words = {token.text for section in article.body for token in tokenize(section.text)}
        words |= {token.text for token in tokenize(article.lead)}
        if max(map(len, words), default=0) < length // 4:
            shown, _ = passage(snippet)
            assert {token.text for token in tokenize(shown)} <= words


@given(articles_with_matches(), st.integers(30, 240))
def test_no_accent_is_torn_from_its_letter(case: tuple[Article, tuple[Occurrence, ...]], length: int) -> None:
    article, occurrences = case
    starts = {section.text.strip()[:1] for section in article.body} | {article.lead.strip()[:1]}
    for snippet in best_snippets(article, occurrences, count=2, length=length):
        shown, _ = passage(snippet)
        if shown[:1] not in starts and snippet.text.startswith("\u2026"):
            assert not unicodedata.combining(shown[0])


@given(anything)
def test_title_ranges_are_in_order_and_apart(occurrences: tuple[Occurrence, ...]) -> None:
    at = 0
    for start, end in title_ranges(occurrences):
        assert at <= start < end
        at = end
