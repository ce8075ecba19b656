"""Clean text, anchors and values."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harbor_search.ingest.body import Part, body_of, slug
from harbor_search.ingest.cleaning import tidy, tidy_line, visible
from harbor_search.ingest.fields import count, link


@given(st.text() | st.text("ab \n\r\t\x00\x85\xa0\xad\u2028\u2029\ufeff\u0301"))
def test_tidy_text_is_clean_and_stays_as_it_is(text: str) -> None:
    clean = tidy(text)
    assert tidy(clean) == clean
    assert unicodedata.is_normalized("NFC", clean)
    assert not any(unicodedata.category(c) in ("Cc", "Cs") and c != "\n" for c in clean)
    assert "\n\n\n" not in clean and "  " not in clean and clean == clean.strip()
    assert not any(line != line.strip() for line in clean.split("\n"))
    assert "\n" not in tidy_line(text)


@given(st.text())
def test_tidying_takes_nothing_but_blanks_controls_and_invisible_marks(text: str) -> None:
    def letters(any_text: str) -> str:
        return "".join(c for c in unicodedata.normalize("NFC", any_text) if c.isalnum())

    if not any(0x80 <= ord(c) < 0xA0 or ord(c) in (0xAD, 0xFEFF, 0x202D, 0x202E) or ord(c) < 32 for c in text):
        assert letters(tidy(text)) == letters(text)


def test_more_than_one_blank_line_is_one() -> None:
    assert tidy("one\n\n\ntwo\n\n\n\n\nthree") == "one\n\ntwo\n\nthree"


def test_windows_1252_taken_for_latin_1_is_mended() -> None:
    assert tidy("don\x92t \x93quote\x94\x85") == "don’t “quote”…"


@pytest.mark.parametrize(("heading", "anchor"), [
    ("Why It Matters", "why-it-matters"),
    ("It's 5 o’clock -- somewhere!", "its-5-oclock-somewhere"),
    ("Crème brûlée", "crème-brûlée"),
    ("हिन्दी में", "हिन्दी-में"),
    ("<script>alert('x')</script>", "script-alert-x-script"),
    ("???", "section"),
    ("word " * 40, "word-" * 15 + "word"),
    ("x" * 200, "x" * 80),
])  # fmt: skip
def test_an_anchor_is_the_heading_in_lower_case_with_hyphens(heading: str, anchor: str) -> None:
    assert slug(heading) == anchor


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5), st.text("ab-2", max_size=3))))
def test_anchors_are_unique_and_only_a_first_section_lacks_one(parts: list[tuple[str, str, str]]) -> None:
    body = body_of([Part(*each) for each in parts])
    anchors = [section.anchor for section in body]
    assert len(set(anchors)) == len(anchors)
    assert all(anchors[1:]) and all(bool(section.heading) == bool(section.anchor) for section in body)
    assert all(section.heading or section.text for section in body)
    assert not any(character.isspace() for anchor in anchors for character in anchor)


def test_invisible_text_is_no_text() -> None:
    assert not visible(" \u200b\u2060\t")
    assert visible(".")


@pytest.mark.parametrize(("value", "number"), [
    (7, 7), ("7", 7), ("1,234,567", 1234567), ("1 234", 1234), (12.0, 12), (0, 0),
    (-1, None), ("-1", None), ("1,23", None), ("", None), (True, None), (1.5, None), (float("nan"), None),
    (None, None), ([1], None), (2**53, None), ("٣", None),
])  # fmt: skip
def test_a_count_is_a_whole_number_in_digits(value: object, number: int | None) -> None:
    assert count(value) == number


@pytest.mark.parametrize("value", [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x",
    "//evil.example", "/\\evil.example", "vbscript:x", "https://", "https:///x", "relative/path", "ftp://x.example/",
    'https://x.example/" onclick="alert(1)', "https://x.example/<script>", "https://[::1", "\x01javascript:alert(1)",
])  # fmt: skip
def test_only_addresses_that_lead_somewhere_harmless_are_links(value: str) -> None:
    assert link(value) is None
    assert link("https://x.example/a?b=c#d") == "https://x.example/a?b=c#d"
    assert link("/a/b") == "/a/b"


def test_thousands_of_equal_headings_are_counted_on_and_not_tried_one_by_one() -> None:
    anchors = [section.anchor for section in body_of([Part("A", "Text.")] * 30_000)]
    assert anchors[:3] == ["a", "a-2", "a-3"]
    assert (len(set(anchors)), anchors[-1]) == (30_000, "a-30000")
