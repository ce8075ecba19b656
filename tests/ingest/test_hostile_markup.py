"""Markup made to break a reader ends in a clear outcome and does not stop the others."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from harbor_search.ingest import Read, Refused, Skipped
from tests.ingest.reading import MAX_BYTES, outcomes, read_bytes

LEAD = "Most people need about six glasses of water a day, and more of it when the weather is hot."
LONG = "x" * 900_000


@pytest.mark.parametrize(("name", "text"), [
    ("a.html", f"<title>T</title><main><p>{LEAD}</p><p>{LONG}</p></main>"),
    ("a.md", f"# T\n\n{LEAD}\n\n{LONG}"),
    ("a.txt", f"T\n\n{LEAD}\n\n{LONG}"),
    ("a.jsonl", f'{{"title": "T", "text": "{LEAD}\\n\\n{LONG}"}}'),
])  # fmt: skip
def test_a_word_of_a_million_letters_is_read(tmp_path: Path, name: str, text: str) -> None:
    outcome = read_bytes(tmp_path, name, text)
    assert isinstance(outcome, Read)
    assert outcome.article.lead == LEAD and LONG in str(outcome.article.body)


@pytest.mark.parametrize("opening", ["<div>" * 300, "<ul><li>" * 150, "<blockquote>" * 300])
def test_what_lies_deep_in_a_page_is_not_lost(tmp_path: Path, opening: str) -> None:
    outcome = read_bytes(tmp_path, "a.html", f"<html><head><title>T</title></head><body><main>{opening}{LEAD}")
    assert isinstance(outcome, Read) and LEAD in str(outcome.article.body)


def test_what_lies_deeper_than_any_page_is_refused_and_not_lost_without_a_word(tmp_path: Path) -> None:
    outcome = read_bytes(tmp_path, "a.html", f"<html><body><main>{'<div>' * 5_000}{LEAD}")
    assert isinstance(outcome, Refused) and "nest deeper than 400" in outcome.reason


def test_entities_that_expand_without_end_are_not_expanded(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};">' for n in range(1, 40))
    page = f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a0 "ha">{entities}]><html><body><p>{LEAD} &a39;</p></body></html>'
    outcome = read_bytes(tmp_path, "a.xhtml", page)
    assert isinstance(outcome, Read) and len(str(outcome.article.body)) < 5_000


def test_a_page_with_many_parts_that_are_kept_from_search_costs_no_more_than_its_length(tmp_path: Path) -> None:
    parts = "<!--noindex--><b>zebra</b><!--/noindex-->more " * 20_000
    begun = time.process_time()
    outcome = read_bytes(tmp_path, "a.html", f"<title>T</title><main><p>{LEAD}</p><p>{parts}</p></main>")
    assert isinstance(outcome, Read) and "zebra" not in str(outcome.article.body)
    # It takes a second, and ten minutes where each part looks at all that is behind it.
    assert time.process_time() - begun < 60


@pytest.mark.parametrize("text", [
    "*a " * 9_000, "[" * 9_000, "{{" * 20_000, "{% a " * 9_000, "==a" * 20_000, "`" * 9_000 + " ` a" * 5_000,
    "!!! note\n    " * 3_000, "import {" * 9_000, "export const x\n" * 9_000, "a {.b " * 9_000, "<!--" * 9_000,
])  # fmt: skip
def test_marks_without_an_end_cost_no_more_than_their_length(tmp_path: Path, text: str) -> None:
    outcome = read_bytes(tmp_path, "a.md", f"# T\n\n{LEAD}\n\n{text}")
    assert isinstance(outcome, Read) and outcome.article.lead == LEAD


def test_a_page_beyond_the_limit_is_refused_before_it_is_parsed_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(f"<main>{'<p>word</p>' * (MAX_BYTES // 10)}</main>")
    (tmp_path / "b.html").write_text(f"<title>T</title><main><p>{LEAD}</p></main>")
    (tmp_path / "c.html").symlink_to(tmp_path / "c.html")
    first, second, third = outcomes(tmp_path)
    assert isinstance(first, Refused) and "raise max_source_bytes" in first.reason
    assert isinstance(second, Read)
    assert isinstance(third, Refused | Skipped) and third.reason
