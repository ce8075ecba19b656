"""Words that are spelt like a word."""

from __future__ import annotations

import random
import string

import pytest

from harbor_search.spelling import Lexicon


def distance(one: str, other: str) -> int:
    """The optimal string alignment distance, by its definition."""
    rows = [list(range(len(other) + 1))]
    for i in range(1, len(one) + 1):
        row = [i]
        for j in range(1, len(other) + 1):
            least = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (one[i - 1] != other[j - 1]))
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                least = min(least, rows[-2][j - 2] + 1)
            row.append(least)
        rows.append(row)
    return rows[-1][-1]


def test_every_word_within_two_edits_is_found_and_no_other() -> None:
    chance = random.Random(7)
    letters = "abcdeéж"
    words = sorted({"".join(chance.choices(letters, k=chance.randint(3, 9))) for _ in range(3_000)})
    lexicon = Lexicon(words)
    for word in chance.sample(words, 20) + ["abc", "zzzz", "éжéж"]:
        for most in (1, 2):
            expected = {each: distance(word, each) for each in words if 0 < distance(word, each) <= most}
            assert {each.word: each.edits for each in lexicon.similar(word, most)} == expected


def test_of_many_words_the_cheapest_are_found_each_once() -> None:
    words = [first + "ngina" for first in "bcdefg"] + ["anginaa", "angina", "anginaa"]
    every = Lexicon(words).similar("angina", 1)
    assert [each.cost for each in every] == sorted(each.cost for each in every)
    assert Lexicon(words).similar("angina", 1, 3) == every[:3]
    assert every[0].word == "anginaa" and len({each.word for each in every}) == len(every) == 7


def test_lists_of_several_segments_are_one_lexicon() -> None:
    import numpy as np

    def packed(*words: str) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
        encoded = [word.encode() for word in words]
        return np.frombuffer(b"".join(encoded), np.uint8), np.cumsum([len(e) for e in encoded]).astype(np.uint64)

    lexicon = Lexicon.joined([packed("angina", "naïve"), packed("angina", "nerve")])
    assert {each.word for each in lexicon.similar("agina", 1)} == {"angina"}
    assert {each.word for each in lexicon.similar("naive", 2)} == {"naïve", "nerve"}
    assert Lexicon.joined([]).similar("angina", 2) == []


@pytest.mark.parametrize(
    ("typed", "nearer", "farther"),
    [
        ("asthna", "asthma", "asthra"),  # n is beside m and sounds like it
        ("tonsilitis", "tonsillitis", "tonsiblitis"),  # one of a pair is left out
        ("bleedign", "bleeding", "bleedien"),  # two letters in the wrong order
        ("ginger", "gingar", "pinger"),  # first letters are hardly ever wrong
    ],
)
def test_mistakes_that_people_make_cost_less(typed: str, nearer: str, farther: str) -> None:
    costs = {each.word: each.cost for each in Lexicon([nearer, farther]).similar(typed, 2)}
    assert costs[nearer] < costs[farther]


def test_words_too_long_for_words_find_nothing() -> None:
    assert Lexicon(["abc"]).similar("a" * 41, 2) == []
    assert Lexicon(["abc"]).similar(string.ascii_lowercase, 2) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("newmonia", "pneumonia"),
        ("fisical", "physical"),
        ("siatica", "sciatica"),
        ("rinitis", "rhinitis"),
        ("asma", "asthma"),
        ("nawsha", "nausea"),
        ("egzema", "eggzemah"),
        ("naiv", "naïve"),
        ("rist", "wrist"),
        ("nee", "knee"),
        ("flem", "flegm"),
        ("lim", "limb"),
        ("exema", "ekzema"),
        ("soriasis", "psoriasis"),
        ("ich", "itch"),
        ("slite", "slight"),
    ],
)
def test_spellings_by_ear_sound_the_same(one: str, other: str) -> None:
    lexicon = Lexicon([other, "zebra"])
    assert [each.word for each in lexicon.similar(one, 0, by_ear=True) if each.heard] == [other]
    assert lexicon.similar(one, 0) == []


@pytest.mark.parametrize(("one", "other"), [("hair", "hear"), ("anosmia", "insomia"), ("back", "bag"), ("x", "ж")])
def test_what_sounds_the_same_costs_less_than_what_does_not(one: str, other: str) -> None:
    by_ear, by_letters = Lexicon([other]).similar(one, 3, by_ear=True), Lexicon([other]).similar(one, 3)
    assert (by_ear[0].cost < by_letters[0].cost) == by_ear[0].heard == (one == "hair")
