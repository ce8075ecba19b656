"""Query trees made at random, and the text that a reader would write for a tree."""

from __future__ import annotations

from hypothesis import strategies as st

from harbor_search.query import FIELDS, Boolean, Everything, Fuzzy, Node, Nothing, Phrase, Prefix, Term

letters = st.text(alphabet="bcdfghjklmnpqrstvwxyz", min_size=3, max_size=8)  # no vowels: never a stop word
fields = st.sampled_from([None, *FIELDS])
terms = st.builds(Term, letters, fields)
phrases = st.builds(Phrase, st.lists(letters, min_size=1, max_size=4).map(" ".join), fields, st.integers(0, 9))
prefixes = st.builds(Prefix, letters, fields)
fuzzies = st.builds(Fuzzy, letters, st.integers(1, 2), fields)
leaves = st.one_of(terms, phrases, prefixes, fuzzies)


@st.composite
def trees(draw: st.DrawFn, depth: int = 3, shapes: str = "ARX", barred: str = "") -> Node:
    """A tree in its simplest form, of at most `depth` levels of Boolean nodes.

    `shapes` are those a Boolean may have: (A)lternatives only, (R)equirements and exclusions only, or a mi(X)ture.
    Alternatives among alternatives and requirements among requirements would not be simplest: `barred` is the shape
    that the root must not have because of its parent.
    """
    shape = draw(st.sampled_from("L" + shapes.replace(barred, ""))) if depth else "L"
    if shape == "L":
        return draw(leaves)

    def some(least: int, most: int, barred: str) -> tuple[Node, ...]:
        return tuple(draw(trees(depth - 1, shapes, barred)) for _ in range(draw(st.integers(least, most))))

    should = () if shape == "R" else some(2, 3, "A")
    must = () if shape == "A" else some(0, 3, "R")
    must_not = () if shape == "A" else some(0, 2, "A")
    if shape == "A":
        return Boolean((), should, (), 1)
    if shape == "X" and must:
        return Boolean(must, should, must_not, 0)
    if shape == "X":
        return Boolean((), should, must_not or (draw(leaves),), 1)
    if len(must) < 2:
        return Boolean(must or (Everything(),), (), must_not or (draw(leaves),), 0)
    return Boolean(must, (), must_not, 0)


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
    """The same in AND, OR and NOT, for a tree of alternatives and requirements without mixtures."""
    if not isinstance(node, Boolean):
        return render(node)
    if node.should:
        return " OR ".join(map(render_operand, node.should))
    required = [render_operand(each) for each in node.must if each != Everything()]
    return " AND ".join([*required, *(f"NOT {render_operand(each)}" for each in node.must_not)])


def render_operand(node: Node) -> str:
    return f"({render_operators(node)})" if isinstance(node, Boolean) else render(node)


def in_field(field: str | None, text: str) -> str:
    return f"{field}:{text}" if field else text


def texts(node: Node) -> list[str]:
    """The texts of all leaves."""
    match node:
        case Boolean():
            return [text for each in (*node.must, *node.should, *node.must_not) for text in texts(each)]
        case Everything() | Nothing():
            return []
        case _:
            return [node.text]
