"""Boolean nodes in their simplest form, so that equal questions make equal trees.

Every rewriting keeps which articles match and what they score: a node's score is the sum over its clauses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from harbor_search.query.nodes import Boolean, Everything, Node

__all__ = ["all_of", "any_of", "clauses"]


def clauses(must: Sequence[Node], should: Sequence[Node], must_not: Sequence[Node]) -> Node | None:
    """The node for these clauses: every `must`, no `must_not`, and one `should` where there is no `must`.

    None where there is no clause at all. Only `must_not` means everything but those.
    """
    optional = _merged_should(should)
    if len(optional) == 1 and not must:  # a lone alternative is a requirement
        must, optional = optional, []
    required, excluded = _merged_must(must, must_not)
    if not required and not optional:
        if not excluded:
            return None
        required = [Everything()]
    if len(required) == 1 and not optional and not excluded:
        return required[0]
    return Boolean(tuple(required), tuple(optional), tuple(excluded), minimum=0 if required else 1)


def any_of(nodes: Sequence[Node]) -> Node | None:
    """Articles that match at least one of `nodes`; None where there are none."""
    return clauses((), nodes, ())


def all_of(must: Sequence[Node], must_not: Sequence[Node]) -> Node | None:
    """Articles that match every `must` and no `must_not`; None where there are none."""
    return clauses(must, (), must_not)


def _merged_should(nodes: Iterable[Node]) -> list[Node]:
    """`nodes` with alternatives among alternatives lifted: a (b c) is a b c."""
    merged: list[Node] = []
    for node in nodes:
        if isinstance(node, Boolean) and not node.must and not node.must_not and node.minimum == 1:
            merged.extend(node.should)
        else:
            merged.append(node)
    return merged


def _merged_must(must: Iterable[Node], must_not: Iterable[Node]) -> tuple[list[Node], list[Node]]:
    """Both lists with requirements among requirements lifted: +a +(+b -c) is +a +b -c."""
    required: list[Node] = []
    excluded: list[Node] = []
    for node in must:
        if isinstance(node, Boolean) and not node.should:
            required.extend(node.must)
            excluded.extend(node.must_not)
        else:
            required.append(node)
    excluded.extend(_merged_should(must_not))  # not any of them is none of them
    narrowing = [node for node in required if node != Everything()]
    return narrowing or required[:1], excluded
