"""The model of sentences: whether the folder that the settings name has one, and whether the index was made by it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from harbor_search.cli.finding import Finding
from harbor_search.config import Settings
from harbor_search.engines import open_engine
from harbor_search.errors import OperationalError, UserError
from harbor_search.store import Generations

__all__ = ["model"]


def model(settings: Settings) -> Iterator[Finding]:
    """Whether there is a model where the settings say so, that can be read, and that the articles were embedded by."""
    if not settings.semantic_model:
        return
    from harbor_search.embedding import open_model

    try:
        opened = open_model(Path(settings.semantic_model).expanduser())
        dimensions = int(opened.embed(["What is this article about?"]).shape[1])
    except UserError as error:
        fault, _, cure = str(error).removeprefix("semantic_model: ").partition("; ")
        installing = fault.partition(": pip install")
        cure = f"pip install{installing[2]}" if installing[1] else cure or "put the model there, or name its folder"
        yield Finding("model", installing[0], cure)
        return
    if settings.engine == "embedded":
        yield from _of_index(settings, opened.fingerprint, dimensions)
    else:
        yield from _of_cluster(settings, opened.fingerprint)


def _of_cluster(settings: Settings, fingerprint: str) -> Iterator[Finding]:
    """Whether the articles in the cluster were embedded by this model; that nothing answers is told by others."""
    try:
        with closing(open_engine(settings)) as engine:
            made_by = engine.stats().details.get("model of sections")
    except (OperationalError, UserError):
        return
    if made_by != fingerprint:
        how = "embedded by another model" if made_by else "not embedded yet"
        yield Finding("model", f"the articles were {how}: searches go by words alone", "harbor-search update")


def _of_index(settings: Settings, fingerprint: str, dimensions: int) -> Iterator[Finding]:
    """Whether the live generation has vectors by this model; damage and absence of it are told by others."""
    from harbor_search.store import read_section_vectors

    try:
        with Generations(settings.index, keep=1).pin_live() as pin:
            vectors = read_section_vectors(pin.path)
            found = None if vectors is None else (vectors.fingerprint, int(vectors.vectors.shape[1]))
    except OperationalError:
        return
    fault = "the articles were not embedded yet: searches go by words alone"
    if found is not None:
        if found[0] == fingerprint:
            return
        fault = "the articles were embedded by another model: searches go by words alone"
        if found[1] != dimensions:
            fault += f" (its vectors have {found[1]} dimensions, those of this one {dimensions})"
    yield Finding("model", fault, "harbor-search update")
