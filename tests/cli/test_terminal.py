"""Text of articles on a terminal."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harbor_search.cli.terminal import plain, size, wrapped

STYLE = re.compile("\x1b\\[[0-9;]*m")


@pytest.mark.parametrize(
    "character",
    ["\x1b", "\x07", "\x00", "\x7f", "\x9b", "\r", "\n", "\u202e", "\u2066", "\u2028", "\ud800"],
    ids=lambda character: f"U+{ord(character):04X}",
)
def test_a_character_that_could_steer_the_terminal_becomes_one_space(character: str) -> None:
    assert plain(f"a{character}b") == "a b"


def highlighted(text: str, ranges: list[tuple[int, int]], colour: bool) -> str:
    """`text` as one line of a terminal."""
    return " ".join(wrapped(text, ranges, colour=colour, columns=None))


def test_letters_of_other_scripts_and_emoji_stay() -> None:
    text = "naïve – 睡眠 – हिन्दी – 👩‍⚕️"
    assert plain(text) == text


def test_a_match_is_highlighted_and_the_text_around_it_is_not() -> None:
    text = highlighted("iron in food", [(0, 4)], colour=True)
    assert STYLE.sub("", text) == "iron in food"
    assert text.startswith("\x1b[") and text.endswith(" in food")


def test_a_match_inside_a_word_marks_just_that_part() -> None:
    assert re.fullmatch("re(\x1b\\[[0-9;]*m)+build\x1b\\[0m s", highlighted("rebuild s", [(2, 7)], colour=True))


def test_without_colour_there_is_no_escape_sequence() -> None:
    assert highlighted("iron in food", [(0, 4)], colour=False) == "iron in food"


@given(
    st.text(max_size=200),
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), max_size=5),
    st.integers(5, 60),
)
def test_no_text_or_ranges_make_a_line_too_wide_or_lose_a_character(
    text: str, ranges: list[tuple[int, int]], columns: int
) -> None:
    lines = wrapped(text, ranges, colour=True, columns=columns)
    bare = [STYLE.sub("", line) for line in lines]
    assert "".join("".join(bare).split()) == "".join(plain(text).split())
    assert all(len(line) <= columns for line in bare if line.isascii())
    assert not any("\x1b" in line for line in bare)


def test_wide_characters_take_two_columns() -> None:
    assert wrapped("睡眠睡眠", colour=False, columns=4) == ["睡眠", "睡眠"]


def test_sizes_read_as_people_say_them() -> None:
    assert [size(12), size(1_234), size(56_700_000), size(2_000_000_000)] == ["12 bytes", "1.2 kB", "56.7 MB", "2.0 GB"]
