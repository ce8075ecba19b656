"""CSV: an article a row, fields named by the first row or mapped; a bad row ends nothing."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest

from harbor_search.ingest import Outcome, Read, Refused, Skipped, Source, read_articles
from tests.ingest.reading import MAX_BYTES

ROWS = "id,title,text,date\n1,Iron,Greens have iron.,2025-01-31\n2,Tea,Tea takes it.,\n"


def read(source: Source | Path) -> list[Outcome]:
    return list(read_articles([source], max_bytes=MAX_BYTES))


def titles(found: list[Outcome]) -> list[str]:
    return [each.article.title for each in found if isinstance(each, Read)]


def write(folder: Path, text: str, name: str = "a.csv", encoding: str = "utf-8") -> Path:
    (folder / name).write_bytes(text.encode(encoding))
    return folder / name


def test_each_row_is_an_article(tmp_path: Path) -> None:
    iron, tea = read(write(tmp_path, ROWS))
    assert isinstance(iron, Read) and isinstance(tea, Read)
    assert (iron.article.id, iron.article.title, iron.article.published) == ("1", "Iron", date(2025, 1, 31))
    assert (iron.article.lead, tea.article.published) == ("Greens have iron.", None)


@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_the_delimiter_is_told_from_the_first_row(tmp_path: Path, sign: str) -> None:
    assert titles(read(write(tmp_path, ROWS.replace(",", sign)))) == ["Iron", "Tea"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_spreadsheets_write_is_read(tmp_path: Path, encoding: str) -> None:
    assert titles(read(write(tmp_path, ROWS, encoding=encoding))) == ["Iron", "Tea"]


def test_a_compressed_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(ROWS.encode()))
    assert titles(read(tmp_path / "a.csv.gz")) == ["Iron", "Tea"]


def test_columns_are_mapped_to_fields(tmp_path: Path) -> None:
    file = write(tmp_path, "nr,headline,body_html,ressort\n7,Iron,<p>Greens <b>have</b> iron.</p>,Food > Minerals\n")
    [found] = read(
        Source(str(file), fields={"id": "nr", "title": "headline", "text": "body_html", "section": "ressort"})
    )
    assert isinstance(found, Read)
    assert (found.article.id, found.article.title, found.article.section) == ("7", "Iron", ("Food", "Minerals"))


def test_a_mapped_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    [found] = read(Source(str(write(tmp_path, ROWS)), fields={"title": "headline"}))
    assert isinstance(found, Refused)
    assert "no column 'headline'" in found.reason and "id, title, text, date" in found.reason


def test_json_lines_are_mapped_too(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"headline": "Iron", "content": {"x": 1}, "words": "Greens have iron."}\n')
    [found] = read(Source(str(tmp_path / "a.jsonl"), fields={"title": "headline", "text": "words", "content": "none"}))
    assert isinstance(found, Read)
    assert (found.article.title, found.article.lead) == ("Iron", "Greens have iron.")


def test_a_row_with_too_many_fields_is_refused_by_its_line_and_the_others_are_read(tmp_path: Path) -> None:
    text = 'title,text\nIron,"Greens,\nand beans."\nTea,Tea, with milk\nNaps,Short.\n'
    found = read(write(tmp_path, text))
    assert titles(found) == ["Iron", "Naps"]
    [refused] = [each for each in found if isinstance(each, Refused)]
    assert refused.source.endswith("a.csv:4") and "3 fields, the first row 2" in refused.reason


def test_rows_that_are_not_to_be_published_are_skipped(tmp_path: Path) -> None:
    found = read(write(tmp_path, "title,text,status\nIron,Greens.,draft\nTea,Hot.,published\n"))
    assert titles(found) == ["Tea"]
    assert [each.reason for each in found if isinstance(each, Skipped)]


def test_in_a_folder_a_csv_file_is_data_and_no_articles(tmp_path: Path) -> None:
    write(tmp_path, ROWS)
    assert [type(each) for each in read(tmp_path)] == [Skipped]


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_an_empty_file_is_refused(tmp_path: Path, text: str) -> None:
    [found] = read(write(tmp_path, text))
    assert isinstance(found, Refused) and "empty" in found.reason


def test_a_table_in_the_encoding_of_windows_is_read_as_such_with_a_note(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("title,text\nÄpfel,süß\nBirnen,mürb\n".encode("cp1252"))
    first, second = read_articles([tmp_path / "a.csv"], max_bytes=1000)
    assert isinstance(first, Read) and isinstance(second, Read)
    assert (first.article.title, second.article.title) == ("Äpfel", "Birnen")
    assert "Windows-1252" in first.notes[0] and second.notes == ()


def test_a_quote_that_never_closes_swallows_no_rows(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('title,text\nA,b\nB,"c\nC,d\nD,e\n')
    first, second = read_articles([tmp_path / "a.csv"], max_bytes=1000)
    assert isinstance(first, Read) and isinstance(second, Refused)
    assert "never closes" in second.reason


def test_a_line_that_names_the_separator_is_no_header(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("sep=|\ntitle|text\nA|b, c; d\n")
    [outcome] = read_articles([tmp_path / "a.csv"], max_bytes=1000)
    assert isinstance(outcome, Read) and outcome.article.lead == "b, c; d"
