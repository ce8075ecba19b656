"""The title and headings of each document of a segment, for suggestions, without a look at its text.

Documents stand one behind the other, a line each, title and headings between unit separators; all of it compressed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import zstandard

from harbor_search.article import Article
from harbor_search.errors import OperationalError

__all__ = ["OUTLINES", "outline_of", "pack_outlines", "parts_of", "unpack_outlines"]

OUTLINES = "outlines"
"""The column of a segment's postings file."""

_SEPARATOR = "\x1f"
_LEVEL = 3


def outline_of(article: Article) -> str:
    """The line of an article."""
    headings = (section.heading for section in article.body if section.heading)
    return _SEPARATOR.join([article.title, *headings]).replace("\n", " ")


def pack_outlines(lines: Sequence[str]) -> npt.NDArray[np.uint8]:
    """The column for the lines of all documents."""
    return np.frombuffer(zstandard.compress("\n".join(lines).encode("utf-8", "replace"), _LEVEL), np.uint8)


def unpack_outlines(column: npt.NDArray[np.uint8], documents: int) -> list[str]:
    """The lines of all documents; `parts_of` has what stands in one.

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


def parts_of(line: str) -> tuple[str, list[str]]:
    """The title and the headings of a document."""
    title, *headings = line.split(_SEPARATOR)
    return title, headings


def _damaged() -> OperationalError:
    return OperationalError("the outlines of a segment are damaged; roll back or rebuild the index")
