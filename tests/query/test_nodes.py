"""Nodes are what they say and nothing else: engines keep what they know of them by node."""

from __future__ import annotations

from itertools import combinations

from harbor_search.query import Boolean, Fuzzy, Phrase, Prefix, Term


def test_nodes_of_different_kinds_differ_whatever_they_hold() -> None:
    nodes = [Term("iron"), Prefix("iron"), Phrase("iron"), Fuzzy("iron"), Term("iron", "title"), Boolean()]
    for one, other in combinations(nodes, 2):
        assert one != other
        assert not one == other  # noqa: SIM201 (equality is written out as well)
    assert len(set(nodes)) == len(nodes)
    assert Term("iron") != ("iron", None)


def test_equal_nodes_are_found_again() -> None:
    assert {Term("iron"): 1}[Term("iron")] == 1
    assert Boolean((Term("iron"),)) == Boolean((Term("iron"),))
    assert Boolean((Term("iron"),)) != Boolean((Prefix("iron"),))
