"""When an engine's ranking counts as the right one."""

from benchmarks.checking import same_ranking

RIGHT = [("a", 3.0), ("b", 2.0), ("c", 1.0)]


def test_scores_in_one_proportion_are_the_same_ranking() -> None:
    assert same_ranking([("a", 6.6), ("b", 4.4), ("c", 2.2)], RIGHT, 2.2)


def test_another_document_or_another_score_is_not() -> None:
    assert not same_ranking([("a", 3.0), ("x", 2.0), ("c", 1.0)], RIGHT, 1.0)
    assert not same_ranking([("a", 3.0), ("b", 2.1), ("c", 1.0)], RIGHT, 1.0)
    assert not same_ranking(RIGHT[:2], RIGHT, 1.0)


def test_documents_that_tie_for_the_last_place_may_stand_for_each_other() -> None:
    """Single precision cannot order what differs in the seventh digit."""
    assert same_ranking([("a", 3.0), ("b", 2.0), ("x", 1.0)], RIGHT, 1.0)
