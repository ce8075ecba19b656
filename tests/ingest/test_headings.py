"""Which blocks of a page without markup are headings."""

from pathlib import Path

import pytest

from harbor_search.ingest.headings import outline
from tests.ingest.reading import headings, page, read_one, texts

LONG = "This is a paragraph of a length that leaves no doubt, and it ends as sentences do."
MORE = "Here is another one, no shorter than the first, so that every heading has something below it."


def found(*blocks: str) -> list[str]:
    """The headings in a body of these blocks."""
    return [part.heading for part in outline(blocks) if part.heading]


@pytest.mark.parametrize("heading", [
    "Conclusion",
    "Why Crying Is Not Necessarily a Bad Sign",
    "Is Therapy Right for Everyone?",
    "What should I do if I wake in the night and cannot get back to sleep?",
    "Vitamin B12",
    "When to Call 911 (or 999)",
    "“Good” Cholesterol",
    "Eat, Sleep, Repeat",
    "An Overview of Therapy Sessions: Express, Explore, Resolve",
    "1. Keep a Schedule",
    "睡眠について",
])  # fmt: skip
def test_a_short_line_without_a_full_stop_above_a_paragraph_is_a_heading(heading: str) -> None:
    assert found(LONG, heading, MORE) == [heading]


@pytest.mark.parametrize("line", [
    "Most people manage well.",
    "Call for help at once!",
    "There are several reasons:",
    "He said: “Go to bed.”",
    "(It is not a cure.)",
    "Well, it depends…",
    "first this; then that;",
    "- a dark room",
    "• a dark room",
    "One line\nand another",
    "which is why so many people with this condition go on for years without a word to anyone about it",
    "A Line That Goes On and On Until No Reader Would Ever Take It for a Heading of Any Kind at All, However Kind",
    "Pneumonoultramicroscopicsilicovolcanoconiosis, Pseudopseudohypoparathyroidism and Hypogammaglobulinaemias",
    "睡眠は大切です。",
])  # fmt: skip
def test_a_line_that_ends_like_a_sentence_or_is_long_or_a_list_is_text(line: str) -> None:
    assert found(LONG, line, MORE) == []


def test_the_last_block_is_text_as_nothing_follows_it() -> None:
    assert found(LONG, "Where to Begin", MORE, "Written by the editors") == ["Where to Begin"]


def test_a_heading_may_be_longer_than_the_sentence_below_it() -> None:
    assert found("Is It Safe to Exercise During Pregnancy?", "Usually, yes.") == [
        "Is It Safe to Exercise During Pregnancy?"
    ]


def test_headings_in_a_row_are_all_kept_and_empty_sections_stay(tmp_path: Path) -> None:
    article = read_one(tmp_path, "a.txt", page(LONG, "Treatment", "At Home", MORE))
    assert headings(article) == ["", "Treatment", "At Home"]
    assert texts(article) == [LONG, "", MORE]


def test_an_overview_announces_its_one_word_headings_even_where_they_look_like_a_list() -> None:
    overview = "An Overview of Care: Rest, Food and Talk"
    assert found(overview, "These are the parts:", "Rest", "Food", LONG, "Talk", "Do", "So it goes") == [
        overview, "Rest", "Food", "Talk", "Do",
    ]  # fmt: skip


def test_an_overview_followed_at_once_by_its_headings_is_an_empty_section() -> None:
    overview = "An Overview of Care: Rest, Food, Talk"
    assert found(overview, "Rest", LONG, "Food", MORE, "Talk", LONG) == [overview, "Rest", "Food", "Talk"]


def test_short_lines_below_a_colon_are_a_list_and_no_headings() -> None:
    assert found("Good sources are:", "Red meat", "Beans", "Lentils", LONG) == ["Lentils"]


def test_a_heading_may_follow_a_colon() -> None:
    assert found("There are three stages:", "Express", LONG, "Explore", MORE) == ["Express", "Explore"]


def test_numbered_lines_in_a_row_are_a_list() -> None:
    assert found(LONG, "1. Lie down", "2. Breathe out", "3. Call for help.", MORE) == []


def test_an_article_without_headings_is_one_section(tmp_path: Path) -> None:
    article = read_one(tmp_path, "a.txt", page(LONG, MORE))
    assert [(section.heading, section.anchor) for section in article.body] == [("", "")]
    assert texts(article) == [f"{LONG}\n\n{MORE}"]


def test_equal_headings_get_anchors_of_their_own(tmp_path: Path) -> None:
    blocks = [LONG, "At Home", LONG, "At Home", MORE, "At Home 2", LONG, "At home?", MORE]
    article = read_one(tmp_path, "a.txt", page(*blocks))
    assert [section.anchor for section in article.body] == ["", "at-home", "at-home-2", "at-home-2-2", "at-home-3"]
