"""The texts of a batch of articles as input of analysis: one byte string, and arrays that describe its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harbor_search.analysis.batch_analysis import encoded
from harbor_search.article import Article

__all__ = ["Texts", "texts_of"]

_TITLE, _HEADINGS, _LEAD, _BODY, _NAMES = range(5)  # as in TEXT_FIELDS

Int32s = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of some documents, for each: title, section headings, section texts, lead, names.

    Lead and names come last because their spans are not kept: the lead is part of the body, and names are few.

    Attributes:
        joined: the texts, concatenated as `Vocabulary.tokenize` takes them.
        sizes: int32[texts], the bytes of each.
        documents: int32[texts], the document of each.
        fields: uint8[texts], the field of each, an index into TEXT_FIELDS.
        sections: int32[documents], the number of sections of each document.
        count: number of documents so far, including those of earlier batches.
        analyzers: the names of the analyzers of documents in another language than the collection, by document.
    """

    joined: bytes
    sizes: Int32s
    documents: Int32s
    fields: npt.NDArray[np.uint8]
    sections: Int32s
    count: int
    analyzers: Mapping[int, str]


def texts_of(articles: Sequence[Article], first: int, analyzers: Mapping[int, str]) -> Texts:
    """The texts of `articles`, which are numbered from `first` on; `analyzers` as in `Texts`."""
    texts: list[str] = []
    for article in articles:
        texts.append(article.title)
        texts.extend([section.heading for section in article.body])
        texts.extend([section.text for section in article.body])
        texts.append(article.lead)
        texts.append("\n".join(article.tags))
    sections = np.fromiter((len(article.body) for article in articles), np.int32, len(articles))
    ones = np.ones_like(sections)
    numbers = np.arange(first, first + sections.size, dtype=np.int32)
    kinds = np.tile(np.array([_TITLE, _HEADINGS, _BODY, _LEAD, _NAMES], np.uint8), sections.size)
    joined, sizes = encoded(texts)
    return Texts(
        joined=joined,
        sizes=sizes,
        documents=np.repeat(numbers, 3 + 2 * sections),
        fields=np.repeat(kinds, np.stack([ones, sections, sections, ones, ones], axis=1).ravel()),
        sections=sections,
        count=first + sections.size,
        analyzers=analyzers,
    )
