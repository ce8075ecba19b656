"""Searching, as every interface does it."""

from __future__ import annotations

from pathlib import Path

import pytest

from harbor_search import Article, Section, open_index
from harbor_search.engines.embedded.page_of_hits import PageMaker
from harbor_search.searching import SearchRequest, search


def test_hits_without_snippets_are_read_from_the_index_when_somebody_looks_at_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, bare = [], PageMaker.bare
    monkeypatch.setattr(PageMaker, "bare", lambda *given: (read.append(given[1]), bare(*given))[1])
    with open_index(tmp_path) as index:
        index.rebuild([Article(str(i), f"Tea {i}", (Section("", "", "Tea and iron."),)) for i in range(3)])
        read.clear()
        request = SearchRequest("tea", snippets=False, facets=False, strict=True)
        results = search(index.engine, request, index.settings)
        assert (results.total, read) == (3, [])
        assert len(results.hits) == 3
        assert len(read) == 1
