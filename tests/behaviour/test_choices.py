"""Narrowing, counting, sorting and paging."""

from __future__ import annotations

from datetime import date

import pytest

from tests.behaviour.collection import Collection


def test_no_words_list_everything(collection: Collection) -> None:
    assert len(collection.ids("")) == len(collection.articles) == 66


def test_a_section_keeps_its_articles_in_their_order(collection: Collection) -> None:
    everywhere = collection.ids("iron")
    within = collection.ids("iron", section="Health > Sleep")
    assert within == [each for each in everywhere if collection.articles[each].section[:2] == ("Health", "Sleep")]
    assert within


def test_a_section_includes_those_below_it(collection: Collection) -> None:
    assert set(collection.ids("sleep", section="Health")) > set(collection.ids("sleep", section="Health > Sleep"))


def test_the_number_beside_a_section_is_what_choosing_it_gives(collection: Collection) -> None:
    for facet in collection.ask("back pain").facets["section"]:
        assert collection.ask("back pain", section=facet.value).total == facet.count, facet.value


def test_the_number_beside_a_year_is_what_choosing_it_gives(collection: Collection) -> None:
    facets = collection.ask("sleep").facets["year"]
    assert len(facets) == 3
    for facet in facets:
        within = collection.ask("sleep", date_from=f"{facet.value}-01-01", date_to=f"{facet.value}-12-31")
        assert within.total == facet.count, facet.value


def test_days_are_inclusive(collection: Collection) -> None:
    day = collection.articles["sleep/why-do-i-keep-waking-up-at-3-am"].published
    assert day == date(2024, 3, 16)
    assert collection.ids("sleep", date_from="2024-03-16", date_to="2024-03-16") == [
        "sleep/why-do-i-keep-waking-up-at-3-am"
    ]


@pytest.mark.parametrize("sort", ["date", "views"])
def test_sorting_orders_what_was_found_and_finds_the_same(collection: Collection, sort: str) -> None:
    found = collection.ask("sleep", sort=sort).hits
    values = [hit.date if sort == "date" else hit.views for hit in found]
    assert values == sorted(values, reverse=True)  # type: ignore[type-var]
    assert {hit.id for hit in found} == set(collection.ids("sleep"))


def test_pages_divide_the_results_without_gap_or_repetition(collection: Collection) -> None:
    everything = collection.ask("pain")
    pages = [collection.ask("pain", per_page="7", page=str(page)) for page in range(1, 12)]
    assert [hit.id for page in pages for hit in page.hits] == [hit.id for hit in everything.hits]
    assert {page.total for page in pages} == {everything.total} == {len(everything.hits)}
