"""The model that the setting `semantic_model` names, opened when it is first needed; nothing of it is loaded before."""

from __future__ import annotations

import logging
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.engines.protocol import Progress
from harbor_search.store import read_section_vectors, remove_section_vectors

if TYPE_CHECKING:
    from harbor_search.embedding import EmbeddingModel
    from harbor_search.engines.embedded.meaning import Meaning

__all__ = ["Embedder"]

_log = logging.getLogger(__name__)


class Embedder:
    """Embeds what is indexed and what is asked; without a model, nothing. Threads may share it."""

    def __init__(self, folder: str) -> None:
        """`folder` is that of the model; empty: there is none."""
        self._folder = folder

    @cached_property
    def _model(self) -> EmbeddingModel:
        from harbor_search.embedding import open_model

        return open_model(Path(self._folder).expanduser())

    def check(self) -> None:
        """Open the model, where one is named.

        Raises:
            UserError: the folder has none, or what reads it is not installed.
        """
        if self._folder:
            _ = self._model

    def lacks(self, folder: Path) -> str:
        """Why what was embedded of the index in `folder` is of no use for updating it; empty where it is, or where
        nothing is to be embedded.

        Raises:
            OperationalError: a file is damaged.
            UserError: as `check`.
        """
        if not self._folder:
            return ""
        vectors = read_section_vectors(folder)
        if vectors is None:
            return "the articles were not embedded yet"
        return "" if vectors.fingerprint == self._model.fingerprint else "the articles were embedded by another model"

    def write(self, folder: Path, progress: Progress) -> None:
        """Embed what is new in the index in `folder`; without a model, take out what was embedded."""
        if not self._folder:
            remove_section_vectors(folder)
            return
        from harbor_search.engines.embedded.section_embedding import embed_sections

        embed_sections(folder, self._model, progress)

    def meaning(self, snapshot: Snapshot, folder: Path) -> Meaning | None:
        """What the sections of a snapshot mean, whose index is in `folder`; None where that is not known.

        Raises:
            OperationalError: a file is damaged.
            UserError: as `check`.
        """
        if not self._folder:
            return None
        lacks = self.lacks(folder)
        if lacks:
            _log.warning("%s: searching by words alone; run `harbor-search update`", lacks)
            return None
        from harbor_search.engines.embedded.meaning import Meaning

        return Meaning(folder, snapshot, self._model)
