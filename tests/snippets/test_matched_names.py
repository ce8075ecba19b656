"""The names of an article are shown where they are why it was found."""

from __future__ import annotations

from harbor_search.results import Snippet
from harbor_search.snippets import Occurrence, names_snippet

NAMES = ("Lockjaw", "Clostridium tetani infection", "jaw", "lock")


def at(name: int, start: int, end: int, leaf: int = 0, field: str = "names") -> Occurrence:
    return Occurrence(field, name, start, end, leaf, 1.0)


def test_names_with_words_that_stand_nowhere_else_are_shown_with_these_marked() -> None:
    assert names_snippet(NAMES, [at(1, 19, 28), at(0, 0, 7, 1)]) == (
        Snippet("names", "", "", "Lockjaw; Clostridium tetani infection", ((0, 7), (28, 37))),
    )


def test_names_are_not_shown_for_words_that_readers_see_elsewhere() -> None:
    assert names_snippet(NAMES, [at(0, 0, 7), at(-1, 0, 7, field="title")]) == ()
    assert names_snippet(NAMES, []) == ()


def test_the_three_names_with_most_of_the_words_are_shown() -> None:
    every = [at(0, 0, 7), at(1, 0, 11), at(1, 12, 18, 1), at(2, 0, 3), at(3, 0, 4)]
    assert names_snippet(NAMES, every)[0].text == "Lockjaw; Clostridium tetani infection; jaw"


def test_places_that_the_article_does_not_have_are_passed_over() -> None:
    assert names_snippet(NAMES, [at(7, 0, 1), at(0, 5, 9), at(0, 3, 3)]) == ()
