"""A page of results as lines for the terminal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from harbor_search.cli.results_lines import results_lines
from harbor_search.results import Applied, Hit, SearchResults, Snippet

HIT = Hit(
    id="sleep/naps.txt",
    url="",
    title="Short naps and long nights",
    title_ranges=((6, 10),),
    section=("Health", "Sleep"),
    date=date(2025, 1, 6),
    views=2036,
    score=3.2,
    snippets=(Snippet("body", "When to nap", "when-to-nap", "A nap before three leaves the night alone.", ((2, 5),)),),
)
RESULTS = SearchResults(
    query="nap",
    hits=(HIT,),
    total=31,
    total_relation="eq",
    page=2,
    per_page=10,
    facets={},
    processing_time_ms=1.0,
    generation="3",
    query_id="q",
)


def page(results: SearchResults) -> str:
    return "\n".join(results_lines(results, colour=False, columns=None))


def test_a_hit_shows_rank_title_section_date_place_and_the_passage_with_its_heading() -> None:
    assert page(RESULTS).splitlines() == [
        "31 articles for: nap",
        "",
        "11. Short naps and long nights",
        "    Health > Sleep | 2025-01-06 | sleep/naps.txt",
        "    When to nap: A nap before three leaves the night alone.",
        "",
        "Page 2 of 4; --page 3 shows the next.",
    ]


def test_matches_are_marked_in_title_and_passage_though_a_heading_stands_before_it() -> None:
    marked = "\n".join(results_lines(RESULTS, colour=True, columns=None))
    assert "\x1b[33m\x1b[1mnaps" in marked
    assert "A \x1b[33m\x1b[1mnap\x1b[0m before" in marked


def test_lines_fit_the_terminal() -> None:
    assert max(map(len, results_lines(RESULTS, colour=False, columns=30)[1:-1])) <= 30


def test_an_escape_sequence_in_an_article_never_reaches_the_terminal() -> None:
    evil = "\x1b]0;owned\x07 \x1b[2J \u202e"
    hit = replace(
        HIT,
        title=evil,
        section=(evil,),
        url=evil,
        snippets=(Snippet("body", evil, "", evil, ((0, 3),)),),
    )
    results = RESULTS._replace(query=evil, hits=(hit,), applied=Applied(corrections=((evil, evil),), dropped=(evil,)))
    assert not {"\x1b", "\x07", "\u202e"} & set(page(results))


def test_no_match_says_so_and_what_to_try() -> None:
    lines = page(RESULTS._replace(hits=(), total=0, page=1))
    assert "No article for: nap." in lines
    assert "--section" in lines


def test_a_page_past_the_last_names_the_last() -> None:
    assert "There is no page 9; the last is 4." in page(RESULTS._replace(hits=(), page=9))


def test_a_lower_bound_is_called_one() -> None:
    assert page(RESULTS._replace(total_relation="gte")).startswith("At least 31 articles for: nap")


def test_what_was_done_to_the_query_is_said() -> None:
    applied = Applied(corrections=(("slep", "sleep"),), dropped=("the",), fields=(("aches", "body"),), absent=("zz",))
    text = page(RESULTS._replace(applied=applied, partial=True))
    assert "Searched for 'sleep' instead of 'slep'." in text
    assert "Left out of the query: the" in text
    assert "No article has: zz" in text
    assert "Looked for in one field alone: 'aches' (body)" in text
    assert "Time ran out" in text
