"""What is told about a generation of the embedded engine."""

from __future__ import annotations

from harbor_search.engines.protocol import GenerationInfo
from harbor_search.store import Generation

__all__ = ["generation_info"]


def generation_info(generation: Generation) -> GenerationInfo:
    """The figures of a generation, from its manifest."""
    manifest = generation.manifest
    return GenerationInfo(
        name=generation.identity,
        articles=manifest.articles,
        bytes=sum(record.size for record in manifest.files.values()),
        built=manifest.built,
        near_duplicates=int(manifest.extra.get("near_duplicates", 0)),
    )
