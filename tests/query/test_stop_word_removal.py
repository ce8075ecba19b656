"""Which of a question's words are left out of the search."""

from __future__ import annotations

import pytest

from harbor_search.analysis.stopwords import QUALIFIERS, STOP_WORDS
from harbor_search.query import Limits, Phrase, parse
from tests.query.trees import texts

LIMITS = Limits(terms=64, nesting=8, prefix_minimum=2)


@pytest.mark.parametrize(
    ("question", "searched", "dropped"),
    [
        (
            "what can I do about my back pain at night?",
            ["back", "pain", "night"],
            ("what", "can", "I", "do", "about", "my", "at"),
        ),
        ("What\u2019s the best way to sleep?", ["best", "way", "sleep"], ("What's", "the", "to")),
        ("whats this and why im itching", ["itching"], ("whats", "this", "and", "why", "im")),
        ("is my baby ill", ["baby", "ill"], ("is", "my")),
        ("the pain and the itch", ["pain", "itch"], ("the", "and")),
        ("why am I not sleeping", ["not", "sleeping"], ("why", "am", "I")),
        ("can't swallow after eating", ["can't", "swallow", "after", "eating"], ()),
        ("is it safe to take iron without food", ["safe", "take", "iron", "without", "food"], ("is", "it", "to")),
        ("iron (in the blood)", ["iron", "blood"], ("in", "the")),
    ],
)
def test_words_that_do_not_say_what_a_question_is_about_are_left_out(
    question: str, searched: list[str], dropped: tuple[str, ...]
) -> None:
    parsed = parse(question, limits=LIMITS, strict=False)
    assert texts(parsed.node) == searched
    assert parsed.applied.dropped == dropped


@pytest.mark.parametrize(
    "question",
    [
        "the",
        "what is it",
        "to be or not to be",
        "what to do after",
        "the -pain",
        "+the pain",
        "title:the pain",
        "the AND pain",
        "pain OR the",
        "+(the pain)",
        "+(pain (the itch))",
        "title:(the pain)",
        "(the pain) AND itch",
        "the* pain",
    ],
)
def test_words_that_the_reader_insists_on_or_that_are_all_there_is_stay(question: str) -> None:
    parsed = parse(question, limits=LIMITS, strict=False)
    assert {"the", "what", "to"} & set(texts(parsed.node))
    assert parsed.applied.dropped == ()


def test_words_in_a_phrase_stay() -> None:
    parsed = parse('"what is the pain"', limits=LIMITS, strict=False)
    assert parsed.node == Phrase("what is the pain")


def test_words_beside_a_phrase_go() -> None:
    parsed = parse('what is "deep sleep"', limits=LIMITS, strict=False)
    assert parsed.node == Phrase("deep sleep")
    assert parsed.applied.dropped == ("what", "is")


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("WHO advice for US adults", ["WHO", "advice", "US", "adults"]),
        ("WHO IS AT RISK", ["RISK"]),
        ("vitamin A for the skin", ["vitamin", "A", "skin"]),
        ("what is hepatitis a", ["hepatitis", "a"]),
        ("bipolar I", ["bipolar", "I"]),
        ("when should I take a pill", ["take", "pill"]),
        ("how old am I", ["old"]),
    ],
)
def test_names_that_look_like_stop_words_stay(question: str, searched: list[str]) -> None:
    assert texts(parse(question, limits=LIMITS, strict=False).node) == searched


@pytest.mark.parametrize("strict", [False, True])
def test_stop_words_go_in_strict_searches_too(strict: bool) -> None:
    parsed = parse("how to treat a burn", limits=LIMITS, strict=strict)
    assert texts(parsed.node) == ["treat", "burn"]


def test_the_lists_are_words_as_the_parser_sees_them() -> None:
    """Lower case, straight apostrophes, and no word on both lists."""
    assert not STOP_WORDS & QUALIFIERS
    for word in STOP_WORDS | QUALIFIERS:
        assert word == word.lower().strip()
        assert word.replace("'", "").isalpha()


@pytest.mark.parametrize(
    ("analyzer", "question", "searched", "dropped"),
    [
        ("german", "Was hilft gegen die Schmerzen?", ["hilft", "gegen", "Schmerzen"], ("Was", "die")),
        ("german", "die Angst vor dem Tod", ["Angst", "vor", "Tod"], ("die", "dem")),
        ("english+german", "Was hilft mir gegen die Angst?", ["hilft", "gegen", "Angst"], ("Was", "mir", "die")),
        ("english+german", "can you die of the flu", ["die", "flu"], ("can", "you", "of", "the")),
        ("french", "qu\u2019est-ce que l\u2019asthme", ["l'asthme"], ("qu'est-ce", "que")),
        ("spanish", "\u00bfqu\u00e9 es la diabetes?", ["diabetes"], ("qu\u00e9", "es", "la")),
        ("spanish", "vitamina E para la piel", ["vitamina", "E", "piel"], ("para", "la")),
        ("spanish", "hepatitis e", ["hepatitis", "e"], ()),
        ("dutch", "pijn in het been", ["pijn", "been"], ("in", "het")),
        ("spanish", "vitamina e piel", ["vitamina", "e", "piel"], ()),
        ("italian", "vitamina e pelle", ["vitamina", "e", "pelle"], ()),
        ("italian", "febbre e tosse", ["febbre", "tosse"], ("e",)),
        ("catalan", "vitamina d nad\u00f3", ["vitamina", "d", "nad\u00f3"], ()),
        ("catalan", "mal de cap", ["mal", "cap"], ("de",)),
        ("french", "vitamine d chez le b\u00e9b\u00e9", ["vitamine", "d", "b\u00e9b\u00e9"], ("chez", "le")),
        ("french", "ing\u00e9nieur du son", ["ing\u00e9nieur", "son"], ("du",)),
        ("french", "car scolaire", ["car", "scolaire"], ()),
        ("spanish", "hongos en las unas", ["hongos", "unas"], ("en", "las")),
        ("turkish", "uyku i\u00e7in ne", ["uyku"], ("i\u00e7in", "ne")),
        ("german", "was ist das", ["was", "ist", "das"], ()),
    ],
)
def test_which_words_are_left_out_is_a_matter_of_the_language(
    analyzer: str, question: str, searched: list[str], dropped: tuple[str, ...]
) -> None:
    parsed = parse(question, limits=LIMITS, strict=False, analyzer=analyzer)
    assert texts(parsed.node) == searched
    assert parsed.applied.dropped == dropped
