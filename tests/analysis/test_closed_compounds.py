"""How German compounds are put together."""

from __future__ import annotations

from harbor_search.analysis.closed_compounds import closed_compounds, parts_of_compound


def test_a_compound_has_the_pairs_of_parts_that_its_letters_allow() -> None:
    assert ("herzinfarkt", "risiko") in parts_of_compound("herzinfarktrisiko")
    assert "gesundheitsamt" in closed_compounds("Gesundheit", "Amt")


def test_what_is_longer_than_any_word_has_no_parts_and_makes_no_compound() -> None:
    """A text without spaces has as many pairs as letters, each as long as itself."""
    assert parts_of_compound("herzinfarktrisiko" * 4) == ()
    assert closed_compounds("herzinfarktrisiko" * 4, "Amt") == ()
