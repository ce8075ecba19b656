"""Names in queries, and files that change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from harbor_search.analysis import get_analyzer
from harbor_search.analysis.compounds import atoms_of
from harbor_search.errors import UserError
from harbor_search.synonyms import SynonymFiles, Thesaurus, read_groups, synonyms_of
from harbor_search.synonyms import files as synonym_files
from harbor_search.synonyms.groups import Equivalent

TEXT = """
ringing in the ears, tinnitus
heart attack, myocardial infarction
attack => onset
the pill => oral contraceptives
high blood pressure, hypertension
"""


def thesaurus(text: str = TEXT) -> Thesaurus:
    return Thesaurus([each for each in read_groups(text) if isinstance(each, Equivalent)], get_analyzer("english"))


def names(query: str) -> list[tuple[str, list[str]]]:
    words = query.split()
    terms = get_analyzer("english").terms([word.lower() for word in words])
    found = thesaurus().names(words, terms)
    return [(" ".join(words[index] for index in name.words), [other.text for other in name.others]) for name in found]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ringing in my ears", [("ringing ears", ["tinnitus"])]),
        ("Heart Attacks", [("Heart Attacks", ["myocardial infarction"])]),
        ("an attack", [("attack", ["onset"])]),
        ("the pill", [("the pill", ["oral contraceptives"])]),
        ("pill", []),
        ("attack heart", [("attack", ["onset"])]),
        (
            "heart attack and high blood pressure",
            [("heart attack", ["myocardial infarction"]), ("high blood pressure", ["hypertension"])],
        ),
        ("onset", []),
    ],
)
def test_names_are_found_in_any_form_and_the_longest_wins(query: str, expected: list[tuple[str, list[str]]]) -> None:
    assert names(query) == expected


def test_function_words_of_the_collections_own_languages_are_passed_over() -> None:
    group = next(each for each in read_groups("mal de la tête, migraine") if isinstance(each, Equivalent))
    words = ["mal", "à", "la", "tête"]

    def found(analyzer: str) -> list[tuple[int, ...]]:
        terms = get_analyzer(analyzer).terms(words)
        return [name.words for name in Thesaurus([group], get_analyzer(analyzer)).names(words, terms)]

    assert found("french") == [(0, 3)]
    assert found("english") == []


def test_names_are_found_in_any_spelling_and_irregular_form() -> None:
    found = thesaurus("wisdom teeth, third molars\npiles, hemorrhoids")
    terms = get_analyzer("english").terms(["wisdom", "tooth", "hemorrhoid"])
    assert [name.words for name in found.names(["wisdom", "tooth", "haemorrhoid"], terms)] == [(0, 1), (2,)]


def test_words_of_names_are_known_to_be_spelt_so() -> None:
    assert thesaurus().knows("tinnitus")
    assert not thesaurus().knows("tinitus")


def test_a_list_that_was_saved_counts_without_a_new_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "own.txt"
    path.write_text("croup, barking cough\n")
    lists = SynonymFiles((str(path),))
    assert len(lists.thesaurus("english")) == 2
    monkeypatch.setattr(synonym_files, "_LOOK_EVERY", -1.0)
    path.write_text("croup, barking cough\ntb, tuberculosis\n")
    assert len(lists.thesaurus("english")) == 4
    os.unlink(path)  # an editor replaces files: what was read last holds until there is one again
    assert len(lists.thesaurus("english")) == 4


def test_lists_are_named_in_a_setting(tmp_path: Path) -> None:
    own = tmp_path / "own.txt"
    own.write_text("blarp, zonk\n")
    assert synonyms_of("none") is None
    both = synonyms_of(f"health, {own}")
    assert both is not None
    assert both.thesaurus("english").names(["blarp"], ["blarp"])[0].others[0].text == "zonk"
    with pytest.raises(UserError, match=r"cannot read the list of synonyms nowhere\.txt"):
        synonyms_of("nowhere.txt")


def test_names_of_letters_are_analysed_as_all_others() -> None:
    listed = [
        "Heart  attacks",
        "the pills",
        "na\u00efve T cells",
        "C++",
        "I am",
        "vitamin B12",
        "the",
        "Crohn's disease",
    ]
    made = Thesaurus([Equivalent(each, "other", 1.0) for each in listed], get_analyzer("english"))
    for text in listed:
        tokens = get_analyzer("english").analyze(text)
        atoms = [(text[token.start : token.end], atom) for token in tokens for atom in atoms_of(token.text)]
        words, terms = zip(*atoms, strict=True)
        assert [name.words[-1] for name in made.names(words, terms)] == [len(terms) - 1], text
        assert all(made.knows(token.text) for token in tokens)
