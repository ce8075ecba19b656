"""What other processes compile is what searches call."""

from __future__ import annotations

from pathlib import Path

from harbor_search.article import Article
from harbor_search.compiled.kernels import signature_of
from harbor_search.config import Settings
from harbor_search.engines.embedded import EmbeddedEngine
from harbor_search.engines.embedded.html_kernel import HTML_KERNEL
from harbor_search.engines.embedded.json_kernel import JSON_KERNEL
from harbor_search.engines.embedded.marked_words_kernel import MARKED_WORDS_KERNEL
from harbor_search.engines.embedded.page_kernel import PAGE_KERNELS
from harbor_search.ranking import TOP_KERNEL
from harbor_search.spelling import SPELLING_KERNELS


def test_kernels_that_other_processes_compile_are_called_with_those_types_alone(tmp_path: Path) -> None:
    engine = EmbeddedEngine(Settings(index=tmp_path / "index"))
    engine.rebuild([Article(id="tea", title="Tea and iron")], lambda *_: None)
    engine.warm()
    assert engine.vocabulary().spelt("tea")
    for kernel, takes in (TOP_KERNEL, *PAGE_KERNELS, JSON_KERNEL, HTML_KERNEL, MARKED_WORDS_KERNEL, *SPELLING_KERNELS):
        assert list(kernel.overloads) == [signature_of(takes)], kernel.py_func.__name__
