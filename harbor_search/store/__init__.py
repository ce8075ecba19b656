"""The store: generations of a Whoosh index on disk."""

from harbor_search.store.dictionary import TermEntry
from harbor_search.store.fuzzy import similar_terms
from harbor_search.store.generations import Generation, Generations, GenerationVanished, Pin
from harbor_search.store.index_folder import IndexFolder, open_index_folder, write_index_folder
from harbor_search.store.schema import KEYWORD_FIELDS, SECTION_SEPARATOR, TEXT_FIELDS
from harbor_search.store.segment_reader import FieldPlaces, FieldReader, SegmentReader
from harbor_search.store.segment_writer import NO_DATE, NO_VIEWS, SegmentWriter

__all__ = [
    "KEYWORD_FIELDS",
    "NO_DATE",
    "NO_VIEWS",
    "SECTION_SEPARATOR",
    "TEXT_FIELDS",
    "FieldPlaces",
    "FieldReader",
    "Generation",
    "GenerationVanished",
    "Generations",
    "IndexFolder",
    "Pin",
    "SegmentReader",
    "SegmentWriter",
    "TermEntry",
    "open_index_folder",
    "similar_terms",
    "write_index_folder",
]
