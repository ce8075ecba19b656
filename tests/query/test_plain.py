"""Plain queries are read at once, and mean what the whole grammar says."""

from __future__ import annotations

from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from harbor_search.errors import UserError
from harbor_search.query import Limits, Node, Term, parse, parser, plain
from harbor_search.results import Applied

LIMITS = Limits(terms=6, nesting=8, prefix_minimum=2)
PIECES = st.sampled_from(
    ["pain", "Iron", "the", "what", "not", "a", "i", "7", "covid19", "WHO", "A1", "OR", "AND", "NOT", "+", "-", '"']
    + [
        "\t",
        "\n",
        "\xa0",
        "\u2028",
        "\x1c",
        " ",
        "  ",
        " OR ",
        '"back pain"',
        '+"the who"',
        "-tea",
        "+the",
        "x:",
        "title:",
        "don't",
        "Who's",
        "covid-19",
        "-wi-fi",
        "IBS?",
        "US",
        "A",
        "I",
        "night,",
        "it.",
        "e-",
        "?",
        "sleep*",
        "a?",
        "WHO.",
        "IT",
        "na\u00efve",
        "\u00c9T\u00c9",
    ]
)


def whole(text: str, strict: bool, analyzer: str = "english") -> tuple[Node, Applied] | str:
    """What the whole grammar makes of a text."""
    with mock.patch.object(parser, "read_plain", return_value=None):
        return outcome(text, strict, analyzer)


def outcome(text: str, strict: bool, analyzer: str = "english") -> tuple[Node, Applied] | str:
    try:
        parsed = parse(text, limits=LIMITS, strict=strict, analyzer=analyzer)
        return parsed.node, parsed.applied
    except UserError as error:
        return str(error)


@pytest.mark.parametrize(
    "text",
    ["vitamina E para la piel", "hepatitis e", "UN consejo", "la DE", "+la piel", "Y la piel y", "A la vez", "por que"],
)
def test_a_query_in_another_language_means_what_the_whole_grammar_says(text: str) -> None:
    assert outcome(text, False, "spanish") == whole(text, False, "spanish")


@given(pieces=st.lists(PIECES, max_size=14), glue=st.sampled_from(["", " "]), strict=st.booleans())
@example(pieces=["the", "+the", "pain", "The"], glue=" ", strict=True)
@example(pieces=["a OR b OR c OR d OR e OR f OR g"], glue="", strict=False)
@example(pieces=["iron\t"] * 7, glue="", strict=False)
@example(pieces=["A1 OR B2"], glue="", strict=False)
@example(pieces=["not", "the", "pain\n"], glue=" ", strict=False)
def test_a_query_means_what_the_whole_grammar_says(pieces: list[str], glue: str, strict: bool) -> None:
    text = glue.join(pieces)
    assert outcome(text, strict) == whole(text, strict)


@pytest.mark.parametrize(
    "text",
    ["iron deficiency", "+iron -tea", '"back pain" night', "what are the symptoms of iron deficiency", "tea OR coffee"]
    + ["Can I take ibuprofen?", "Who's at risk of Crohn's disease, and why?", "Covid-19 in kids", "I can\u2019t sleep"]
    + ["WHO advice on vitamin A, please", "what is hepatitis a", "why do I", "Is type A flu bad for US troops?"]
    + ["na\u00efve T cells", "M\u00e9ni\u00e8re's disease"],
)
def test_what_readers_type_takes_no_grammar(text: str) -> None:
    with mock.patch.object(parser, "_parse_any") as grammar:
        parse(text, limits=Limits(terms=64, nesting=8, prefix_minimum=2), strict=False)
    grammar.assert_not_called()


@pytest.mark.parametrize(
    "text", ['"', '""', '" "', '"back  pain"', '"Back pain"', '"back pain', 'back pain"', '" back"']
)
@pytest.mark.parametrize("strict", [False, True])
def test_a_lone_phrase_means_what_the_whole_grammar_says(text: str, strict: bool) -> None:
    assert outcome(text, strict) == whole(text, strict)


def test_pieces_that_were_forgotten_are_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """No more than so many are remembered, nor any that is very long."""
    monkeypatch.setattr(plain, "_KEPT", 2)
    monkeypatch.setattr(plain, "_languages", {})
    for _ in range(2):
        for text in ("iron tea milk zinc", '+"iron tea" -milk', "iron OR tea OR milk", "tea"):
            assert outcome(text, False) == whole(text, False)
            known = plain._languages["english"]
            assert len(known.pieces) <= 2
            assert len(known.alternatives) <= 2
    long = "z" * 2000
    assert parse(long, limits=LIMITS, strict=False).node == Term(long)
    assert long not in plain._languages["english"].pieces
