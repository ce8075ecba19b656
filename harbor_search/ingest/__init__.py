"""Ingest: where articles come from and how bytes become articles."""

from harbor_search.ingest.origins import may_be
from harbor_search.ingest.outcome import Outcome, Read, Refused, Skipped
from harbor_search.ingest.publication_rules import PublicationRules
from harbor_search.ingest.reading import count_hint, read_articles
from harbor_search.ingest.sources import Source, as_source, changes, configured_sources
from harbor_search.ingest.unchanged_files import ReadBefore
from harbor_search.ingest.written_records import next_change_of, pack_record, read_written, record_id, unpack_record

__all__ = [
    "Outcome",
    "PublicationRules",
    "Read",
    "ReadBefore",
    "Refused",
    "Skipped",
    "Source",
    "as_source",
    "changes",
    "configured_sources",
    "count_hint",
    "may_be",
    "next_change_of",
    "pack_record",
    "read_articles",
    "read_written",
    "record_id",
    "unpack_record",
]
