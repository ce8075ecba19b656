"""Analyzers: which words count as the same."""

from __future__ import annotations

import re
import threading
from importlib import resources

import pytest
import Stemmer
from hypothesis import given
from hypothesis import strategies as st

from harbor_search import analysis
from harbor_search.analysis import ANALYZERS, MAX_TERM_LENGTH, get_analyzer


def _terms(text: str, analyzer: str = "english") -> list[str]:
    return [token.text for token in get_analyzer(analyzer).analyze(text)]


@pytest.mark.parametrize(
    "same",
    [
        "sleep sleeps sleeping sleep's SLEEP Sleep’s",
        "leaf leaves",
        "cry cries cried crying",
        "try tries tried trying",
        "quit quits quitting",
        "people peoples person persons",
        "test tests testing",
        "testis testes testis's",
        "index indexes indices indexed",
        "lens lenses",
        "anus ani",
        "mother mothers mother's mothers' MOTHER’S",
        "café cafe CAFÉS cafe\u0301",
        "ﬁne fine FINE",
        "don't don’t dont",
        "straße strasse",
        "diagnosis diagnosi",
        "１２ 12 ١٢",
        "eau l'eau l’eau l`eau L‘eau",
        "acqua dell'acqua dell’acqua",
        "hopital L’hôpital d'hôpital",
        "1000 1,000",
        "1000000.5 1,000,000.5 1.000.000,5",
        "2.5 2,5",
        "0.5 .5",
        "tonder Tønder",
        "lodz Łódź",
        "coeur cœur",
        "aesir Æsir",
        "thor Þor",
        "hawaii Hawaiʻi Hawai'i Hawai‘i",
        "مدرسة مدرسه",
        "على علي علی",
        "ماء مـاء",
    ],
)
def test_english_takes_forms_of_a_word_for_the_same(same: str) -> None:
    assert len(set(_terms(same))) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("iron", "irony"),
        ("b12", "b"),
        ("heart", "heat"),
        ("t4", "t"),
        ("hear", "hair"),
        ("tired", "tires"),
        ("several", "severe"),
        ("testes", "tests"),
        ("indices", "indicate"),
        ("leaves", "leave"),
        ("people", "personal"),
        ("thought", "thoughtful"),
        ("theses", "these"),
        ("ani", "any"),
        ("lens", "len"),
        ("organic", "organ"),
        ("positive", "position"),
        ("experiment", "experience"),
        ("cry", "cri"),
        ("try", "tri"),
        ("party", "parti"),
        ("quit", "quite"),
        ("heroin", "heroine"),
        ("influenza", "influenzae"),
        ("periods", "periodic"),
        ("emergency", "emergence"),
        ("communicable", "communication"),
    ]
    + [("2.5", "25"), ("c++", "c"), ("c#", "c"), ("c#", "c++"), (".net", "net"), ("й", "и"), ("ギ", "キ")],
)
def test_english_keeps_different_words_apart(first: str, second: str) -> None:
    assert _terms(first) != _terms(second)


@pytest.mark.parametrize(
    ("analyzer", "same"),
    [
        ("german", "Rücken Ruecken rucken"),
        ("german", "Schmerz Schmerzen"),
        ("german", "Arzt Ärzte Arztes"),
        ("german", "Fuß Fuss"),
        ("french", "hôpital hopital hôpitaux l’hôpital"),
        ("french", "allergie allergies"),
        ("spanish", "información informacion informaciones"),
        ("spanish", "alergia alergias"),
        ("portuguese", "informação informacao informações"),
        ("italian", "ospedale ospedali dell'ospedale"),
        ("russian", "русский русская"),
    ],
)
def test_each_language_takes_forms_of_its_words_for_the_same_with_and_without_accents(analyzer: str, same: str) -> None:
    assert len(set(_terms(same, analyzer))) == 1


@pytest.mark.parametrize("name", ["b12", "t4s", "covid19", "h1n1ing", "naïve2s"])
def test_names_with_digits_are_not_stemmed(name: str) -> None:
    assert _terms(name) == [name.replace("ï", "i")]


def test_signs_that_make_no_name_are_no_part_of_a_term() -> None:
    assert _terms("see .here word# HER2++ notepad++", "simple") == ["see", "here", "word", "her2", "notepad++"]


def test_simple_folds_and_does_not_stem() -> None:
    assert _terms("Sleeping CAFÉS mother’s", "simple") == ["sleeping", "cafes", "mothers"]


def test_scripts_without_spaces_are_analysed_character_by_character() -> None:
    assert _terms("東京は") == ["東", "京", "は"]


@pytest.mark.parametrize("analyzer", ["english", "spanish", "arabic", "simple"])
@given(st.text(st.characters()))
def test_any_text_has_terms_with_the_places_of_its_words(analyzer: str, text: str) -> None:
    tokens = get_analyzer(analyzer).analyze(text)
    assert [token.position for token in tokens] == list(range(len(tokens)))
    assert all(0 < len(token.text) <= MAX_TERM_LENGTH for token in tokens)
    assert all(text[token.start : token.end] for token in tokens)
    assert all("'" not in token.text for token in tokens)
    assert get_analyzer(analyzer).terms([]) == []


@pytest.mark.parametrize("analyzer", ["english", "spanish", "arabic", "simple"])
def test_endless_words_are_cut_in_articles_and_queries_alike(analyzer: str) -> None:
    first, second = _terms("x" * 1000 + " " + "x" * 64 + "y", analyzer)
    assert first == second == "x" * MAX_TERM_LENGTH


def test_stop_words_are_terms_so_that_phrases_of_them_can_be_found() -> None:
    assert _terms("to be or not to be") == ["to", "be", "or", "not", "to", "be"]


def test_fingerprints_tell_analyzers_and_the_versions_behind_them() -> None:
    fingerprints = {name: get_analyzer(name).fingerprint for name in ANALYZERS}
    assert len(set(fingerprints.values())) == len(ANALYZERS)
    assert all(fingerprint.startswith(name) and "unicode-" in fingerprint for name, fingerprint in fingerprints.items())
    assert "snowball-" in fingerprints["english"] and "snowball-" not in fingerprints["simple"]


def test_an_unknown_analyzer_is_a_key_error_that_names_it() -> None:
    with pytest.raises(KeyError, match="klingon"):
        get_analyzer("klingon")


def test_threads_share_an_analyzer() -> None:
    words = [f"running{letter} mothers sleeping" for letter in "abcdefgh"] * 50
    expected = [_terms(word) for word in words]
    found: list[list[list[str]]] = []
    threads = [threading.Thread(target=lambda: found.append([_terms(word) for word in words])) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 6


def _lines_of_own_terms() -> list[tuple[list[str], list[str]]]:
    """The forms on each line, and the words behind it of which the stemmer takes them for forms."""
    lines = resources.files(analysis).joinpath("own_terms.txt").read_text("utf-8").splitlines()
    parts = [line.partition("#") for line in lines]
    return [(forms.split(), re.findall("[a-z]+", others)) for forms, _, others in parts if forms.strip()]


@pytest.mark.parametrize(("forms", "others"), _lines_of_own_terms())
def test_a_word_has_a_term_of_its_own_only_where_the_stemmer_does_not_do(forms: list[str], others: list[str]) -> None:
    stems = set(Stemmer.Stemmer("english").stemWords(forms))
    taken = stems & set(Stemmer.Stemmer("english").stemWords([each for each in others if each not in forms]))
    assert taken or len(stems) > 1
    assert len(set(get_analyzer("english").terms(forms))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("medication", "medicated"), ("synthesize", "syntheses"), ("organ", "organs"), ("evening", "evenings")),
        ("organized", "organizations"),
    ],
)
def test_forms_of_one_word_have_one_term(one: str, other: str) -> None:
    terms = get_analyzer("english").terms([one, other])
    assert terms[0] == terms[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("medication", "medical"),
        ("als", "al"),
        ("eds", "ed"),
        ("organ", "organic"),
        ("paste", "past"),
        ("opera", "operate"),
    ],
)
def test_words_of_other_subjects_have_other_terms(one: str, other: str) -> None:
    terms = get_analyzer("english").terms([one, other])
    assert terms[0] != terms[1]
