"""Front matter in the dialects of the generators that read it."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from harbor_search.ingest.front_matter import split_front_matter
from harbor_search.ingest.outcome import Read, Skipped, Unreadable
from tests.ingest.reading import read_bytes, read_one, refusal, texts

TEXT = "Put the kettle on.\n\nWait until it sings."


@pytest.mark.parametrize("matter", [
    "---\ntitle: Tea\ndate: 2023-04-05\ntags: [a, b]\n---\n",
    "---\ntitle: Tea\ndate: 2023-04-05\ntags:\n- a\n- b\n...\n",
    "\ufeff---  \r\ntitle: Tea\r\ndate: 2023-04-05\r\ntags: [a, b]\r\n--- \r\n",
    '+++\ntitle = "Tea"\ndate = 2023-04-05T10:00:00Z\ntags = ["a", "b"]\n+++\n\n',
    '+++\ntitle = "Tea"\ndate = 2023-04-05\n[taxonomies]\ntags = ["a", "b"]\n[extra]\nx = {y = 1}\n+++\n',
    '---toml\ntitle = "Tea"\ndate = "2023-04-05"\ntags = ["a", "b"]\n---\n',
    '{"title": "Tea", "date": "2023-04-05", "tags": ["a", "b"]}\n\n',
    '{\n  "title": "Tea",\n  "date": "2023-04-05",\n  "tags": ["a", "b"]\n}\n',
    '---json\n{"title": "Tea", "date": "2023-04-05", "tags": ["a", "b"]}\n---\n',
    ';;;\n"title": "Tea", "date": "2023-04-05", "tags": ["a", "b"]\n;;;\n',
    "Title: Tea\nDate: 2023-04-05 10:20\nTags: a,\n    b\nMy own: x\n\n",
    "title:Tea\n".replace(":", ": ") + "date: 5 April 2023\ntags: a; b\nsave_as: tea.html\n\n",
    "<!--\n.. title: Tea\n.. date: 2023-04-05 10:20:00 UTC+02:00\n.. tags: a, b\n.. link:\n-->\n\n",
    ".. title: Tea\n.. date: 2023-04-05\n.. tags: a, b\n\n",
    "--- # the author's\ntitle: Tea\ndate: 2023-04-05\ntags: [a, b]\n---\n".replace(" # the author's", ""),
])  # fmt: skip
def test_every_dialect_describes_the_article_and_is_no_text(tmp_path: Path, matter: str) -> None:
    article = read_one(tmp_path, "a.md", matter + TEXT)
    assert (article.title, article.published, article.tags) == ("Tea", date(2023, 4, 5), ("a", "b"))
    assert [section.text for section in article.body] == [TEXT]


def test_the_title_block_of_pandoc_is_read(tmp_path: Path) -> None:
    article = read_one(tmp_path, "a.md", f"% Tea\n% A. Brewer\n% April 5, 2023\n\n{TEXT}")
    assert (article.title, article.published, article.lead) == ("Tea", date(2023, 4, 5), "Put the kettle on.")


@pytest.mark.parametrize("text", [
    "Warning: it is hot.\n\nWait.",
    "Note: milk first.\nTip: warm the cup.\n\nWait.",
    "Summary: it is hot.\n\nWait.",
    "Title: a word with a colon.",
    "First: boil.\nSecond: wait.\nTitle: none.\n\nDrink.",
    "---\n\nBetween rules.\n\n---\n\nBelow.",
    "---\nOne sentence\n---\nBelow.",
    "- - -\ntitle: x\n\nText.",
    "{{ template }}\n\nText.",
    "{not json} but text.",
    "---\nOnly a rule above.",
    "%20 is a space.",
])  # fmt: skip
def test_a_text_that_looks_a_little_like_front_matter_stays_whole(text: str) -> None:
    assert split_front_matter(text) == ({}, text)


@pytest.mark.parametrize(("text", "reason"), [
    ("---\ntitle: T\ndraft: true\n\nText.", "the front matter has no end; put a line --- below it"),
    ('+++\ntitle = "T"\n\nText.', "the front matter has no end; put a line +++ below it"),
    ("+++\ntitle = T\n+++\nText.", "the front matter is not valid TOML"),
    ('{"title": "T", }\nText.', "the front matter is not valid JSON"),
    ("---\nx: &a [1]\ny: [" + "*a, " * 200 + "]\n---\nText.", "refers to itself more than 100 times"),
])  # fmt: skip
def test_front_matter_that_breaks_its_rules_is_refused_with_the_cure(tmp_path: Path, text: str, reason: str) -> None:
    assert reason in refusal(tmp_path, "a.md", text)


def test_values_of_a_yaml_mapping_that_is_referred_to_are_its_own() -> None:
    matter, _ = split_front_matter("---\n<<: {draft: true, title: A}\ntitle: B\n---\nText.")
    assert matter == {"draft": "true", "title": "B"}


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=20)
MATTERS = st.dictionaries(st.from_regex(r"[a-z]{1,9}", fullmatch=True), WORDS | st.lists(WORDS, max_size=3), max_size=5)


@given(matter=MATTERS, text=WORDS)
def test_what_is_written_as_yaml_or_json_is_read_back(matter: dict[str, Any], text: str) -> None:
    kept = {name: value for name, value in matter.items() if value not in ("~", "null", "Null", "NULL", "")}
    written = yaml.safe_dump(matter, allow_unicode=True, default_style='"')
    found, below = split_front_matter(f"---\n{written}---\n{text}")
    assert ({name: value for name, value in found.items() if name != "<<"}, below) == (kept, text)
    written = json.dumps(matter)
    assert split_front_matter(f"---json\n{written}\n---\n{text}") == (matter, text)


@given(
    st.lists(st.sampled_from(["---", "+++", "...", "a: b", "title: x", "draft: yes", "{", '"a": 1', "}", "% t", ""]))
)
def test_any_lines_are_front_matter_or_text_or_a_fault(lines: list[str]) -> None:
    text = "\n".join(lines)
    try:
        matter, below = split_front_matter(text)
    except Unreadable:
        return
    assert text.endswith(below)
    assert "draft: yes" not in below or "draft" not in matter or text.count("draft: yes") > 1


@given(value=st.text(st.characters(categories=("Lu", "Ll")), max_size=8))
def test_toml_keeps_its_words(value: str) -> None:
    matter = f'title = "{value}"\ndraft = false\n'
    assert split_front_matter(f"+++\n{matter}+++\nText.") == (tomllib.loads(matter), "Text.")


@pytest.mark.parametrize(
    "comment", ["<!-- A licence -->\n", "<!--\nA licence\nof lines\n-->\n\n", "<!-- a --> <!-- b -->\n"]
)
@pytest.mark.parametrize("name", ["a.md", "a.html"])
def test_front_matter_below_a_comment_is_front_matter(tmp_path: Path, comment: str, name: str) -> None:
    text = "<p>Water boils.</p>" if name.endswith("html") else "Water boils."
    article = read_one(tmp_path, name, f"{comment}---\ntitle: Kettles\n---\n{text}\n")
    assert (article.title, texts(article)) == ("Kettles", ["Water boils."])
    outcome = read_bytes(tmp_path, f"draft-{name}", f"{comment}---\ntitle: Kettles\ndraft: true\n---\n{text}\n")
    assert isinstance(outcome, Skipped) and outcome.kept_back


def test_rules_below_a_comment_are_rules(tmp_path: Path) -> None:
    outcome = read_bytes(tmp_path, "a.md", "<!-- A note -->\n---\nWater boils.\n\n---\n\n# Kettles\n\nMore.\n")
    assert isinstance(outcome, Read) and "Water boils." in outcome.article.lead


@pytest.mark.parametrize(
    "written, day",
    [
        ("2024-W05-3", "2024-01-31"), ("2024W053", "2024-01-31"), ("2024-W05", "2024-01-29"),
        ("2024-W05-3T10:00:00Z", "2024-01-31"), ("2024-123", "2024-05-02"), ("2024-366", "2024-12-31"),
    ],
)  # fmt: skip
def test_days_by_weeks_and_of_the_year_are_days(tmp_path: Path, written: str, day: str) -> None:
    assert str(read_one(tmp_path, "a.md", f"---\ntitle: Kettles\ndate: {written}\n---\nText.\n").published) == day


@pytest.mark.parametrize("written", ["2023-366", "2024-W60-1", "2024-W05-9", "2024-000", "2024-1234"])
def test_weeks_and_days_that_no_year_has_are_none(tmp_path: Path, written: str) -> None:
    outcome = read_bytes(tmp_path, "a.md", f"---\ntitle: Kettles\ndate: {written}\n---\nText.\n")
    assert isinstance(outcome, Read) and outcome.article.published is None


def test_a_week_still_to_come_keeps_the_text_out_till_then(tmp_path: Path) -> None:
    outcome = read_bytes(tmp_path, "a.md", "---\ntitle: Kettles\npublishDate: 2999-W05-3\n---\nText.\n")
    assert isinstance(outcome, Skipped) and "still to come" in outcome.reason
