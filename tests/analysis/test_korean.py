"""Korean words are found whatever particle is written onto them."""

from __future__ import annotations

import pytest

from harbor_search.analysis.korean import without_particle


@pytest.mark.parametrize(
    ("word", "noun"),
    [
        ("당뇨병은", "당뇨병"),
        ("의사가", "의사"),
        ("의사는", "의사"),
        ("병원에서", "병원"),
        ("병원에서는", "병원"),
        ("병원으로", "병원"),
        ("서울로", "서울"),
        ("질병입니다", "질병"),
        ("약을", "약"),
        ("가을", "가을"),  # autumn: behind a vowel it would be the other particle
        ("안과", "안과"),  # the eye doctor's
        ("의사", "의사"),
        ("은", "은"),
        ("vitamin은", "vitamin은"),
        ("", ""),
    ],
)
def test_a_noun_is_told_from_its_particle(word: str, noun: str) -> None:
    assert without_particle(word) == noun
