"""Generations: complete indexes side by side on disk, one of them live, changed in one step and never half."""

from harbor_search.store.generations.building import Building
from harbor_search.store.generations.generation import Generation
from harbor_search.store.generations.generations import Generations
from harbor_search.store.generations.hold import GenerationVanished, Pin
from harbor_search.store.generations.layout import NothingBuilt
from harbor_search.store.generations.lock import WriterLock
from harbor_search.store.generations.manifest import FileRecord, Manifest

__all__ = [
    "Building",
    "FileRecord",
    "Generation",
    "GenerationVanished",
    "Generations",
    "Manifest",
    "NothingBuilt",
    "WriterLock",
    "Pin",
]
