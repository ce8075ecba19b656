"""The store: generations of a Whoosh index on disk.

What only writing needs, Whoosh above all, is loaded when it is first asked for: a search in the terminal ends sooner.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from harbor_search.store.byte_order import is_ascending, merged_order, picked, repeats
from harbor_search.store.format import KEYWORD_FIELDS, NO_DATE, NO_VIEWS, TEXT_FIELDS, OtherFormat
from harbor_search.store.generations import (
    Building,
    Generation,
    Generations,
    GenerationVanished,
    NothingBuilt,
    Pin,
    WriterLock,
)
from harbor_search.store.index_folder import IndexFolder, open_index_folder, remove_segment, write_index_folder
from harbor_search.store.indexer.inversion import POSITION_GAP
from harbor_search.store.indexer.terms import TermNumbers, terms_from
from harbor_search.store.merging.policy import due_merges
from harbor_search.store.postings.bitpacking import BLOCK
from harbor_search.store.postings.codec import locate as locate_positions
from harbor_search.store.postings.dictionary import Entries, TermEntry, joined
from harbor_search.store.postings.fuzzy import similar_terms
from harbor_search.store.section_vectors import (
    SectionVectors,
    read_section_vectors,
    remove_section_vectors,
    write_section_vectors,
)
from harbor_search.store.segment.deletions import Deleted, write_deletions
from harbor_search.store.segment.field_reader import FieldReader
from harbor_search.store.segment.id_order import id_order, prepare_for_updates
from harbor_search.store.segment.layout import decode_outline
from harbor_search.store.segment.near_duplicates import count_folded, read_groups, write_groups
from harbor_search.store.segment.outlines import parts_of
from harbor_search.store.segment.reader import SegmentReader
from harbor_search.store.segment.stored_articles import Block, DecodedBlocks
from harbor_search.store.segment.stored_form import Display
from harbor_search.store.segment.word_list import has_word

if TYPE_CHECKING:
    from harbor_search.store.generations.backup import Companions, backup, restore
    from harbor_search.store.indexer.memory import give_back
    from harbor_search.store.indexer.worker_thread import Background, only_new_garbage, short_turns
    from harbor_search.store.merging.segments import merge_segments
    from harbor_search.store.segment.writer import SegmentWriter, hash_of

__all__ = [
    "BLOCK",
    "KEYWORD_FIELDS",
    "NO_DATE",
    "NO_VIEWS",
    "TEXT_FIELDS",
    "Background",
    "Block",
    "Building",
    "Companions",
    "DecodedBlocks",
    "Deleted",
    "Display",
    "Entries",
    "FieldReader",
    "Generation",
    "GenerationVanished",
    "Generations",
    "IndexFolder",
    "NothingBuilt",
    "WriterLock",
    "OtherFormat",
    "POSITION_GAP",
    "Pin",
    "SectionVectors",
    "SegmentReader",
    "SegmentWriter",
    "TermEntry",
    "TermNumbers",
    "backup",
    "count_folded",
    "decode_outline",
    "due_merges",
    "give_back",
    "has_word",
    "hash_of",
    "id_order",
    "is_ascending",
    "joined",
    "locate_positions",
    "merge_segments",
    "merged_order",
    "only_new_garbage",
    "open_index_folder",
    "parts_of",
    "picked",
    "prepare_for_updates",
    "read_groups",
    "read_section_vectors",
    "remove_section_vectors",
    "remove_segment",
    "repeats",
    "restore",
    "short_turns",
    "similar_terms",
    "terms_from",
    "write_deletions",
    "write_groups",
    "write_index_folder",
    "write_section_vectors",
]

_WRITING = {
    "Companions": "generations.backup",
    "backup": "generations.backup",
    "restore": "generations.backup",
    "Background": "indexer.worker_thread",
    "SegmentWriter": "segment.writer",
    "give_back": "indexer.memory",
    "hash_of": "segment.writer",
    "merge_segments": "merging.segments",
    "only_new_garbage": "indexer.worker_thread",
    "short_turns": "indexer.worker_thread",
}


def __getattr__(name: str) -> Any:
    if name not in _WRITING:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WRITING[name]}"), name)
