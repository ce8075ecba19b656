"""Outlines: the title and headings of each document of a segment, so that suggestions need not read stored articles.

The column has one line per document, title and headings separated by unit separators, compressed as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import zstandard

from harbor_search.article import Article
from harbor_search.errors import OperationalError

__all__ = ["OUTLINES", "outline_of", "pack_outlines", "split_outline", "unpack_outlines"]

OUTLINES = "outlines"
"""The column of a segment's postings file."""

_SEPARATOR = "\x1f"
_LEVEL = 3


def outline_of(article: Article) -> str:
    """The outline of an article, one line."""
    headings = (section.heading for section in article.body if section.heading)
    return _SEPARATOR.join([article.title, *headings]).replace("\n", " ")


def pack_outlines(lines: Sequence[str]) -> npt.NDArray[np.uint8]:
    """Encode the outlines of all documents as a column."""
    return np.frombuffer(zstandard.compress("\n".join(lines).encode("utf-8", "replace"), _LEVEL), np.uint8)


def unpack_outlines(column: npt.NDArray[np.uint8], documents: int) -> list[str]:
    """The outlines of all documents, to be read with `split_outline`.

    Raises:
        OperationalError: the column is damaged.
    """
    try:
        lines = zstandard.decompress(column.tobytes()).decode().split("\n") if documents else []
    except (zstandard.ZstdError, UnicodeDecodeError) as error:
        raise _damaged() from error
    if len(lines) != documents:
        raise _damaged()
    return lines


def split_outline(line: str) -> tuple[str, list[str]]:
    """The title and the headings in an outline."""
    title, *headings = line.split(_SEPARATOR)
    return title, headings


def _damaged() -> OperationalError:
    return OperationalError("the outlines of a segment are damaged; roll back or rebuild the index")
