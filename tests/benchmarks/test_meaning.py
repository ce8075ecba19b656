"""`python -m benchmarks meaning` tells what embedding takes, and what it adds to a search."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import meaning
from benchmarks.documents import Corpus, keep
from tests.support.embedding_models import static_model


def test_all_sections_get_vectors_of_which_some_are_embedded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "EMBEDDED", 100)
    model = static_model(tmp_path / "model", {"iron": 0, "tea": 1})
    texts = [(f"{number}", "iron" if number % 2 else "tea and more") for number in range(600)]
    corpus: Corpus = keep(tmp_path / "texts", lambda: iter(texts))
    found = meaning.measure(model, corpus, ["iron", "some tea"], tmp_path, lambda _: None)
    assert found.sections == 600
    assert all(each > 0 for each in found)
