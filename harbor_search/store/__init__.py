"""The store: generations of a Whoosh index on disk."""

from harbor_search.store.byte_order import is_ascending
from harbor_search.store.deletions import Deleted, write_deletions
from harbor_search.store.dictionary import TermEntry
from harbor_search.store.document_values import NO_DATE, NO_VIEWS
from harbor_search.store.formats import OtherFormat
from harbor_search.store.fuzzy import similar_terms
from harbor_search.store.generations import Building, Generation, Generations, GenerationVanished, NothingBuilt, Pin
from harbor_search.store.index_folder import IndexFolder, open_index_folder, remove_segment, write_index_folder
from harbor_search.store.merge_policy import due_merges
from harbor_search.store.merging import id_order, merge_segments
from harbor_search.store.schema import KEYWORD_FIELDS, SECTION_SEPARATOR, TEXT_FIELDS
from harbor_search.store.segment_reader import FieldPlaces, FieldReader, SegmentReader
from harbor_search.store.segment_writer import SegmentWriter, hash_of

__all__ = [
    "KEYWORD_FIELDS",
    "NO_DATE",
    "NO_VIEWS",
    "SECTION_SEPARATOR",
    "TEXT_FIELDS",
    "Building",
    "Deleted",
    "FieldPlaces",
    "FieldReader",
    "Generation",
    "GenerationVanished",
    "Generations",
    "IndexFolder",
    "NothingBuilt",
    "OtherFormat",
    "Pin",
    "SegmentReader",
    "SegmentWriter",
    "TermEntry",
    "due_merges",
    "hash_of",
    "id_order",
    "is_ascending",
    "merge_segments",
    "open_index_folder",
    "remove_segment",
    "similar_terms",
    "write_deletions",
    "write_index_folder",
]
