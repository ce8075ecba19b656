"""An explanation in the terminal is read without knowing a formula."""

from __future__ import annotations

from harbor_search.article import Article
from harbor_search.cli.explanation_lines import explanation_lines
from harbor_search.explanation import Change, Explanation, FieldPart, Part
from harbor_search.results import Applied
from harbor_search.searching import ExplainedArticle

PART = Part("word", "iron", 1.5, 1204, 0.5, (FieldPart("title", 1, 1.0), FieldPart("body", 3, 0.5)))
FOUND = Explanation(2.0, 3, 0.25, (PART, Part("all_words", "", 0.5)), (Change("tea", "title", 0.75, 1),), ("tea",))


def lines(explanation: Explanation) -> list[str]:
    return explanation_lines(ExplainedArticle(Article("a", "Iron"), explanation, Applied((("irn", "iron"),))))


def test_each_line_says_what_adds_how_much() -> None:
    assert lines(FOUND) == [
        "Iron",
        "Number 3 of the results, with a score of 2.000, 0.250 behind the one before it:",
        "Searched for 'iron' instead of 'irn'.",
        "    1.500  'iron' (in 1,204 articles, counts 50%)",
        "      1.000  once in the title",
        "      0.500  3 times in the text",
        "    0.500  all words of the query are there",
        "It lacks: tea",
        "It would rank higher with:",
        "   +0.750  'tea' in the title: it would be number 1",
    ]


def test_a_list_of_all_articles_has_no_scores() -> None:
    assert lines(Explanation(0.0, 4, 0.0))[1] == (
        "Number 4 of the results, none of which is scored: there is no word to score by."
    )


def test_an_article_that_is_no_result_is_told_why() -> None:
    assert lines(Explanation(0.0, None, 0.0, excluded="section"))[1] == "It is in another section than asked for."
    assert lines(Explanation(0.0, None, 0.0))[1] == "It is not among the results that can be paged to."
