"""Pages of the model site as text."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from harbor_search.article import Section
from harbor_search.ingest import Read
from tests.ingest.reading import headings, page, read_bytes, read_one, refusal, texts

LEAD = "It's easy to think that poor sleep is simply a part of growing older. It needn't be."
FIRST = "A steady rhythm helps more than any pillow does, and it costs nothing but patience."
SECOND = "Light in the morning tells the body when the day begins; darkness tells it when to rest."
BLOCKS = (LEAD, "Why Rhythm Matters", FIRST, "What Light Does", SECOND)


def test_every_part_of_a_complete_page_is_read(tmp_path: Path) -> None:
    article = read_one(tmp_path, "sleeping-well.txt", page(*BLOCKS))
    assert article.id == "sleeping-well"
    assert article.title == "Sleeping Well at Any Age"
    assert article.section == ("Health",)
    assert article.published == date(2025, 1, 6)
    assert article.views == 2036
    assert article.lead == LEAD
    assert article.body == (
        Section("", "", LEAD),
        Section("Why Rhythm Matters", "why-rhythm-matters", FIRST),
        Section("What Light Does", "what-light-does", SECOND),
    )


@pytest.mark.parametrize("mangle", [
    pytest.param(lambda text: text.replace("\n", "\r\n").encode(), id="CRLF"),
    pytest.param(lambda text: text.replace("\n", "\r").encode(), id="CR"),
    pytest.param(lambda text: text.encode("utf-8-sig"), id="BOM"),
    pytest.param(lambda text: text.encode("utf-16"), id="UTF-16"),
    pytest.param(lambda text: b"\xfe\xff" + text.encode("utf-16-be"), id="UTF-16 big endian"),
    pytest.param(lambda text: f"\n\n  \n{text}\n\n".encode(), id="blank lines around"),
    pytest.param(lambda text: text.replace("\n\n", "\n \t\n\n").encode(), id="blanks in blank lines"),
    pytest.param(lambda text: text.replace(" ", "  ").encode(), id="doubled spaces"),
    pytest.param(lambda text: text.replace("\n\n", "\n").encode(), id="no blank lines"),
])  # fmt: skip
def test_a_page_reads_the_same_however_its_bytes_were_written(tmp_path: Path, mangle) -> None:  # type: ignore[no-untyped-def]
    assert read_one(tmp_path, "a.txt", mangle(page(*BLOCKS))) == read_one(tmp_path, "a.txt", page(*BLOCKS))


@pytest.mark.parametrize("missing", [
    {"copy": False},
    {"again": False},
    {"copy": False, "again": False},
    {"site": None},
    {"location": None},
    {"location": None, "site": None},
    {"section": None},
])  # fmt: skip
def test_a_page_without_some_line_of_its_header_reads_the_same(tmp_path: Path, missing: dict[str, Any]) -> None:
    assert read_one(tmp_path, "a.txt", page(*BLOCKS, **missing)) == read_one(tmp_path, "a.txt", page(*BLOCKS))


def test_a_page_without_date_and_views_keeps_all_else(tmp_path: Path) -> None:
    for copy in (True, False):
        article = read_one(tmp_path, "a.txt", page(*BLOCKS, stamp=None, copy=copy))
        assert (article.title, article.published, article.views) == ("Sleeping Well at Any Age", None, None)
        assert article.lead == LEAD
        assert article.section == ("Health",)


@pytest.mark.parametrize(("location", "section", "path"), [
    ("Location:HOME > Health > Sleep > content", "Sleep", ("Health", "Sleep")),
    ("Location:HOME > Health > Sleep", "Sleep", ("Health", "Sleep")),
    ("Location: Home > Health > Sleep > Content", "Sleep", ("Health", "Sleep")),
    ("Location:HOME > content", "Health", ("Health",)),
    ("Location:HOME", "Health", ("Health",)),
    ("Location:HOME > Health > content", "Sleep", ("Health", "Sleep")),
    ("Location:HOME > Health > Sleeping Well at Any Age", "Health", ("Health",)),
    ("Location:HOME > Heart and Blood Pressure > content", "Heart and Blood Pressure", ("Heart and Blood Pressure",)),
])  # fmt: skip
def test_the_section_is_the_breadcrumb_without_its_ends(
    tmp_path: Path, location: str, section: str, path: tuple[str, ...]
) -> None:
    stamp = f"January 06, 2025{section}2036"
    article = read_one(tmp_path, "a.txt", page(*BLOCKS, location=location, section=section, stamp=stamp))
    assert article.section == path
    assert article.views == 2036


@pytest.mark.parametrize(("section", "rest", "views"), [
    ("Type 2 Diabetes", "Type 2 Diabetes1042", 1042),
    ("COVID-19", "COVID-19231", 231),
    ("COVID-19", "COVID-19", None),
    ("Top 10", "Top 101", 1),
    ("Health", "Health", None),
    ("Health", "Health12,345,678", 12345678),
    ("Health", "Health 99", 99),
    ("Health", "Health0", 0),
    ("Health", "", None),
    ("Santé et bien-être", "Santé et bien-être7", 7),
])  # fmt: skip
def test_views_begin_where_the_name_of_the_section_ends(
    tmp_path: Path, section: str, rest: str, views: int | None
) -> None:
    text = page(*BLOCKS, section=section, location=f"Location:HOME > {section} > content", stamp=f"May 9, 2024{rest}")
    article = read_one(tmp_path, "a.txt", text)
    assert (article.section, article.published, article.views) == ((section,), date(2024, 5, 9), views)


def test_where_no_line_names_the_section_views_are_the_digits_after_its_last_letter(tmp_path: Path) -> None:
    text = page(*BLOCKS, section=None, location=None, site=None, stamp="May 9, 2024Healthy Ageing310")
    article = read_one(tmp_path, "a.txt", text)
    assert (article.section, article.views) == (("Healthy Ageing",), 310)


def test_what_cannot_be_parted_into_section_and_views_is_noted_and_not_guessed(tmp_path: Path) -> None:
    text = page(*BLOCKS, section=None, location=None, site=None, stamp="May 9, 2024COVID-19231")
    outcome = read_bytes(tmp_path, "a.txt", text)
    assert isinstance(outcome, Read)
    assert (outcome.article.section, outcome.article.views) == ((), None)
    assert "'COVID-19231' cannot be parted" in outcome.notes[0]


@pytest.mark.parametrize("day", ["February 30, 2025", "June 31, 2024", "January 00, 2025", "Smarch 13, 2025"])
def test_an_impossible_date_is_left_out_with_a_note(tmp_path: Path, day: str) -> None:
    outcome = read_bytes(tmp_path, "a.txt", page(*BLOCKS, stamp=f"{day}Health2036"))
    assert isinstance(outcome, Read)
    assert outcome.article.published is None
    assert (outcome.article.views, outcome.article.lead) == (2036, LEAD)
    assert outcome.notes == (f"the calendar has no {day}: the article has no date",)


def test_headings_that_repeat_title_or_section_stay_headings(tmp_path: Path) -> None:
    blocks = (LEAD, "Sleeping Well at Any Age", FIRST, "Health", SECOND, "Sleeping Well", FIRST)
    assert headings(read_one(tmp_path, "a.txt", page(*blocks))) == [
        "", "Sleeping Well at Any Age", "Health", "Sleeping Well",
    ]  # fmt: skip


def test_a_body_may_begin_with_a_heading(tmp_path: Path) -> None:
    article = read_one(tmp_path, "a.txt", page("Introduction", FIRST, "What Light Does", SECOND, copy=False))
    assert headings(article) == ["Introduction", "What Light Does"]
    assert article.lead == FIRST


def test_a_lead_that_begins_with_the_title_is_not_taken_for_its_copy(tmp_path: Path) -> None:
    lead = "Iron carries oxygen through the body."
    for copy in (True, False):
        for again in (True, False):
            text = page(lead, "Where It Is Found", SECOND, title="Iron", copy=copy, again=again)
            assert read_one(tmp_path, "a.txt", text).lead == lead, (copy, again)


def test_a_copy_cut_short_within_a_long_title_is_not_body(tmp_path: Path) -> None:
    title = "Everything You Always Wanted to Ask a Night Nurse About Sleep but Never Dared"
    article = read_one(tmp_path, "a.txt", page(*BLOCKS, title=title))
    assert (article.title, article.body) == (title, read_one(tmp_path, "b.txt", page(*BLOCKS)).body)


def test_a_title_may_equal_the_name_of_its_section(tmp_path: Path) -> None:
    article = read_one(tmp_path, "a.txt", page(*BLOCKS, title="Health"))
    assert (article.title, article.section, article.lead) == ("Health", ("Health",), LEAD)


def test_accents_and_typographic_marks_survive(tmp_path: Path) -> None:
    title = "Crème Brûlée: “Friend” or Foe?"
    lead = "L’été, naïve cafés — and their “crème” — matter… 日本語も。"
    article = read_one(tmp_path, "a.txt", page(lead, "Qu’est-ce que c’est ?", SECOND, title=title))
    assert (article.title, article.lead) == (title, lead)
    assert article.body[1] == Section("Qu’est-ce que c’est ?", "quest-ce-que-cest", SECOND)


def test_letters_written_as_letter_and_accent_become_one_character(tmp_path: Path) -> None:
    article = read_one(tmp_path, "a.txt", page("Cafe\u0301 culture is older than it looks."))
    assert article.lead == "Caf\xe9 culture is older than it looks."


def test_lines_of_a_list_stay_lines(tmp_path: Path) -> None:
    blocks = (LEAD, "What Helps", "A few things help:", "- a dark room\n-  a cool one\n- no screens", FIRST)
    assert texts(read_one(tmp_path, "a.txt", page(*blocks)))[1] == (
        f"A few things help:\n\n- a dark room\n- a cool one\n- no screens\n\n{FIRST}"
    )


def test_markup_in_a_page_is_text_like_any_other(tmp_path: Path) -> None:
    title = "<script>alert(1)</script> and Sleep"
    lead = "<img src=x onerror=alert(1)> is no picture, and </p> ends nothing."
    article = read_one(tmp_path, "a.txt", page(lead, title=title))
    assert (article.title, article.lead) == (title, lead)


@pytest.mark.parametrize(("text", "reason"), [
    ("", "the file is empty"),
    (" \n\t\r\n ", "the file holds only whitespace"),
    ("\ufeff", "the file holds only whitespace"),
    (page(), "there is a header but no text below it"),
    (page(copy=False, again=False), "there is a header but no text below it"),
    (page(stamp=None, copy=False, again=False), "there is a header but no text below it"),
    ("HealthHarbor\n\nLocation:HOME > Health > content", "there is a header but no text below it"),
    ("Only a title", "there is a header but no text below it"),
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "the file is binary"),
])  # fmt: skip
def test_a_file_that_holds_no_article_is_refused_with_the_reason(
    tmp_path: Path, text: str | bytes, reason: str
) -> None:
    assert reason in refusal(tmp_path, "bad.txt", text)


def test_a_text_of_another_shape_is_title_and_text_with_a_note(tmp_path: Path) -> None:
    outcome = read_bytes(tmp_path, "plain.txt", f"On Sleep\n\n{FIRST}\n\nMarch 3, 2024 was the day it all changed.")
    assert isinstance(outcome, Read)
    assert outcome.article.title == "On Sleep"
    assert outcome.article.published is None
    assert texts(outcome.article) == [f"{FIRST}\n\nMarch 3, 2024 was the day it all changed."]
    assert "no page header" in outcome.notes[0]
