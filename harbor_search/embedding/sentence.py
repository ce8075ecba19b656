"""Sentence models: a transformer in ONNX with mean pooling of its token vectors."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from harbor_search.errors import UserError

__all__ = ["SentenceModel"]

_LENGTH = 256
"""Default maximum tokens of a text: what most small models were trained with."""

_BATCH_TOKENS = 4096
"""Tokens per batch: more are no faster on a processor, and take memory."""


class SentenceModel:
    """An `EmbeddingModel` of sentence-transformers (Reimers and Gurevych, "Sentence-BERT", EMNLP 2019)."""

    def __init__(self, folder: Path, network: Path, fingerprint: str) -> None:
        """Raises `UserError` if the files are not a valid model."""
        self.fingerprint = fingerprint
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._session = onnxruntime.InferenceSession(str(network), _options(), providers=["CPUExecutionProvider"])
        except Exception as error:  # the exceptions of both libraries have no common base class
            raise UserError(f"semantic_model: {folder} cannot be read: {error}", where="semantic_model") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_length(folder))
        self._inputs = {each.name for each in self._session.get_inputs()}

    def embed(self, texts: Sequence[str]) -> npt.NDArray[Any]:
        """float32[texts, dimensions]: vectors of length one."""
        encoded = self._tokenizer.encode_batch(list(texts))
        # Batches of similar length, as computing padding is wasted.
        order = sorted(range(len(encoded)), key=lambda each: len(encoded[each].ids))
        vectors: dict[int, npt.NDArray[Any]] = {}
        batch: list[int] = []
        for each in order:
            if batch and (len(batch) + 1) * len(encoded[each].ids) > _BATCH_TOKENS:
                vectors |= zip(batch, self._run([encoded[one].ids for one in batch]), strict=True)
                batch = []
            batch.append(each)
        if batch:
            vectors |= zip(batch, self._run([encoded[one].ids for one in batch]), strict=True)
        return np.array([vectors[each] for each in range(len(encoded))], np.float32)

    def _run(self, tokens: Sequence[Sequence[int]]) -> npt.NDArray[Any]:
        width = max(map(len, tokens))
        ids, mask = np.zeros((len(tokens), width), np.int64), np.zeros((len(tokens), width), np.int64)
        for row, each in enumerate(tokens):
            ids[row, : len(each)], mask[row, : len(each)] = each, 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        states = self._session.run(None, {name: given[name] for name in self._inputs})[0]
        summed = np.einsum("bsd,bs->bd", states, mask.astype(np.float32))
        lengths = np.linalg.norm(summed, axis=1, keepdims=True)
        return np.asarray(summed / np.maximum(lengths, 1e-12), np.float32)


def _options() -> Any:
    options = onnxruntime.SessionOptions()
    # Spinning threads would take the processor from concurrent searches.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


def _length(folder: Path) -> int:
    try:
        length = json.loads((folder / "sentence_bert_config.json").read_text())["max_seq_length"]
    except (OSError, ValueError, KeyError, TypeError):
        return _LENGTH
    return length if isinstance(length, int) and length > 0 else _LENGTH
