"""One word in several spellings is one word for readers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from sys import getrefcount

import pytest

from harbor_search.analysis import get_analyzer
from harbor_search.analysis.compounds import joined, spellings, splits
from harbor_search.config import Settings
from harbor_search.engines.clauses import Term as AnalysedTerm
from harbor_search.engines.embedded import EmbeddedEngine
from harbor_search.engines.word_forms import WordForms
from harbor_search.query import Term
from harbor_search.results import SearchResults
from harbor_search.searching import parse_request, search
from harbor_search.searching.term_cache import term_of
from tests.support.articles import plain

Ask = Callable[..., SearchResults]

TEXTS = {
    "hyphens": "The Wi-Fi is free. Ask for the code by e-mail. Every check-up takes an hour.",
    "closed": "The wifi is slow. We answer an email within a day. A yearly checkup is free.",
    "apart": "A check up takes an hour. Bring a pen.",
    "b12": "Too little B12 makes people tired.",
    "b-12": "Liver has more B-12 than other food.",
    "b 12": "Clams have vitamin B 12 in plenty.",
    "range": "Take 2-5 of the tablets.",
    "aged": "A man aged forty came. He was a man of his age, and the man aged well.",
    "manage": "How to manage at home, and what to manage first.",
    "other": "The canteen is closed on Monday, up to the end of the year, and they check the age of every man.",
}


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    settings = Settings(index=Path(tmp_path_factory.mktemp("index")))
    engine = EmbeddedEngine(settings)
    filler = [
        plain(f"filler {1000 + i}", text=f"A man reads page {1000 + i}; his age is told there.") for i in range(60)
    ]
    engine.rebuild([*(plain(name, text=text) for name, text in TEXTS.items()), *filler], lambda *_: None)
    return lambda q, **more: search(engine, parse_request({"q": q, "per_page": "100", **more}, settings), settings)


def ids(results: SearchResults) -> list[str]:
    return [hit.id for hit in results.hits]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("wi-fi", {"hyphens", "closed"}),
        ("wifi", {"hyphens", "closed"}),
        ("wi fi", {"hyphens", "closed"}),
        ("e-mail", {"hyphens", "closed"}),
        ("email", {"hyphens", "closed"}),
        ("check-up", {"hyphens", "closed", "apart"}),
        ("checkup", {"hyphens", "closed", "apart"}),
        ("B12", {"b12", "b-12", "b 12"}),
        ("B-12", {"b12", "b-12", "b 12"}),
        ("manage", {"manage"}),
        ("2.5", set()),
        ("25", set()),
    ],
)
@pytest.mark.parametrize("more", [{}, {"facets": "0"}, {"facets": "0", "snippets": "0"}])
def test_a_search_in_any_spelling_finds_every_spelling(
    ask: Ask, query: str, found: set[str], more: dict[str, str]
) -> None:
    assert set(ids(ask(query, **more))) == found


@pytest.mark.parametrize("strict", ["0", "1"])
def test_neighbours_in_a_query_find_the_closed_word_as_if_both_were_there(ask: Ask, strict: str) -> None:
    assert {"hyphens", "closed", "apart"} <= set(ids(ask("check up", strict=strict)))
    assert {"b12", "b-12", "b 12"} <= set(ids(ask("B 12", strict=strict)))


def test_the_spelling_that_was_asked_for_comes_first(ask: Ask) -> None:
    assert ids(ask("wifi"))[0] == "closed"
    assert ids(ask("wi-fi"))[0] == "hyphens"
    assert ids(ask("B12"))[0] == "b12"


def test_other_spellings_are_marked(ask: Ask) -> None:
    snippets = next(hit for hit in ask("checkup").hits if hit.id == "apart").snippets
    assert [snippets[0].text[start:end] for start, end in snippets[0].ranges] in (["check", "up"], ["check up"])


def test_what_was_asked_before_does_not_change_what_is_found(ask: Ask) -> None:
    plain_way = {"facets": "0", "snippets": "0"}
    for _ in range(2):
        ask("check", **plain_way), ask("up", **plain_way)
    assert "closed" in ids(ask("check up", **plain_way))
    assert "closed" not in ids(ask("check", **plain_way))
    assert ids(ask("check up", **plain_way)) == ids(ask("check up"))


VARIANTS = {
    "british": "An oedema is a swelling of the foot. Brain tumours are rare.",
    "american": "Edema makes a foot swell. A brain tumor is rare.",
    "teeth": "Wisdom teeth may hurt. The gums bled a little, and I felt ill.",
    "tooth": "A wisdom tooth may hurt. Gums bleed when they are ill.",
    "others": "Any tests of the glands are indicated by complications, and these vary.",
    "scan": "The diagnoses were metastases and bacteria in the vertebrae.",
}


@pytest.fixture(scope="module")
def variants(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    settings = Settings(index=Path(tmp_path_factory.mktemp("index")), corrections=False, synonyms="none")
    engine = EmbeddedEngine(settings)
    filler = [plain(f"filler {i}", text=f"Page {i} of the book.") for i in range(20)]
    engine.rebuild([*(plain(name, text=text) for name, text in VARIANTS.items()), *filler], lambda *_: None)
    return lambda q, **more: search(engine, parse_request({"q": q, "per_page": "100", **more}, settings), settings)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("oedema", ["british", "american"]),
        ("edema", ["american", "british"]),
        ("tumour", ["british", "american"]),
        ("tumors", ["american", "british"]),
        ("tooth", ["tooth", "teeth"]),
        ("teeth", ["teeth", "tooth"]),
        ("bled", ["teeth", "tooth"]),
        ("bleeding", ["tooth", "teeth"]),
        ("feel", ["teeth"]),
        ("swollen", ["american", "british"]),
        ("diagnosis", ["scan"]),
        ("metastasis", ["scan"]),
        ("bacterium", ["scan"]),
        ("vertebra", ["scan"]),
        ('"tooth"', ["tooth"]),
        ('"oedema"', ["british"]),
    ],
)
def test_spellings_and_irregular_forms_are_one_word_the_exact_one_first(
    variants: Ask, query: str, found: list[str]
) -> None:
    assert ids(variants(query)) == found


@pytest.mark.parametrize("query", ["anus", "testis", "glans", "index", "complex", "thesis", "varus"])
def test_a_word_does_not_find_another_that_has_the_stem_of_one_of_its_forms(variants: Ask, query: str) -> None:
    assert ids(variants(query)) == []


@pytest.mark.parametrize(
    ("query", "found"), [("oedema", ["british"]), ("teeth", ["teeth"]), ("brain -tumour", ["american"])]
)
def test_a_literal_search_is_for_the_spelling_that_was_typed(variants: Ask, query: str, found: list[str]) -> None:
    assert ids(variants(query, literal="1")) == found


def test_the_answer_says_in_which_spelling_else_a_word_was_looked_for(variants: Ask) -> None:
    assert variants("oedema").applied.spellings == (("oedema", "edema"),)
    assert variants("teeth").applied.spellings == ()


def test_a_hit_says_in_which_form_it_has_a_word(variants: Ask) -> None:
    assert [match.text for hit in variants("tooth hurt").hits for match in hit.matched] == ["teeth"]
    assert [match.text for hit in variants("oedema foot").hits for match in hit.matched] == ["Edema"]


def test_a_spelling_that_no_article_has_scores_as_the_one_they_have(variants: Ask) -> None:
    assert ids(variants("metastasis")) == ["scan"]
    assert variants("metastasis").hits[0].score == variants("metastases").hits[0].score


class Nothing:
    """A collection without articles."""

    articles = 0

    def document_frequency(self, leaf: object) -> int:
        return 0

    def may_have(self, terms: Sequence[bytes], field: str | None) -> list[bool]:
        return [False] * len(terms)


def test_what_is_too_long_for_a_word_is_not_remembered() -> None:
    word, forms = "longword" * 100, WordForms(Nothing(), get_analyzer("english"))
    before = getrefcount(word)
    leaf = forms(Term(word), word, word)
    found = spellings(word), joined(word, "x"), list(splits(word)), term_of(word, "english")
    assert leaf == AnalysedTerm(word[:64].encode(), None)
    assert found == ((), "", [], word[:64])
    assert getrefcount(word) == before
