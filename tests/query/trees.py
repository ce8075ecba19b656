"""Query trees made at random, and the text that a reader would write for a tree."""

from __future__ import annotations

import dataclasses

from hypothesis import strategies as st

from harbor_search.query import FIELDS, Boolean, Everything, Fuzzy, Node, Phrase, Prefix, Term

letters = st.text(alphabet="bcdfghjklmnpqrstvwxyz", min_size=3, max_size=8)  # no vowels: never a stop word
fields = st.sampled_from([None, *FIELDS])
terms = st.builds(Term, letters, fields)
phrases = st.builds(Phrase, st.lists(letters, min_size=1, max_size=4).map(" ".join), fields, st.integers(0, 9))
prefixes = st.builds(Prefix, letters, fields)
fuzzies = st.builds(Fuzzy, letters, st.integers(1, 2), fields)
leaves = st.one_of(terms, phrases, prefixes, fuzzies)


@st.composite
def trees(draw: st.DrawFn, depth: int = 3, shapes: str = "ARX") -> Node:
    """A tree in its simplest form, of at most `depth` levels of Boolean nodes.

    `shapes` are those the root may have besides a leaf: (A)lternatives only, (R)equirements and exclusions only, or a
    mi(X)ture. Alternatives among alternatives and requirements among requirements would not be simplest.
    """
    shape = draw(st.sampled_from("L" + shapes)) if depth else "L"
    if shape == "L":
        return draw(leaves)
    alternatives = [draw(trees(depth - 1, "RX")) for _ in range(draw(st.integers(2, 3)))]
    excluded = tuple(draw(trees(depth - 1, "RX")) for _ in range(draw(st.integers(0, 2))))
    if shape == "A":
        return Boolean(should=tuple(alternatives), minimum=1)
    required = tuple(draw(trees(depth - 1, "AX")) for _ in range(draw(st.integers(0, 3))))
    if shape == "X":
        return (
            Boolean(required, tuple(alternatives), excluded, 0)
            if required
            else Boolean((), tuple(alternatives), excluded or (draw(leaves),), 1)
        )
    if len(required) < 2:
        return Boolean(required or (Everything(),), (), excluded or (draw(leaves),))
    return Boolean(required, (), excluded)


def render(node: Node) -> str:
    """What a reader would write for a leaf, or for a Boolean inside parentheses."""
    match node:
        case Term(text, field):
            return in_field(field, text)
        case Phrase(text, field, slop):
            return in_field(field, f'"{text}"~{slop}' if slop else f'"{text}"')
        case Prefix(text, field):
            return in_field(field, f"{text}*")
        case Fuzzy(text, distance, field):
            return in_field(field, f"{text}~{distance}")
        case Boolean():
            return f"({render_clauses(node)})"
        case _:
            raise ValueError(f"{node} cannot be written")


def render_clauses(node: Node) -> str:
    """What a reader would write for a whole tree: a Boolean's clauses beside each other."""
    if not isinstance(node, Boolean):
        return render(node)
    required = [f"+{render(each)}" for each in node.must if each != Everything()]
    excluded = [f"-{render(each)}" for each in node.must_not]
    return " ".join([*required, *map(render, node.should), *excluded])


def render_operators(node: Node) -> str:
    """The same in AND, OR and NOT, for a tree whose Booleans have either `must` or `should`."""
    if not isinstance(node, Boolean):
        return render(node)
    positive = [render_operand(each) for each in node.must or node.should if each != Everything()]
    negative = [f"NOT {render_operand(each)}" for each in node.must_not]
    alternatives = " OR ".join(positive) if node.should else " AND ".join(positive)
    wrapped = f"({alternatives})" if node.should and negative else alternatives
    return " AND ".join(filter(None, [wrapped, *negative]))


def render_operand(node: Node) -> str:
    return f"({render_operators(node)})" if isinstance(node, Boolean) else render(node)


def in_field(field: str | None, text: str) -> str:
    return f"{field}:{text}" if field else text


def texts(node: Node) -> list[str]:
    """The texts of all leaves."""
    if isinstance(node, Boolean):
        return [text for each in (*node.must, *node.should, *node.must_not) for text in texts(each)]
    return [node.text] if "text" in {each.name for each in dataclasses.fields(node)} else []
