"""What holds for every text, and for every tree."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from harbor_search.errors import UserError
from harbor_search.query import Boolean, Limits, Node, Parsed, parse
from tests.query.trees import render_clauses, render_operators, texts, trees

WIDE = Limits(terms=10_000, nesting=1_000, prefix_minimum=2)
SYNTAX = st.lists(
    st.sampled_from(
        [
            '"',
            "(",
            ")",
            "+",
            "-",
            "*",
            "~",
            ":",
            " ",
            "AND",
            "OR",
            "NOT",
            " AND ",
            "title:",
            "x:",
            "pain",
            "the",
            "9",
            ",",
        ]
    )
    | st.characters(),
    max_size=60,
).map("".join)


def depth(node: Node) -> int:
    if not isinstance(node, Boolean):
        return 0
    return 1 + max((depth(each) for each in (*node.must, *node.should, *node.must_not)), default=0)


@given(text=st.one_of(st.text(), SYNTAX), strict=st.booleans())
@example(text="\ud800", strict=False)
@example(text='"', strict=True)
@example(text="+-(", strict=True)
def test_any_text_is_a_query(text: str, strict: bool) -> None:
    """Whatever is typed gives a tree, the same one each time, whose texts can be sent anywhere; a strict search may say
    which syntax lacks its other half."""
    try:
        parsed = parse(text, limits=WIDE, strict=strict)
    except UserError as error:
        assert strict or "date" in text.lower()
        assert error.position is not None and 0 <= error.position < max(len(text), 1)
        return
    assert isinstance(parsed, Parsed)
    assert parsed == parse(text, limits=WIDE, strict=strict)
    for leaf in texts(parsed.node):
        assert leaf.strip()
        leaf.encode()


@given(node=trees())
def test_signs_written_for_a_tree_give_the_tree_back(node: Node) -> None:
    assert parse(render_clauses(node), limits=WIDE, strict=False).node == node


@given(node=trees(shapes="AR"), strict=st.booleans())
def test_operators_written_for_a_tree_give_the_tree_back_strict_or_not(node: Node, strict: bool) -> None:
    assert parse(render_operators(node), limits=WIDE, strict=strict).node == node


@given(text=st.one_of(st.text(), SYNTAX), terms=st.integers(1, 6), nesting=st.integers(0, 3), strict=st.booleans())
def test_no_tree_is_larger_than_its_bounds(text: str, terms: int, nesting: int, strict: bool) -> None:
    """A refusal names where the text goes too far; a tree has at most the words and levels that are allowed."""
    try:
        node = parse(text, limits=Limits(terms, nesting, 2), strict=strict).node
    except UserError as error:
        assert error.where == "q"
        assert error.position is not None and 0 <= error.position < len(text)
        return
    assert len(texts(node)) <= terms
    # A level of parentheses holds at most a sequence, an OR, an AND and a negated operand.
    assert depth(node) <= 4 * (nesting + 1)


@pytest.mark.parametrize(
    "piece", ['"', "(", ")", "+", "-", "~", "*", "a:", ":", "NOT ", "AND ", "()", '""', "a~", ",", "1,"]
)
def test_a_sign_repeated_thousands_of_times_is_parsed(piece: str) -> None:
    """Signs alone cannot exhaust the stack: none of them opens a level that is not closed."""
    try:
        parse(piece * 5_000, limits=Limits(64, 8, 2), strict=False)
    except UserError as error:
        assert "words" in str(error)
