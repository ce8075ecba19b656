"""Who types a title finds the article of that title first."""

from __future__ import annotations

import pytest

from harbor_search.engines.title_match import factor, title_words
from tests.behaviour.collection import Collection

EQUAL, WITHIN, ALONE, AROUND = 3.0, 1.2, 1.1, 1.1


def test_every_title_finds_its_article_first(collection: Collection) -> None:
    """In the case of headlines as well, whatever small words it is made of."""
    for article in collection.articles.values():
        assert collection.titles(article.title, 1) == [article.title]
        assert collection.titles(article.title.title(), 1) == [article.title]


@pytest.mark.parametrize(
    ("query", "title", "expected"),
    [
        ("what NOT to do", "What Not to Do", EQUAL),
        ("caf\u00e9 au lait", "Cafe au Lait!", EQUAL),
        ("not to do", "What Not to Do With a Nosebleed", WITHIN),
        ("signs of breast cancer", "Breast Cancer", AROUND),
        ("ulcer", "Peptic Ulcer", ALONE),
        ("ulcer", "Ulcerative Colitis", 1.0),
        ("childhood leukaemia", "Childhood Leukemia", EQUAL),
        ("signs of iron", "Iron", 1.0),
        ("cancer breast", "Breast Cancer", 1.0),
        ("", "Iron", 1.0),
    ],
)
def test_a_title_counts_by_how_much_of_it_is_the_query(query: str, title: str, expected: float) -> None:
    assert factor(title_words(query), title_words(title), EQUAL) == pytest.approx(expected)
