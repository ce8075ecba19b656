"""The JSON of hits, which the embedded engine writes at once, is that of the hits one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import orjson
import pytest

from harbor_search import Article, Section, open_index
from harbor_search.config import Settings
from harbor_search.engines import SearchEngine
from harbor_search.index import Index
from harbor_search.results import LOOKED_FOR
from harbor_search.searching import SearchRequest, results_to_dict, results_to_json, search, to_json
from harbor_search.searching.engine_request import prepare
from harbor_search.searching.explained_hits import ExplainedHits
from harbor_search.searching.readings import Readings

ODD = 'Tea "in" a \\cup\\ costs €3 or 𝛑 or é:\ttea\x07 and\x02 iron\x7f <b>tea</b> & irons.'

ARTICLES = (
    Article("odd", 'Tea "and" \\iron\\ \x01 €', (Section('A "heading" \\', "a-heading", ODD),), views=3),
    Article("plain", "Iron", (Section("", "", "Irons are tea for the forge. " * 30), Section("Tea", "tea", "Tea."))),
    Article("copy", "Iron", (Section("", "", "Iron is not steel, and the forge is hot. " * 30),)),
    Article("named", "Steel", (Section("", "", "An alloy."),), tags=("Tea kettle", "Iron pot")),
    Article("bare", "Tea without a text", lead="A lead about tea."),
    Article("silent", "Tea"),
    Article("tea/é", "Tée and iron", (Section("Über", "über", "Tée wird mit Eisen zu Tea. Ωmega iron 茶."),)),
)

QUERIES = (
    "tea iron",
    "iron",
    "irons forge",
    "tée",
    "tea kettle",
    "teas alloys",
    "kettles alloys irons",
    "pots teas",
    '"iron pot"',
    "te* iron",
    "steel OR tea",
    "nothing",
    "",
)

MANNERS = ("", "explain", "page", "strict", "snippets", "diverse")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with open_index(tmp_path_factory.mktemp("written")) as index:
        index.rebuild(ARTICLES)
        yield index


def request_of(query: str, manner: str) -> SearchRequest:
    changes = {"explain": {"explain": True}, "page": {"page": 2, "per_page": 2}, "strict": {"strict": True}}
    changes |= {"snippets": {"snippets": False}, "diverse": {"diverse": False}}
    return SearchRequest(q=query)._replace(**changes.get(manner, {}))


@pytest.mark.parametrize("query", QUERIES)
def test_hits_written_at_once_are_the_same_json_as_hits_one_by_one(index: Index, query: str) -> None:
    engine, settings = engine_of(index)
    for manner in MANNERS:
        results = search(engine, request_of(query, manner), settings)
        assert results_to_json(results) == to_json(results_to_dict(results)), manner


@pytest.mark.parametrize("query", QUERIES)
def test_hits_of_a_table_say_what_single_hits_say(index: Index, query: str) -> None:
    engine, settings = engine_of(index)
    prepared = prepare(engine, SearchRequest(q=query), settings)
    answer, meant = engine.search(prepared.query, prepared.criteria), prepared.meant
    single = answer._replace(hits=tuple(answer.hits))
    table, hits = (
        list(ExplainedHits(each, Readings(meant.concepts), meant.concepts, meant.analyzer)) for each in (answer, single)
    )
    assert table == hits


def test_characters_that_json_escapes_come_through(index: Index) -> None:
    engine, settings = engine_of(index)
    results = search(engine, SearchRequest(q="cup tea"), settings)
    (found,) = [hit for hit in orjson.loads(results_to_json(results))["hits"] if hit["id"] == "odd"]
    assert found["title"] == ARTICLES[0].title
    assert found["snippets"][0]["heading"] == 'A "heading" \\'
    assert found["snippets"][0]["text"].startswith('Tea "in" a \\cup\\ costs €3 or 𝛑 or é: tea\x07 and\x02 iron\x7f')


def test_many_words_that_are_shown_in_other_forms_are_all_named(index: Index) -> None:
    engine, settings = engine_of(index)
    results = search(engine, SearchRequest(q="irons forges"), settings)
    forms = [each for hit in orjson.loads(results_to_json(results))["hits"] for each in hit["matched"]]
    assert {"word": "forges", "by": "form", "text": "forge"} in forms


def test_a_word_that_is_shown_only_in_a_title_or_a_name_is_named_as_it_stands_there(index: Index) -> None:
    engine, settings = engine_of(index)
    for asked, own, shown in (("teas", "silent", "Tea"), ("kettles", "named", "kettle"), ("irons", "copy", "Iron")):
        results = search(engine, SearchRequest(q=f"{asked} unheardof"), settings)
        (hit,) = [each for each in orjson.loads(results_to_json(results))["hits"] if each["id"] == own]
        assert hit["matched"] == [{"word": asked, "by": "form", "text": shown}]


def test_of_many_words_the_last_one_is_named_in_the_form_that_is_shown(tmp_path: Path) -> None:
    # Kernels look for 63 words at once; every word here is an article's, as are all of them together.
    words = ["".join(pair) + "oka" for pair in product("bdfgklmnpr", "aeiou")] + [f"z{vowel}ntu" for vowel in "aeiou"]
    words += [f"{first}ilva" for first in "bdfgklmnpr"]
    assert len(words) > LOOKED_FOR
    with open_index(Settings(index=tmp_path)) as index:
        index.rebuild([Article("all", "All", (Section("", "", " ".join([*words, "kettle"])),))])
        engine, settings = engine_of(index)
        results = search(engine, SearchRequest(q=" ".join([*words, "kettles"])), replace(settings, snippet_length=600))
    (hit,) = orjson.loads(results_to_json(results))["hits"]
    assert {"word": "kettles", "by": "form", "text": "kettle"} in hit["matched"]


def engine_of(index: Index) -> tuple[SearchEngine, Settings]:
    return index.engine, replace(index.settings, snippet_length=120)
