"""British and American spellings, irregular and classical forms of a word are found from each other."""

from __future__ import annotations

from sys import getrefcount

import pytest

from harbor_search.analysis import get_analyzer
from harbor_search.analysis import variants as rules
from harbor_search.analysis.variants import name_form, other_spellings, usual_spelling, variants

PAIRS = [
    ("edema", "oedema"),
    ("esophagus", "oesophagus"),
    ("tumors", "tumours"),
    ("anemia", "anaemia"),
    ("hemorrhage", "haemorrhage"),
    ("hematology", "haematology"),
    ("pediatric", "paediatric"),
    ("orthopedics", "orthopaedics"),
    ("diarrhea", "diarrhoea"),
    ("fetus", "foetus"),
    ("fiber", "fibre"),
    ("color", "colour"),
    ("behavioral", "behavioural"),
    ("organize", "organise"),
    ("hospitalization", "hospitalisation"),
    ("analyze", "analyse"),
    ("paralyzed", "paralysed"),
    ("estrogen", "oestrogen"),
    ("gynecologist", "gynaecologist"),
    ("anesthesia", "anaesthesia"),
    ("leukemia", "leukaemia"),
    ("leukocytes", "leucocytes"),
    ("celiac", "coeliac"),
    ("apnea", "apnoea"),
    ("sulfate", "sulphate"),
    ("kilometers", "kilometres"),
    ("counselor", "counsellor"),
    ("aging", "ageing"),
    ("program", "programme"),
    ("practice", "practise"),
    ("practiced", "practised"),
    ("licenses", "licences"),
    ("defense", "defence"),
    ("maneuver", "manoeuvre"),
]

FORMS = [
    ("tooth", "teeth"),
    ("foot", "feet"),
    ("goose", "geese"),
    ("mouse", "mice"),
    ("child", "children"),
    ("man", "men"),
    ("woman", "women"),
    ("diagnosis", "diagnoses"),
    ("metastasis", "metastases"),
    ("prosthesis", "prostheses"),
    ("bacterium", "bacteria"),
    ("ovum", "ova"),
    ("thorax", "thoraces"),
    ("calyx", "calyces"),
    ("stigma", "stigmata"),
    ("taxon", "taxa"),
    ("fungus", "fungi"),
    ("appendix", "appendices"),
    ("cortex", "cortices"),
    ("pharynx", "pharynges"),
    ("bleed", "bled"),
    ("feel", "felt"),
    ("break", "broke"),
    ("break", "broken"),
    ("sleep", "slept"),
    ("swell", "swollen"),
]


@pytest.mark.parametrize(("american", "british"), PAIRS)
def test_each_spelling_finds_the_other(american: str, british: str) -> None:
    assert british in other_spellings(american, "english")
    assert american in other_spellings(british, "english")
    assert usual_spelling(british) == usual_spelling(american) == american


@pytest.mark.parametrize(("one", "other"), FORMS)
def test_each_form_finds_the_other(one: str, other: str) -> None:
    assert other in variants(one, "english")
    assert one in variants(other, "english")


def test_a_form_is_found_in_the_other_spelling_too() -> None:
    assert "ischemias" not in variants("ischaemia", "english")
    assert {"oesophagi", "esophagi", "oesophagus"} <= set(variants("esophagus", "english"))


@pytest.mark.parametrize(
    "word",
    [
        "disease",
        "hour",
        "flour",
        "media",
        "bases",
        "lead",
        "saw",
        "wound",
        "rise",
        "noise",
        "arthritus",
        "typhus",
        "cornea",
    ],
)
def test_words_that_only_look_like_others_have_no_variants(word: str) -> None:
    assert variants(word, "english") == ()


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("any", "anus"),
        ("tony", "tonus"),
        ("bit", "bite"),
        ("stamina", "stamen"),
        ("capita", "caput"),
        ("mini", "minus"),
        ("tantrum", "tantra"),
        ("californium", "california"),
        ("syringes", "syrinx"),
        ("alum", "ala"),
    ],
)
def test_a_word_of_its_own_is_no_form_of_another(word: str, other: str) -> None:
    assert other not in variants(word, "english")
    assert word not in variants(other, "english")
    assert len(set(get_analyzer("english").terms([name_form(each, "english") for each in (word, other)]))) == 2


@pytest.mark.parametrize(
    ("verb", "noun"),
    [
        *(("synthesized", "synthesis"), ("metastasize", "metastasis"), ("paralysed", "paralysis")),
        *(("metastasizes", "metastasis"), ("emphasise", "emphasis")),
    ],
)
def test_a_verb_is_found_from_its_greek_noun_and_the_other_way_round(verb: str, noun: str) -> None:
    assert noun in variants(verb, "english")
    stem = get_analyzer("english").terms([usual_spelling(verb)])
    assert stem[0] in get_analyzer("english").terms([usual_spelling(each) for each in variants(noun, "english")])


def test_words_are_listed_as_no_plurals_only_where_a_rule_would_take_them_for_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listed = rules._no_plurals()
    known = {word: variants(word, "english") for word in listed}
    monkeypatch.setattr(rules, "_no_plurals", frozenset)
    rules._variants.cache_clear()
    try:
        assert [word for word in sorted(listed) if variants(word, "english") == known[word]] == []
    finally:
        rules._variants.cache_clear()


@pytest.mark.parametrize("word", ["b12", "covid-19", "größe", "x", "", "#", ".", "l'eau", "a" * 50])
def test_what_is_no_english_word_has_none(word: str) -> None:
    assert variants(word, "english") == ()
    assert usual_spelling(word) == name_form(word, "english") == word


def test_what_is_too_long_for_a_word_is_not_remembered() -> None:
    word = "longword" * 100
    before = getrefcount(word)
    found = variants(word, "english"), other_spellings(word, "english"), name_form(word, "english") == word
    assert (*found, usual_spelling(word) == word) == ((), (), True, True)
    assert getrefcount(word) == before


def test_other_languages_have_none() -> None:
    assert variants("color", "spanish") == other_spellings("color", "spanish+english") == ()
    assert name_form("color", "simple") == "color"


def test_names_are_compared_by_one_form_of_their_words() -> None:
    assert name_form("teeth", "english") == name_form("tooth", "english")
    assert name_form("haemorrhoids", "english") == name_form("hemorrhoids", "english")
