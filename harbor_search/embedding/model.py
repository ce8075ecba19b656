"""Embedding models: their interface, and the file layouts from which they can be opened."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy.typing as npt

from harbor_search.errors import UserError

__all__ = ["EmbeddingModel", "model_fingerprint", "open_model"]

_NETWORKS = ("onnx/model.onnx", "model.onnx")
"""The network of a sentence-transformers model, exported to ONNX."""

_STATIC = "model.safetensors"
"""The token vectors of a model2vec model."""

_TOKENIZER = "tokenizer.json"

_SETTINGS = "sentence_bert_config.json"
"""The file in which sentence-transformers states the maximum length of texts."""


class EmbeddingModel(Protocol):
    """Embeds texts as vectors. Thread-safe."""

    fingerprint: str
    """Identifies this model."""

    def embed(self, texts: Sequence[str]) -> npt.NDArray[Any]:
        """float32[texts, dimensions]: vectors of length one; zeros for a text without tokens."""
        ...


def open_model(folder: Path) -> EmbeddingModel:
    """Open the model in `folder`: a sentence model in ONNX in the layout of sentence-transformers, or a static model in
    that of model2vec. Nothing is downloaded.

    Raises:
        UserError: the folder does not exist or has no such model, or the library that reads it is not installed.
    """
    vectors = _vectors(folder)
    fingerprint = model_fingerprint(folder)
    try:
        if vectors.name != _STATIC:
            from harbor_search.embedding.sentence import SentenceModel

            return SentenceModel(folder, vectors, fingerprint)
        from harbor_search.embedding.static import StaticModel

        return StaticModel(folder, vectors, fingerprint)
    except ImportError as error:
        raise UserError(
            f"semantic_model needs {error.name}, which is not installed: pip install 'harbor-search[semantic]'",
            where="semantic_model",
        ) from error


def model_fingerprint(folder: Path) -> str:
    """A digest of the files of the model in `folder` on which its vectors depend.

    Raises:
        UserError: the folder does not exist or has no model.
    """
    digest = hashlib.blake2b(digest_size=16)
    for file in _files(folder):
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "blake2b").digest())
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    yield _vectors(folder)
    yield folder / _TOKENIZER
    if (folder / _SETTINGS).is_file():
        yield folder / _SETTINGS


def _vectors(folder: Path) -> Path:
    """The file with the network or the token vectors of a model."""
    if not folder.is_dir():
        raise UserError(f"semantic_model: there is no folder {folder}", where="semantic_model")
    found = next((folder / name for name in (*_NETWORKS, _STATIC) if (folder / name).is_file()), None)
    if found is None or not (folder / _TOKENIZER).is_file():
        raise UserError(
            f"semantic_model: {folder} has no embedding model; it must hold {_TOKENIZER} and {_NETWORKS[0]} (as "
            f"sentence-transformers has it) or {_STATIC} (as model2vec has it)",
            where="semantic_model",
        )
    return found
