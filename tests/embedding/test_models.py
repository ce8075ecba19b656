"""Models in folders: which are read, what their vectors are, and what is said of those that cannot be."""

from __future__ import annotations

import builtins
from pathlib import Path

import numpy as np
import pytest

from harbor_search.embedding import model_fingerprint, open_model
from harbor_search.errors import UserError
from tests.support.embedding_models import sentence_model, static_model

SENSES = {"insomnia": 0, "sleepless": 0, "fish": 1}


def test_a_sentence_model_puts_texts_of_one_meaning_close(tmp_path: Path) -> None:
    model = open_model(sentence_model(tmp_path / "model"))
    vectors = model.embed(["I cannot sleep", "insomnia at night", "the price of fish"])
    assert vectors.shape == (3, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > 0.4 > 0.2 > vectors[0] @ vectors[2]


def test_a_text_has_the_same_vector_whatever_is_embedded_with_it(tmp_path: Path) -> None:
    model = open_model(sentence_model(tmp_path / "model"))
    texts = ["tea", "how much tea can one drink before it blocks the iron of a meal", "sleep", "low iron " * 300]
    together = model.embed(texts)
    for text, vector in zip(texts, together, strict=True):
        # The network's whole numbers are scaled by what is embedded together.
        assert model.embed([text])[0] @ vector > 0.98


def test_a_static_model_averages_the_vectors_of_tokens(tmp_path: Path) -> None:
    model = open_model(static_model(tmp_path / "model", SENSES))
    vectors = model.embed(["Insomnia", "sleepless fish", "", "unknown words"])
    assert np.allclose(vectors, [[1, 0], [0.5**0.5, 0.5**0.5], [0, 0], [0, 0]])


def test_models_are_told_apart_by_what_their_vectors_depend_on(tmp_path: Path) -> None:
    one, same = static_model(tmp_path / "one", SENSES), static_model(tmp_path / "same", SENSES)
    other = static_model(tmp_path / "other", SENSES | {"fish": 0})
    assert model_fingerprint(one) == model_fingerprint(same) != model_fingerprint(other)


def test_a_folder_without_a_model_is_refused_with_what_it_must_hold(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="has no embedding model; it must hold tokenizer.json and onnx/model.onnx"):
        open_model(tmp_path)


def test_damaged_models_are_refused_by_name(tmp_path: Path) -> None:
    folder = static_model(tmp_path / "model", SENSES)
    (folder / "model.safetensors").write_bytes(b"no model")
    with pytest.raises(UserError, match="cannot be read"):
        open_model(folder)


def test_without_the_libraries_the_error_names_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = static_model(tmp_path / "model", SENSES)
    real = builtins.__import__

    def refuse(name: str, *arguments: object, **named: object) -> object:
        if name.startswith("harbor_search.embedding.static"):
            raise ImportError("no", name="tokenizers")
        return real(name, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(UserError, match=r"tokenizers, which is not installed: pip install 'harbor-search\[semantic\]'"):
        open_model(folder)
