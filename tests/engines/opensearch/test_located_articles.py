"""Where words stand in articles of a cluster is what their analysis says, and is kept within a bound."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harbor_search.analysis import get_analyzer, joined_names
from harbor_search.article import Article, Section
from harbor_search.engines.languages import analyzer_of
from harbor_search.engines.opensearch.located_articles import LocatedArticle, LocatedArticles, Locator

COLLECTION = get_analyzer(joined_names("english", frozenset({"english", "german"})))
LOCATOR = Locator(COLLECTION)

TEXTS = st.text(
    st.sampled_from("aeinst \u00e4\u00df\u0130\U0001f600'-.\n0\u0e01\uac00\ud800") | st.characters(), max_size=80
)


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS, st.sampled_from(["en", "de", ""])), min_size=1, max_size=4))
def test_each_term_stands_where_the_analyzer_puts_it(parts: list[tuple[str, str, str, str]]) -> None:
    articles = [
        Article(str(number), title, (Section(heading, "", text),), language=language, tags=(heading,))
        for number, (title, heading, text, language) in enumerate(parts)
    ]
    for article, located in zip(articles, LOCATOR.locate(articles), strict=True):
        analyzer = analyzer_of(article.language, COLLECTION, frozenset(COLLECTION.others))
        texts = {("title", -1): article.title, ("names", 0): article.tags[0]}
        texts |= {("heading", 0): article.body[0].heading, ("body", 0): article.body[0].text}
        found = {(each.field, each.section): each for each in located.texts}
        for key, text in texts.items():
            tokens = [token for token in analyzer.analyze(text) if token.text]
            assert set(found[key].terms if key in found else ()) == {token.text for token in tokens}
            for token in tokens:
                assert (token.position, token.start, token.end) in found[key].of(token.text)
            assert sum(len(found[key].of(term)) for term in found[key].terms) == len(tokens) if tokens else True


def test_terms_are_found_by_their_beginning_and_what_is_not_there_has_no_place() -> None:
    (located,) = LOCATOR.locate([Article("a", "Iron, irony and ironing; tea")])
    (title,) = located.texts
    assert [*title.beginning_with("iron")] == sorted(term for term in title.terms if term.startswith("iron"))
    assert title.of("zinc") == title.of("") == []


def test_what_was_not_asked_for_longest_makes_room() -> None:
    small = [LocatedArticle(Article(str(number), "Title")) for number in range(4)]
    kept = LocatedArticles(3 * small[0].held)
    for number in (0, 1, 2):
        kept.keep((str(number),), small[number])
    assert kept.get(("0",)) is small[0]
    kept.keep(("3",), small[3])
    assert [kept.get((str(number),)) is not None for number in range(4)] == [True, False, True, True]
    assert kept.held == 3 * small[0].held
    kept.keep(("large",), LocatedArticle(Article("l", "L", (Section("", "", "x" * 9000),))))
    assert kept.get(("large",)) is None
