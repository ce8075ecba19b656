"""The store: generations of a Whoosh index on disk.

What only writing needs, Whoosh above all, is imported on first use, so that a search in the terminal starts sooner.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from harbor_search.store.byte_strings import equals_previous, gather_strings, is_ascending, merged_order
from harbor_search.store.format import KEYWORD_FIELDS, NO_DATE, NO_VIEWS, TEXT_FIELDS, OtherFormat
from harbor_search.store.generations import (
    Generation,
    Generations,
    GenerationVanished,
    NothingBuilt,
    Pin,
    StagedGeneration,
    WriterLock,
)
from harbor_search.store.index_folder import IndexFolder, open_index_folder, remove_segment, write_index_folder
from harbor_search.store.inversion.list_kernels import POSITION_GAP
from harbor_search.store.inversion.terms import TermNumbers, intern_terms
from harbor_search.store.merging.policy import due_merges
from harbor_search.store.postings.bitpacking import BLOCK
from harbor_search.store.postings.codec import locate as locate_positions
from harbor_search.store.postings.dictionary import TermEntries, TermEntry, concat_entries
from harbor_search.store.postings.fuzzy import similar_terms
from harbor_search.store.section_vectors import (
    SectionVectors,
    read_section_vectors,
    remove_section_vectors,
    write_section_vectors,
)
from harbor_search.store.segment.article_record import Display
from harbor_search.store.segment.deletions import Deleted, write_deletions
from harbor_search.store.segment.field_reader import FieldReader
from harbor_search.store.segment.id_order import id_order, warm_up_updates
from harbor_search.store.segment.near_duplicates import count_folded, read_groups, write_groups
from harbor_search.store.segment.outlines import split_outline
from harbor_search.store.segment.reader import SegmentReader
from harbor_search.store.segment.stored_articles import Block, BlockCache
from harbor_search.store.segment.text_layout import decode_text_layout
from harbor_search.store.segment.word_list import has_word

if TYPE_CHECKING:
    from harbor_search.store.generations.backup import Companions, backup, restore
    from harbor_search.store.inversion.memory import release_unused_memory
    from harbor_search.store.inversion.worker_thread import (
        BackgroundThread,
        freeze_existing_objects,
        short_switch_interval,
    )
    from harbor_search.store.merging.segments import merge_segments
    from harbor_search.store.segment.writer import SegmentWriter, hash_of

__all__ = [
    "BLOCK",
    "KEYWORD_FIELDS",
    "NO_DATE",
    "NO_VIEWS",
    "TEXT_FIELDS",
    "BackgroundThread",
    "Block",
    "StagedGeneration",
    "Companions",
    "BlockCache",
    "Deleted",
    "Display",
    "TermEntries",
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
    "decode_text_layout",
    "due_merges",
    "release_unused_memory",
    "has_word",
    "hash_of",
    "id_order",
    "is_ascending",
    "concat_entries",
    "locate_positions",
    "merge_segments",
    "merged_order",
    "freeze_existing_objects",
    "open_index_folder",
    "split_outline",
    "gather_strings",
    "warm_up_updates",
    "read_groups",
    "read_section_vectors",
    "remove_section_vectors",
    "remove_segment",
    "equals_previous",
    "restore",
    "short_switch_interval",
    "similar_terms",
    "intern_terms",
    "write_deletions",
    "write_groups",
    "write_index_folder",
    "write_section_vectors",
]

_WRITING = {
    "Companions": "generations.backup",
    "backup": "generations.backup",
    "restore": "generations.backup",
    "BackgroundThread": "inversion.worker_thread",
    "SegmentWriter": "segment.writer",
    "release_unused_memory": "inversion.memory",
    "hash_of": "segment.writer",
    "merge_segments": "merging.segments",
    "freeze_existing_objects": "inversion.worker_thread",
    "short_switch_interval": "inversion.worker_thread",
}


def __getattr__(name: str) -> Any:
    if name not in _WRITING:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WRITING[name]}"), name)
