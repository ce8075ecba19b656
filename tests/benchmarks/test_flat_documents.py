"""The texts that all engines index."""

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.documents import common_phrases, prepare, read_flat


def _write(path: Path, documents: list[dict[str, str]]) -> Path:
    text = "\n".join(map(json.dumps, documents)) + "\n"
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")
    return path


def test_line_breaks_and_tabs_become_spaces_and_nothing_else_changes(tmp_path: Path) -> None:
    source = _write(tmp_path / "d.jsonl.gz", [{"id": "a", "text": "One.\nTwo\tthree\r\u2028Café"}])
    corpus = prepare(source, None, tmp_path / "work")
    assert list(read_flat(corpus.path)) == [("a", "One. Two three \u2028Café")]
    assert corpus.documents == 1


def test_title_and_body_stand_for_a_missing_text(tmp_path: Path) -> None:
    source = _write(tmp_path / "d.jsonl", [{"id": "a", "title": "Iron", "body": "in tea"}])
    assert list(read_flat(prepare(source, None, tmp_path / "work").path)) == [("a", "Iron in tea")]


def test_a_limit_takes_the_first_and_keys_differ_with_the_content(tmp_path: Path) -> None:
    source = _write(tmp_path / "d.jsonl", [{"id": str(i), "text": f"word{i}"} for i in range(5)])
    three, five = (prepare(source, limit, tmp_path / "work") for limit in (3, 5))
    assert three.documents == 3
    assert three.key != five.key
    assert prepare(source, None, tmp_path / "work").key == five.key


def test_a_line_that_is_no_document_is_named_by_its_number(tmp_path: Path) -> None:
    source = tmp_path / "d.jsonl"
    source.write_text('{"id": "a", "text": "x"}\n["id", "b"]\n', encoding="utf-8")
    with pytest.raises(ValueError, match="line 2"):
        prepare(source, None, tmp_path / "work")


def test_a_document_without_text_is_named_by_its_id(tmp_path: Path) -> None:
    source = _write(tmp_path / "d.jsonl", [{"id": "a", "text": "x"}, {"id": "b", "title": "y"}])
    with pytest.raises(ValueError, match="'b'"):
        prepare(source, None, tmp_path / "work")


def test_grown_documents_have_the_same_sentences_in_another_order(tmp_path: Path) -> None:
    texts = [" ".join(f"Word{i // 2} and{j} more." for j in range(6)) for i in range(10)]
    source = _write(tmp_path / "d.jsonl", [{"id": str(i), "text": text} for i, text in enumerate(texts)])
    grown = list(read_flat(prepare(source, 30, tmp_path / "work", grow=True).path))
    assert [text for _, text in grown[:10]] == texts
    assert len({identifier for identifier, _ in grown}) == 30
    for copy in (grown[10:20], grown[20:]):
        assert [text for _, text in copy] != texts
        assert Counter(w for _, text in copy for w in text.split()) == Counter(w for t in texts for w in t.split())
        assert [text.count(".") for _, text in copy] == [6] * 10


def test_the_vocabulary_of_grown_documents_goes_on_growing(tmp_path: Path) -> None:
    texts = [f"Common once{'abcd'[i]}." for i in range(4)]
    source = _write(tmp_path / "d.jsonl", [{"id": str(i), "text": text} for i, text in enumerate(texts)])
    grown = list(read_flat(prepare(source, 12, tmp_path / "work", grow=True).path))
    words = [sorted(text.strip(".").split()[1] for _, text in grown[start : start + 4]) for start in (0, 4, 8)]
    assert words == [
        ["oncea", "onceb", "oncec", "onced"],
        ["onceab", "onceb", "oncecb", "onced"],
        ["onceac", "onceb", "oncecc", "onced"],
    ]


def test_common_phrases_consist_of_the_commonest_words_and_occur_in_the_texts() -> None:
    texts = [(str(i), f"the end of the story{i} is in the unique{i} word") for i in range(200)]
    phrases = common_phrases(texts)
    assert {query.kind for query in phrases} == {"phrase_common"}
    written = {query.text for query in phrases}
    assert '"of the"' in written
    assert not any("unique" in text for text in written)
    assert all(text.strip('"') in texts[0][1] for text in written)
