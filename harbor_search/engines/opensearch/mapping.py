"""What an OpenSearch index of ours looks like: analysis, similarities, fields.

OpenSearch analyses nothing: it gets the terms that our own analyzer makes, so that a word means the same in both
engines. Fields of text come as terms with spaces between them, with `GAP_TERM` where a position is empty. The field
`terms` holds every term of an article once, with its weighted frequency over all fields (BM25F) in the place of a
frequency: under a BM25 without length normalisation that gives the score of the embedded engine, and OpenSearch can
skip documents by it. In the fields themselves an occurrence scores 1, and the lengths of fields stand beside them, for
a query to put together (`translation`) what no such term was made of: phrases, words in one field, words in several
spellings. OpenSearch's own lengths are rounded to a byte.
"""

from __future__ import annotations

from typing import Any

from harbor_search.ranking import BM25F

__all__ = ["FREQUENCY_MARK", "FREQUENCY_UNIT", "GAP_TERM", "INDEX_VERSION", "LENGTHS", "TEXT_FIELDS", "index_body"]

INDEX_VERSION = 8
"""Of mapping and documents; an index of another version has to be built again."""

FREQUENCY_UNIT = 1000
"""What a weighted frequency of 1 is in `terms`: OpenSearch counts in whole numbers, and a thousandth is far below what
one occurrence in a long text adds."""

FREQUENCY_MARK = "\x01"
"""Between a term and its frequency; no analyzer lets it into a term."""

GAP_TERM = "\x02"
"""Holds an empty position of a text."""

TEXT_FIELDS = {name: f"{name}_terms" for name in ("title", "headings", "lead", "body", "names")}
"""By field of the query language, the field of the index that holds its terms and their positions."""

LENGTHS = {name: f"{name}_length" for name in TEXT_FIELDS}
"""By field of the query language, the field of the index that says how many terms it has."""


def index_body(model: BM25F, *, shards: int, results: int, meta: dict[str, Any]) -> dict[str, Any]:
    """The settings and mappings of a new index; `results` bounds paging, and `meta` is kept with the index."""
    return {
        "settings": {
            "number_of_shards": shards,
            # None while it is filled: copies of finished segments cost less than indexing each article twice.
            "number_of_replicas": 0,
            "refresh_interval": "-1",
            "max_result_window": max(results, 10_000),
            "analysis": _ANALYSIS,
            "similarity": {
                "all_fields": {"type": "BM25", "k1": model.k1 * FREQUENCY_UNIT, "b": 0.0},
                # A misspelt word counts as much as the one that is meant, so that boosts are left out.
                "occurrences": {"type": "scripted", "script": {"source": "doc.freq"}},
            },
        },
        "mappings": {
            "dynamic": "strict",
            "_source": {"includes": ["article"]},
            "_meta": meta,
            "properties": _properties(),
        },
    }


_ANALYSIS = {
    "filter": {
        "frequencies": {"type": "delimited_term_freq", "delimiter": FREQUENCY_MARK},
        "gaps": {"type": "stop", "stopwords": [GAP_TERM]},
    },
    "analyzer": {
        "weighted": {"type": "custom", "tokenizer": "whitespace", "filter": ["frequencies"]},
        "positions": {"type": "custom", "tokenizer": "whitespace", "filter": ["gaps"]},
    },
}


def _properties() -> dict[str, Any]:
    text = {"type": "text", "analyzer": "positions", "norms": False, "similarity": "occurrences"}
    return {
        "id": {"type": "keyword"},
        "hash": {"type": "keyword", "index": False},
        "terms": {
            "type": "text",
            "analyzer": "weighted",
            "search_analyzer": "whitespace",
            "index_options": "freqs",
            "norms": False,
            "similarity": "all_fields",
        },
        **dict.fromkeys(TEXT_FIELDS.values(), text),
        **dict.fromkeys(LENGTHS.values(), {"type": "integer", "index": False}),
        # What the best say of each other (`feedback`).
        "term_weights": {"type": "binary", "doc_values": True},
        "sections": {"type": "keyword"},
        "section_parts": {"type": "keyword"},
        "tags": {"type": "keyword"},
        "source_name": {"type": "keyword"},
        "source": {"type": "keyword"},
        "language": {"type": "keyword"},
        # Whole words as they are written, for corrections, and what suggestions are made of.
        "words": {"type": "keyword"},
        "title_start": {"type": "keyword"},
        "title_text": {"type": "text", "store": True},
        "headings_text": {"type": "text", "store": True},
        "published": {"type": "date", "format": "strict_date"},
        "year": {"type": "short"},
        "views": {"type": "long"},
        # Near-duplicates: a group for every document to fold by, and what groups are found by.
        "group": {"type": "long"},
        "similar": {"type": "integer"},
        "signature": {"type": "binary", "doc_values": True},
        "bands": {"type": "keyword", "doc_values": False},
        # What sections mean (`meaning`), where a model says so.
        "vectors": {"type": "binary", "doc_values": True},
        "article": {"type": "keyword", "index": False, "doc_values": False},
    }
