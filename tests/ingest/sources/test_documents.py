"""PDF and Word documents as articles, and the ends that broken and malicious ones come to."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import docx
import pypdf
import pytest

from harbor_search.ingest import Read, Refused, Skipped, documents
from tests.ingest.reading import headings, read_bytes, read_one, refusal, texts


def word(**properties: object) -> bytes:
    document = docx.Document()
    document.add_heading("Iron in Food", 0)
    document.add_paragraph("Greens have iron.")
    document.add_heading("Tea", 1)
    document.add_paragraph("Tea takes some of it.")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Lentils", "3.3 mg"
    for name, value in properties.items():
        setattr(document.core_properties, name, value)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def pdf(text: str = "Greens have iron.", **metadata: str) -> bytes:
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(width=300, height=300)
    content = pypdf.generic.DecodedStreamObject()
    content.set_data(f"BT /F1 12 Tf 20 200 Td ({text}) Tj ET".encode())
    font = pypdf.generic.DictionaryObject(
        {pypdf.generic.NameObject(f"/{name}"): pypdf.generic.NameObject(f"/{value}")
         for name, value in (("Type", "Font"), ("Subtype", "Type1"), ("BaseFont", "Helvetica"))}
    )  # fmt: skip
    fonts = pypdf.generic.DictionaryObject({pypdf.generic.NameObject("/F1"): font})
    page[pypdf.generic.NameObject("/Resources")] = pypdf.generic.DictionaryObject(
        {pypdf.generic.NameObject("/Font"): fonts}
    )
    page[pypdf.generic.NameObject("/Contents")] = writer._add_object(content)
    writer.add_metadata({f"/{name}": value for name, value in metadata.items()})
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def test_a_word_document_has_its_headings_paragraphs_tables_and_properties(tmp_path: Path) -> None:
    created = datetime(2025, 1, 31)
    article = read_one(
        tmp_path, "iron.docx", word(title="Iron", created=created, modified=created, keywords="iron, tea")
    )
    assert (article.id, article.title, article.published) == ("iron", "Iron", date(2025, 1, 31))
    assert article.tags == ("iron", "tea")
    assert headings(article) == ["", "Tea"]
    assert texts(article) == ["Greens have iron.", "Tea takes some of it.\n\nLentils | 3.3 mg"]


def test_a_paragraph_styled_as_the_title_is_the_title(tmp_path: Path) -> None:
    assert read_one(tmp_path, "iron.docx", word(title="")).title == "Iron in Food"


def test_a_pdf_has_its_text_title_and_date(tmp_path: Path) -> None:
    article = read_one(tmp_path, "iron.pdf", pdf(Title="Iron in Food", CreationDate="D:20250131120000Z"))
    assert (article.title, article.published, article.lead) == ("Iron in Food", date(2025, 1, 31), "Greens have iron.")


def test_a_pdf_without_a_title_is_called_by_its_name(tmp_path: Path) -> None:
    outcome = read_bytes(tmp_path, "iron-in-food.pdf", pdf())
    assert isinstance(outcome, Read) and outcome.article.title == "iron in food"


def test_a_pdf_of_pictures_is_refused_with_the_cure(tmp_path: Path) -> None:
    assert "OCR" in refusal(tmp_path, "scan.pdf", pdf(" "))


@pytest.mark.parametrize("name", ["a.pdf", "a.docx"])
@pytest.mark.parametrize("data", [b"", b"no document", b"%PDF-1.7\nnothing", b"PK\x03\x04nothing"])
def test_what_is_no_document_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    assert isinstance(read_bytes(tmp_path, name, data), Refused)


def test_a_document_that_unpacks_into_too_much_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    stream = io.BytesIO(word())
    with (
        zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/media/bomb.xml", "w") as part,
    ):
        for _ in range(201):
            part.write(bytes(1_000_000))
    assert len(stream.getvalue()) < 1_000_000
    assert "unpacks into 201" in refusal(tmp_path, "bomb.docx", stream.getvalue())


def test_a_document_with_entities_that_expand_is_refused(tmp_path: Path) -> None:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">{levels}]><x>&a11;</x>'
    source, target = zipfile.ZipFile(io.BytesIO(word())), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.infolist():
            archive.writestr(part, bomb if part.filename == "word/document.xml" else source.read(part))
    assert isinstance(read_bytes(tmp_path, "bomb.docx", target.getvalue()), Refused)


def test_without_the_libraries_documents_are_skipped_and_the_report_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pypdf", None)
    outcome = read_bytes(tmp_path, "a.pdf", pdf())
    assert isinstance(outcome, Skipped) and "harbor-search[documents]" in outcome.reason


def test_a_pdf_with_more_text_than_any_article_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_TEXT", 10)
    assert "longer than 10 characters" in refusal(tmp_path, "long.pdf", pdf())


def test_text_that_word_does_not_print_is_no_text_and_what_was_inserted_is(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Greens have iron. ")
    paragraph.add_run("zebra").font.hidden = True
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    for markup in (
        f"<w:del {space}><w:r><w:delText>zebra</w:delText></w:r></w:del>",
        f"<w:moveFrom {space}><w:r><w:t>zebra</w:t></w:r></w:moveFrom>",
        f"<w:ins {space}><w:r><w:t>So has tea.</w:t></w:r></w:ins>",
    ):
        paragraph._p.append(docx.oxml.parse_xml(markup))
    stream = io.BytesIO()
    document.save(stream)
    outcome = read_bytes(tmp_path, "a.docx", stream.getvalue())
    assert isinstance(outcome, Read)
    assert texts(outcome.article) == ["Greens have iron. So has tea."]


def test_a_document_whose_properties_say_that_it_is_a_draft_is_skipped(tmp_path: Path) -> None:
    assert isinstance(read_bytes(tmp_path, "a.docx", word(content_status="Draft")), Skipped)
    assert isinstance(read_bytes(tmp_path, "a.docx", word(content_status="Final")), Read)
