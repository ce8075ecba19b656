"""Generations: complete indexes side by side on disk, of which one is live; switching between them is atomic."""

from harbor_search.store.generations.generation import Generation
from harbor_search.store.generations.generations import Generations
from harbor_search.store.generations.lock import WriterLock
from harbor_search.store.generations.manifest import FileRecord, Manifest
from harbor_search.store.generations.paths import NothingBuilt
from harbor_search.store.generations.pinning import GenerationVanished, Pin
from harbor_search.store.generations.staged_generation import StagedGeneration

__all__ = [
    "StagedGeneration",
    "FileRecord",
    "Generation",
    "GenerationVanished",
    "Generations",
    "Manifest",
    "NothingBuilt",
    "WriterLock",
    "Pin",
]
