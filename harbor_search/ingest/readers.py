"""Which reader reads which file, by the end of its name."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from harbor_search.ingest.outcome import Origin, Read

__all__ = ["FILE_SUFFIXES", "JSON_SUFFIXES", "LINES_SUFFIXES", "PAGE_SUFFIXES", "Reader", "reader_for", "suffix_of"]

Reader = Callable[[bytes, Origin], Read]
"""From a file's bytes to its article; raises `Unreadable`."""

# Named, not imported: the libraries behind Markdown and HTML take long to load and most runs need neither.
_READERS = {
    ".txt": "text_page.read_page",
    ".md": "markdown.read_markdown",
    ".markdown": "markdown.read_markdown",
    ".mdx": "markdown.read_markdown",
    ".mdown": "markdown.read_markdown",
    ".mkd": "markdown.read_markdown",
    ".qmd": "markdown.read_markdown",
    ".rmd": "markdown.read_markdown",
    ".html": "html.read_html",
    ".htm": "html.read_html",
    ".xhtml": "html.read_html",
    ".pdf": "documents.read_pdf",
    ".docx": "documents.read_docx",
}

FILE_SUFFIXES = tuple(_READERS)
"""Ends of the names of files that hold one article each."""

PAGE_SUFFIXES = (".html", ".htm", ".xhtml")
"""Those of web pages among them, which may say that another page is the real one."""

LINES_SUFFIXES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
"""Ends of the names of files that hold an article a line."""

JSON_SUFFIXES = (".json", ".json.gz")
"""Ends of the names of files that hold one article or a list of them."""


def suffix_of(name: str) -> str:
    """The known suffix that `name` ends with, in any case; empty where there is none."""
    folded = name.lower()
    return next((suffix for suffix in (*LINES_SUFFIXES, *JSON_SUFFIXES, *FILE_SUFFIXES) if folded.endswith(suffix)), "")


def reader_for(suffix: str) -> Reader:
    """The reader of files that end with `suffix`, one of `FILE_SUFFIXES`."""
    module, _, function = _READERS[suffix].partition(".")
    reader: Reader = getattr(import_module(f"harbor_search.ingest.{module}"), function)
    return reader
