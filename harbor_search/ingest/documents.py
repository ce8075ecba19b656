"""PDF and Word documents as articles, by pypdf and python-docx (the extra `documents`)."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from harbor_search.ingest.body import Part, body_of, lead_of
from harbor_search.ingest.metadata import article_of_file, require_public, with_surroundings
from harbor_search.ingest.outcome import Origin, Read, Unreadable, Unwanted

__all__ = ["read_docx", "read_pdf"]

MAX_UNPACKED = 200_000_000
"""Bytes that the parts of a document may unpack into: many times what text needs, less than memory."""

MAX_PAGES = 5_000
"""Pages of a PDF: more than any book."""

MAX_TEXT = 10_000_000
"""Characters of one document; at the end of a page beyond them reading stops, with an error."""

_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad]\n(?=[^\W\d_A-Z])")
_LINE = re.compile(r"(?<![.!?:])\n(?=[^\W\d_A-Z])")
_HEADING = re.compile(r"(?:heading|title|\u00fcberschrift|titre|t\u00edtulo)\s*([1-9])?", re.IGNORECASE)


def read_pdf(data: bytes, origin: Origin) -> Read:
    """The article of one PDF: its text page by page, its title and date where it states them.

    Raises:
        Unreadable: no PDF, encrypted, or pictures of text.
        Unwanted: pypdf is not installed.
    """
    pypdf = _library("pypdf")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("the PDF is encrypted; save it without a password")
        if len(reader.pages) > MAX_PAGES:
            raise Unreadable(f"the PDF has {len(reader.pages)} pages; at most {MAX_PAGES} are read: split it")
        text = "\n\n".join(_bounded(_unwrapped(page.extract_text() or "") for page in reader.pages))
        stated = _stated(reader.metadata)
    except Unreadable:
        raise
    except Exception as error:
        # PDFs come broken in ways that no library foresees; one must not stop the others.
        raise Unreadable(f"the PDF cannot be read ({type(error).__name__}: {error})") from error
    if not text.strip():
        raise Unreadable("the PDF has no text, only pictures; recognise its text (OCR) first")
    return _article([Part("", text)], stated, origin)


def read_docx(data: bytes, origin: Origin) -> Read:
    """The article of one Word document: headings, paragraphs and tables in their order, and its properties.

    Raises:
        Unreadable: no such document, or one that unpacks into too much.
        Unwanted: python-docx is not installed.
    """
    docx = _library("docx")
    try:
        _require_bounded(data)
        document = docx.Document(io.BytesIO(data))
        parts, title = _word_parts(document)
        properties = document.core_properties
        stated = {
            "title": properties.title or title,
            "date": properties.created or properties.modified,
            "keywords": properties.keywords,
            "category": properties.category,
            "language": properties.language,
            "state": properties.content_status,
        }
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(f"the document cannot be read ({type(error).__name__}: {error})") from error
    return _article(parts, {name: value for name, value in stated.items() if value}, origin)


def _article(parts: list[Part], stated: dict[str, Any], origin: Origin) -> Read:
    require_public(with_surroundings(stated, origin), origin)
    body = body_of(parts)
    if not lead_of(body):
        raise Unreadable("the document has no text")
    return article_of_file(stated, body, origin)


def _library(name: str) -> Any:
    from importlib import import_module

    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise Unwanted("documents are read where pip install 'harbor-search[documents]' has been run") from None


def _bounded(texts: Iterator[str]) -> Iterator[str]:
    size = 0
    for text in texts:
        size += len(text)
        if size > MAX_TEXT:
            raise Unreadable(f"its text is longer than {MAX_TEXT} characters; split it")
        yield text


def _unwrapped(text: str) -> str:
    """The text of a page without the breaks of its lines: words joined that were parted, sentences that go on."""
    return _LINE.sub(" ", _HYPHEN.sub("", text))


def _stated(metadata: Any) -> dict[str, Any]:
    if metadata is None:
        return {}
    found = {"title": metadata.title, "keywords": metadata.get("/Keywords")}
    try:
        found["date"] = metadata.creation_date or metadata.modification_date
    except ValueError:
        # A date in a form of its own; the article has none then.
        found["date"] = None
    return {name: value for name, value in found.items() if value}


def _require_bounded(data: bytes) -> None:
    """What a ZIP archive says of its parts is checked before anything is unpacked.

    A part that is larger than it says ends in an error of the library when it gets there.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            total = sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile as error:
        raise Unreadable(f"this is no Word document (.docx): {error}") from error
    if total > MAX_UNPACKED:
        raise Unreadable(f"the document unpacks into {total} bytes; at most {MAX_UNPACKED} are read")


def _word_parts(document: Any) -> tuple[list[Part], str]:
    """Parts in the order of the document, and its title where a paragraph is styled as one."""
    parts: list[tuple[str, list[str]]] = [("", [])]
    title = ""
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            rows = (" | ".join(dict.fromkeys(map(_cell_text, row.cells))) for row in block.rows)
            parts[-1][1].append("\n".join(rows))
            continue
        text = _shown_text(block).strip()
        style = _HEADING.match(block.style.name or "") if block.style is not None else None
        if style and not style[1] and not title:
            title = text
        elif style and text:
            parts.append((text, []))
        elif text:
            parts[-1][1].append(text)
    return [Part(heading, "\n\n".join(texts)) for heading, texts in parts], title


_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_REMOVED = frozenset(f"{_WORD}{name}" for name in ("del", "moveFrom", "txbxContent"))


def _cell_text(cell: Any) -> str:
    return "\n".join(filter(None, (_shown_text(each).strip() for each in cell.paragraphs)))


def _shown_text(paragraph: Any) -> str:
    """The text of a paragraph as Word prints it: with insertions and fields, without deletions and hidden text."""
    pieces = []
    for run in paragraph._p.iter(f"{_WORD}r"):
        properties = run.find(f"{_WORD}rPr")
        hidden = properties.find(f"{_WORD}vanish") if properties is not None else None
        if hidden is not None and hidden.get(f"{_WORD}val") not in ("0", "false", "off"):
            continue
        if any(above.tag in _REMOVED for above in run.iterancestors()):
            continue
        pieces.append(run.text)
    return "".join(pieces)
