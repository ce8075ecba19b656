"""Any text of any characters is answered by the whole program: parsed, corrected, searched and explained."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from harbor_search.web import create_app
from tests.behaviour.collection import Collection

WORDS = "back pain iron the who in NOT AND OR can't l'eau wi-fi B12 5mg c++ .net na\u00efve \u00d8re stra\u00dfe \u65e5\u672c\u8a9e \u0e44\u0e17\u0e22".split()
SIGNS = [
    *"\"()+-*~:'\u2019\u201c.,?!/\\|&^%$#@{}[]<>=;_`",
    "title:",
    "section:",
    "tag:",
    "date:2024..",
    "~2",
    '"~5',
    "..",
]
SIGNS += ["\u200d", "\u0301", "\u202e", "\ufeff", "\x00", "\u2028", "\u0640", "\U0001f469\u200d\U0001f467"]


def texts(count: int) -> Iterator[str]:
    """The same ones every time: a mixture of words, signs and any characters, glued together or apart."""
    chance = random.Random(20_261_128)
    for _ in range(count):
        glue = chance.choice(["", " "])
        kinds = [WORDS, SIGNS, [chr(chance.randrange(0x20, 0xD800)), chr(chance.randrange(0xE000, 0x110000))]]
        pieces = (chance.choice(chance.choice(kinds)) for _ in range(chance.randrange(1, 12)))
        yield glue.join(pieces)


@pytest.mark.parametrize("first", range(4))
def test_any_text_has_results_or_a_reason(collection: Collection, first: int) -> None:
    asked = create_app(collection.settings, collection.engine).test_client()
    for number, text in enumerate([*texts(1_600)][first::4]):
        strict = "1" if number % 5 == 0 else ""
        answer = asked.get("/api/v1/search", query_string={"q": text, "strict": strict})
        assert answer.status_code in (200, 400), (ascii(text), answer.text)


@pytest.mark.parametrize("text", ["#~2 pain", "\ufeff~2 who", ".~2 iron", "don't\\sleeep", "iron\\gainn"])
def test_signs_alone_and_backslashes_are_text(collection: Collection, text: str) -> None:
    assert collection.ask(text).query == text
