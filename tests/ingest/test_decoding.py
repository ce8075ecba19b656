"""Bytes are read as browsers read them: what is broken costs what is broken, and a note."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harbor_search.ingest import Read
from harbor_search.ingest.decoding import decode
from harbor_search.ingest.html_charset import decode_html
from harbor_search.ingest.outcome import Unreadable
from tests.ingest.reading import page, read_bytes

LINE = "The café on the quay serves crème brûlée and strong tea until the last ferry has left."


@pytest.mark.parametrize(("data", "text"), [
    (b"<meta charset=iso-8859-1>" + LINE.encode(), LINE),
    (b"<meta charset=utf-8>" + LINE.encode("cp1252"), LINE),
    (LINE.encode("cp1252"), LINE),
    (b"<meta charset=utf-16>" + LINE.encode("cp1252"), LINE),
    (b"<meta charset=klingon>" + LINE.encode("cp1252"), LINE),
    (b"<!-- <meta charset=koi8-r> -->" + LINE.encode("cp1252"), LINE),
    (b"<meta charset=x-sjis>" + "お茶を飲む".encode("cp932"), "お茶を飲む"),
    (b"<meta charset=big5>" + "喝茶".encode("big5"), "喝茶"),
    (b"<meta charset=iso-2022-jp>" + "お茶".encode("iso2022_jp"), "お茶"),
    (b"<meta charset=iso-8859-8-i>" + "תה".encode("iso8859-8"), "תה"),
    ('<?xml version="1.0" encoding="windows-1251"?>чай'.encode("cp1251"), "чай"),
    ("\ufeff<meta charset=koi8-r>чай".encode("utf-16-be"), "чай"),
])  # fmt: skip
def test_a_page_is_read_as_browsers_read_it(data: bytes, text: str) -> None:
    assert decode_html(data).text.endswith(text)


def test_one_bad_byte_costs_itself_alone() -> None:
    text, [note] = decode(LINE.encode() + b" \xff")
    assert text == LINE + " \ufffd" and "no UTF-8 (1 times)" in note


@pytest.mark.parametrize("name", ["a.md", "a.html", "a.txt"])
def test_a_file_in_another_encoding_is_read_with_a_note(tmp_path: Path, name: str) -> None:
    text = page(LINE) if name == "a.txt" else f"# T\n\n{LINE}" if name == "a.md" else f"<title>T</title><p>{LINE}</p>"
    outcome = read_bytes(tmp_path, name, text.encode("cp1252"))
    assert isinstance(outcome, Read)
    assert outcome.article.lead == LINE
    assert any("read as Windows-1252" in note for note in outcome.notes)


@pytest.mark.parametrize("character", ["\b", "\x1b", "\x07"])
def test_a_control_character_costs_itself_and_a_note_even_in_a_short_text(tmp_path: Path, character: str) -> None:
    outcome = read_bytes(tmp_path, "a.md", f"# Tea\n\nHot{character} tea.")
    assert isinstance(outcome, Read)
    assert outcome.article.lead == "Hot tea."
    assert outcome.notes == ("control characters (1) were left out",)


def test_a_stray_nul_in_a_long_text_is_left_out() -> None:
    assert decode((LINE * 5).encode() + b"\0").text == LINE * 5


@pytest.mark.parametrize("data", [
    b"", b" \n\t", b"a\x00b\x00c\x00", bytes(range(256)) * 4, b"%PDF-1.7\nreadable words", b"PK\x03\x04 words words",
    b"\x1b[1m\x07\x07\x07 x",
])  # fmt: skip
def test_what_is_empty_or_binary_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        decode(data)


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf")), min_size=1).filter(str.strip))
def test_any_text_in_utf_8_is_read_back_whatever_was_declared(text: str) -> None:
    if any(character.isprintable() and not character.isspace() for character in text):
        for declared in ("", "utf-8", "cp1252", "koi8-r", "cp932"):
            assert decode(text.encode(), declared) == (text, ())
        assert decode(b"\xff\xfe" + text.encode("utf-16-le")).text == text


@given(st.binary(max_size=400), st.sampled_from(["", "utf-8", "cp1252", "cp932", "gb18030", "iso2022_jp"]))
def test_any_bytes_are_a_text_or_refused(data: bytes, declared: str) -> None:
    try:
        text, _ = decode(data, declared)
    except Unreadable as fault:
        assert str(fault)
    else:
        assert text.strip() and not any(ord(c) < 9 for c in text)
