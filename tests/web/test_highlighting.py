"""Plain text and ranges become HTML, and nothing else does."""

from __future__ import annotations

import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harbor_search.results import Range
from harbor_search.web.article_blocks import blocks
from harbor_search.web.highlighting import marked

TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("<>&\"' ab"), max_size=60)
RANGES = st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=6)


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        ([], "deep <sleep> & tea"),
        ([(0, 4)], "[deep] <sleep> & tea"),
        ([(0, 4), (6, 11)], "[deep] <[sleep]> & tea"),
        ([(6, 11), (0, 4), (8, 12)], "[deep] <[sleep>] & tea"),
        ([(0, 4), (5, 11)], "[deep <sleep]> & tea"),
        ([(15, 99), (-3, 2)], "[de]ep <sleep> & [tea]"),
        ([(0, 2), (2, 4), (6, 8), (9, 11)], "[deep] <[sl]e[ep]> & tea"),
        ([(4, 4), (9, 3)], "deep <sleep> & tea"),
    ],
)
def test_ranges_are_marked_joined_and_kept_inside(ranges: list[Range], expected: str) -> None:
    escaped = html.escape(expected).replace("[", "<mark>").replace("]", "</mark>")
    assert str(marked("deep <sleep> & tea", ranges)) == escaped


def test_parts_of_a_hyphenated_word_share_a_mark() -> None:
    assert str(marked("iron-deficiency, iron", [(0, 4), (5, 15), (17, 21)])) == (
        "<mark>iron-deficiency</mark>, <mark>iron</mark>"
    )


@settings(deadline=None)  # the machine may be busy
@given(TEXTS, RANGES)
def test_the_text_comes_out_as_it_was_with_no_element_but_mark(text: str, ranges: list[Range]) -> None:
    out = str(marked(text, ranges))
    bare = out.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in bare and ">" not in bare and '"' not in bare
    assert html.unescape(bare) == text
    assert out.count("<mark>") == out.count("</mark>")


def test_blank_lines_separate_paragraphs_and_bullets_make_lists() -> None:
    found = blocks("One\ntwo\n \nThree\n- a\n- b\nfour", ((0, 3), (14, 99)))
    assert [(each.kind, [str(line) for line in each.lines]) for each in found] == [
        ("paragraph", ["<mark>One</mark>", "two"]),
        ("paragraph", ["Thre<mark>e</mark>"]),
        ("list", ["<mark>a</mark>", "<mark>b</mark>"]),
        ("paragraph", ["<mark>four</mark>"]),
    ]


def test_a_dash_inside_or_alone_is_no_bullet() -> None:
    assert [each.kind for each in blocks("-5 degrees\n\n-\n\na - b", ())] == ["paragraph"] * 3


@settings(deadline=None)  # the machine may be busy
@given(st.text(st.sampled_from("ab \n-<"), max_size=60), RANGES)
def test_blocks_lose_no_word(text: str, ranges: list[Range]) -> None:
    shown = " ".join(str(line) for block in blocks(text, ranges) for line in block.lines)
    plain = html.unescape(shown.replace("<mark>", "").replace("</mark>", ""))
    letters = [character for character in text if character in "ab<"]
    assert [character for character in plain if character in "ab<"] == letters
