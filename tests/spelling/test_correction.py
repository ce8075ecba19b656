"""What is done about a word that no article has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest

from harbor_search.spelling import Context, Correction, Lexicon, correct, look_alikes_of

TEXTS = (
    ["hemorrhoids cream"] * 9
    + ["diabetes care"] * 30
    + ["heart attack", "heart attack signs", "heart beat"] * 5
    + ["pneumonia"] * 4
    + ["rotator cuff tear"] * 3
    + ["breath of a patient", "breath and cancer of a patient"] * 20
    + ["breast cancer signs"] * 4
    + ["no cancer"] * 4
    + ["a cup of tea", "a cut finger"] * 8
    + ["hydroxyzine tablets", "hydralazine tablets", "prednisone", "celebrex"]
)


class Collection:
    """A collection of a few short texts."""

    analyzer = "english"

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = [text.split() for text in texts]
        self.articles = len(texts)
        self.lexicon = Lexicon(sorted({word for text in self.texts for word in text if len(word) > 2}))

    def spelt(self, word: str) -> bool:
        return word in self.lexicon

    def prefetch(self, words: Iterable[str]) -> None:
        pass

    def frequency(self, word: str) -> int:
        return self.together([word])

    def together(self, words: Sequence[str]) -> int:
        return sum(all(word in text for word in words) for text in self.texts)

    def adjacent(self, words: Sequence[str]) -> int:
        return sum(" ".join(words) in " ".join(text) for text in self.texts)


WORDS = Collection(TEXTS)


def meant(word: str, before: str = "", behind: str = "") -> tuple[str, ...]:
    context = Context(tuple(filter(None, (before, behind))), before, behind)
    return correct(word, context, WORDS, lambda _: False).meant


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("diabetis", "diabetes"),
        ("hemroids", "hemorrhoids"),
        ("newmonia", "pneumonia"),
        ("heartattack", "heart attack"),
        ("attakc", "attack"),
    ],
)
def test_a_misspelt_word_is_read_as_what_was_meant(typed: str, expected: str) -> None:
    assert meant(typed)[0] == expected


@pytest.mark.parametrize(("typed", "expected"), [("waar", "war"), ("carr", "car")])
def test_a_word_may_be_meant_that_says_nothing_in_another_language_of_the_collection(typed: str, expected: str) -> None:
    words = Collection(["war crimes", "car insurance"] * 9)
    words.analyzer = "english+dutch+french+german"
    assert correct(typed, Context(), words, lambda _: False).meant == (expected,)


def test_what_is_too_far_from_any_word_is_left_alone() -> None:
    assert meant("xylophone") == ()
    assert meant("zzz") == ()
    assert meant("b12") == ()


def test_what_is_longer_than_two_words_is_not_parted(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(WORDS, "prefetch", asked.extend)
    assert meant("heartattack" * 900) == ()
    assert asked == []


def test_the_other_words_of_the_query_decide_between_equals() -> None:
    assert meant("cuf", "rotator")[0] == "cuff"


def test_the_word_beside_it_decides_between_those_that_stand_in_the_same_articles() -> None:
    assert meant("breat")[0] == "breath"
    assert meant("breat", behind="cancer")[0] == "breast"


def test_a_word_of_three_letters_is_read_as_another_only_beside_what_stands_beside_that() -> None:
    assert meant("cuf") == ()
    assert meant("cuf", behind="cancer") == ()
    assert "cuff" in correct("cuf", Context(), WORDS, lambda _: False).offered


def test_a_name_that_people_spell_so_is_only_offered_something_else() -> None:
    assert meant("pneumonic")
    correction = correct("pneumonic", Context(), WORDS, lambda word: word == "pneumonic")
    assert correction.meant == ()
    assert "pneumonia" in correction.offered


def test_a_medicine_is_never_read_as_its_look_alike() -> None:
    """Neither where it is spelt right and not in the collection, nor where a mistake is as near to both."""
    correction = correct("prednisolone", Context(), WORDS, lambda _: False)
    assert correction.meant == ()
    assert "prednisone" in correction.offered
    between = correct("hydroxlazine", Context(), Collection(["hydroxyzine", "hydralazine"]), lambda _: False)
    assert between.meant == ()
    assert set(between.offered) == {"hydroxyzine", "hydralazine"}


def test_the_list_of_look_alikes_has_the_known_pairs_both_ways() -> None:
    for one, other in [("hydroxyzine", "hydralazine"), ("prednisone", "prednisolone"), ("celebrex", "celexa")]:
        assert other in look_alikes_of(one)
        assert one in look_alikes_of(other)
    assert look_alikes_of("table") == frozenset()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("asma", "asthma"), ("newmonya", "pneumonia"), ("ekzema", "eczema"), ("skizofrenia", "schizophrenia")],
)
def test_a_word_is_known_by_its_sound_however_many_letters_are_wrong(typed: str, expected: str) -> None:
    words = Collection([expected] * 9 + ["asia", "newman", "enema", "penumbra"])
    assert correct(typed, Context(), words, lambda _: False).meant[0] == expected


@pytest.mark.parametrize(("name", "near"), [("keppra", "kappa"), ("xarelto", "harelip")])
def test_what_is_two_mistakes_from_the_nearest_word_may_be_a_name_and_is_left_alone(name: str, near: str) -> None:
    words = Collection([f"{near} light chain"] * 9)
    assert correct(name, Context(), words, lambda _: False).meant == ()


def test_of_short_words_that_are_as_likely_the_one_beside_the_neighbour_is_meant() -> None:
    words = Collection(["pun"] * 20 + ["pen a note"] * 9)
    assert correct("pyn", Context((), "", "a"), words, lambda _: False).meant == ("pen",)


def test_two_mistakes_are_corrected_where_articles_have_the_word_beside_its_neighbour() -> None:
    words = Collection(["kappa light chain"] * 9)
    assert correct("keppra", Context(), words, lambda _: False) == Correction("keppra", (), ("kappa",))
    assert correct("keppra", Context(("light",), "", "light"), words, lambda _: False).meant == ("kappa",)


@pytest.mark.parametrize("word", ["zebra", "xyzzy"])
def test_a_short_word_is_offered_nothing_that_is_far_from_it(word: str) -> None:
    collection = Collection(["bra"] * 9 + ["debra"] * 9 + ["xyy"] * 9 + ["zero"])
    assert correct(word, Context(), collection, lambda _: False) == Correction(word, (), ())
