"""Which words of a question only ask."""

from __future__ import annotations

import pytest

from harbor_search.query import asking_words


def asking(question: str) -> str:
    words = question.split()
    return " ".join(words[index] for index in sorted(asking_words(words)))


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("how long does it take for stitches to heal", "how long does it take"),
        ("how long does the flu last", "how long does last"),
        ("is it normal to sneeze", "is it normal to"),
        ("I don't know why my foot hurts", "I don't know why"),
        ("whats wrong with me", "whats wrong with me"),
        ("how to get rid of warts", "get rid of"),
        ("what helps with a cough", "what helps with"),
    ],
)
def test_phrases_in_which_people_ask_are_known(question: str, asks: str) -> None:
    assert asking(question) == asks


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("constipated for a week", "for a week"),
        ("no period for 3 months", "for 3 months"),
        ("my 3 year old has a fever", "3 year old"),
        ("hit my head two days ago", "two days ago"),
        ("tired all the time", "all the time"),
        ("always tired", "always"),
        ("my husband snores", "my husband"),
        ("my ears keep ringing", "keep"),
    ],
)
def test_since_when_how_old_and_whose_is_not_what_is_asked_about(question: str, asks: str) -> None:
    assert asking(question) == asks


@pytest.mark.parametrize(
    "question",
    [
        "long covid",
        "month by month",
        "husband stitch",
        "get up off the floor",
        "my baby won't eat",
        "3 months pregnant",
    ],
)
def test_words_of_such_phrases_name_things_elsewhere(question: str) -> None:
    assert asking(question) == ""
