"""Where sentences begin and end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harbor_search.snippets.sentences import sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Rest helps. | Sleep helps more.",
        "Is it serious? | Rarely! | Ask anyway.",
        "Really?! | Yes.",
        "It may fade\u2026 | Then it returns.",
        "It may fade... slowly.",
        "She asked: \u201cIs it safe?\u201d | We think so.",
        '"Is it safe?" she asked. | We think so.',
        "(Most people do not notice.) | Some do.",
        "Ask Dr. Smith or Mrs. Jones. | They know.",
        "St. John's wort interacts with many drugs, e.g. Warfarin, i.e. a blood thinner. | Ask first.",
        "Take it at 8 a.m. with food. | Not at 9 p.m. | Sleep then.",
        "Take 2.5 mg daily. | No more.",
        "See no. 5 and fig. 2. | Then ask.",
        "Is it safe? | No. | Ask.",
        "J. F. Kennedy had back pain. | Many do.",
        "You may lack vitamin A. | Eat carrots.",
        "Vaccines protect against hepatitis B. | People still get it.",
        "So do I. | Do you?",
        "The U.S. Food and Drug Administration warns. | Heed it.",
        "Vitamins, minerals, etc. are in food. | Eat it.",
        "1. Lie down. | 2. Breathe slowly.",
        "Visit example.org for more. | Or call.",
        "\u7761\u7720\u306f\u5927\u5207\u3067\u3059\u3002 | \u4f11\u307f\u307e\u3057\u3087\u3046\u3002",
    ],
)
def test_sentences_end_where_readers_pause(text: str) -> None:
    expected = text.split(" | ")
    assert split(text.replace("\u3002 | ", "\u3002").replace(" | ", " ")) == expected


def test_blank_lines_end_sentences_and_line_breaks_do_not() -> None:
    assert split("First point\n\nSecond point\nwith more\r\n\r\nThird") == [
        "First point",
        "Second point\nwith more",
        "Third",
    ]


@given(st.text(alphabet=st.sampled_from(list("aB1 .!?\u2026\"')(\n\r\t\u3002\u00e9")) | st.characters(), max_size=80))
def test_sentences_cover_all_of_any_text_but_the_space_between(text: str) -> None:
    at = 0
    for start, end in sentences(text):
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()


@pytest.mark.parametrize("piece", [".", "?", '."', "\n", "\n ", " ", "a.", "A. ", "\u2026)"])
def test_texts_of_signs_without_end_are_split(piece: str) -> None:
    text = piece * 50_000
    assert all(start < end for start, end in sentences(text))
