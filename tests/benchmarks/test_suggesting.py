"""`python -m benchmarks suggest` asks for what is typed on the way to a title."""

from __future__ import annotations

from benchmarks.suggesting import beginnings


def test_titles_are_typed_letter_by_letter_up_to_a_dozen() -> None:
    assert sorted(beginnings(["Tea", "Signs of Low Iron", "X"])) == sorted(
        ["Te", "Tea", *("Signs of Low Iron"[:size] for size in range(2, 13))]
    )


def test_the_same_collection_is_always_asked_the_same() -> None:
    titles = [f"Title {number}" for number in range(500)]
    assert beginnings(titles) == beginnings(titles)
    assert len({text for text in beginnings(titles) if text.startswith("Title ")}) > 200
