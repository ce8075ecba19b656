"""From a query tree to a plan in one step, where all its lists are in memory already."""

from __future__ import annotations

from collections.abc import Mapping

from harbor_search.engines.embedded.terms import Operand
from harbor_search.query import Boolean, Node
from harbor_search.ranking import Plan, make_plan

__all__ = ["NO_MATCH", "quick_plan"]

NO_MATCH = make_plan(())
"""The plan that nothing matches."""

_NONE: list[int] = []


def quick_plan(query: Node, known: Mapping[Node, Operand]) -> Plan[int] | None:
    """The plan of a query that is a leaf or a flat group of leaves, all of them `known`; None for any other.

    Gives what `Execution` gives, which analyses the query first. Most queries of a warm process come this way.
    """
    if type(query) is not Boolean:
        operand = known.get(query)
        if operand is None:
            return None
        if type(operand) is int:
            return NO_MATCH if operand < 0 else make_plan((operand,))
        return make_plan((), phrases=operand)  # type: ignore[arg-type]
    must, should, must_not, minimum = query
    if minimum > (0 if must else 1):
        return None
    required: list[int] = []
    phrases: list[int] = []
    nothing = False
    for node in must:
        operand = known.get(node)
        if operand is None:
            return None
        if type(operand) is not int:
            phrases += operand  # type: ignore[arg-type]
        elif operand >= 0:
            required.append(operand)
        else:
            nothing = True
    optional = _lists(should, known) if should else _NONE
    excluded = _lists(must_not, known) if must_not else _NONE
    if optional is None or excluded is None:
        return None
    return NO_MATCH if nothing else make_plan(required, optional, excluded, phrases)


def _lists(nodes: tuple[Node, ...], known: Mapping[Node, Operand]) -> list[int] | None:
    """The lists of nodes that are known to have one, those that nothing matches left out."""
    found: list[int] = []
    for node in nodes:
        operand = known.get(node)
        if type(operand) is not int:
            return None
        if operand >= 0:
            found.append(operand)
    return found
