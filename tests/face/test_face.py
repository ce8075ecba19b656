"""The package as a Python program sees it."""

from __future__ import annotations

import doctest
import importlib
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import harbor_search
from harbor_search import Article, SearchRequest, Section, Settings, UserError, open_index

HEAVY = ("numpy", "numba", "whoosh", "flask", "click", "trafilatura")


def articles() -> list[Article]:
    return [
        Article("tea", "Tea and Iron", (Section("", "", "Tea blocks iron."),), section=("Food",)),
        Article("sleep", "Sleep", (Section("", "", "Iron and sleep."),), published=date(2024, 5, 1)),
    ]


def test_importing_the_package_loads_no_library() -> None:
    program = f"import sys, harbor_search; print([n for n in {HEAVY!r} if n in sys.modules])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "[]\n"


def test_every_name_that_the_package_offers_is_there_and_any_other_is_an_attribute_error() -> None:
    assert all(getattr(harbor_search, name) is not None for name in harbor_search.__all__)
    assert dir(harbor_search) == sorted(harbor_search.__all__)
    with pytest.raises(AttributeError, match="no attribute 'serch'"):
        harbor_search.serch  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize("name", ["harbor_search", "harbor_search.index"])
def test_the_examples_in_docstrings_run(name: str) -> None:
    results = doctest.testmod(importlib.import_module(name))
    assert results.attempted > 3
    assert results.failed == 0


def test_an_index_is_built_searched_read_updated_and_measured(tmp_path: Path) -> None:
    with open_index(tmp_path / "index") as index:
        assert index.rebuild(iter(articles())).articles == 2
        assert [hit.id for hit in index.search("iron", section="Food").hits] == ["tea"]
        assert [hit.id for hit in index.search("iron", date_from=date(2024, 1, 1), per_page=1).hits] == ["sleep"]
        assert index.search(SearchRequest(q="sleep iron", strict=True)).total == 1
        assert index.article("tea") == articles()[0]
        assert index.article("none") is None
        assert index.update(articles()[:1]).removed == 1
        assert index.evaluate({"q": "tea"}, {"q": {"tea": 1}}).means["nDCG@10"] == 1.0
        assert index.stats().live.articles == 1


HALF = "a\ud83db"


@pytest.mark.parametrize("field", [*Article._fields, *Section._fields])
@pytest.mark.parametrize("build", ["rebuild", "update"])
def test_half_of_a_surrogate_pair_is_replaced_or_refused_by_name(tmp_path: Path, field: str, build: str) -> None:
    article = articles()[0]
    if field in ("body", *Section._fields):
        article = article._replace(body=(article.body[0]._replace(**{field.replace("body", "text"): HALF}),))
    elif field not in ("published", "views"):
        article = article._replace(**{field: (HALF,) if field in ("section", "tags") else HALF})
    with open_index(tmp_path / "index") as index:
        index.rebuild(articles()[1:])
        make = getattr(index, build)
        if field == "id":
            with pytest.raises(ValueError, match="the id 'a.ud83db' has half of a surrogate pair"):
                make([article])
        elif field in ("published", "views"):
            make([article])
        else:
            with pytest.warns(UserWarning, match="'tea': halves of surrogate pairs were replaced"):
                make([article])
            assert "a\ufffdb" in repr(index.article("tea"))


def test_a_wrong_parameter_is_named_as_by_the_json_endpoint(tmp_path: Path) -> None:
    with open_index(tmp_path) as index:
        index.rebuild(articles())
        with pytest.raises(UserError, match="per_page must be a whole number"):
            index.search("iron", per_page=0)
        with pytest.raises(TypeError, match="takes no parameters beside it: per_page"):
            index.search(SearchRequest(q="iron"), per_page=3)


def test_settings_can_be_given_whole_or_by_name(tmp_path: Path) -> None:
    assert open_index(Settings(index=tmp_path), per_page=3).settings == Settings(index=tmp_path, per_page=3)
    with pytest.raises(TypeError):
        open_index(tmp_path, per_pages=3)


def test_sources_are_read_as_by_the_commands(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "tea.md").write_text("---\ntitle: Tea and Iron\n---\n\nTea blocks iron, black tea most.\n")
    with open_index(tmp_path / "index") as index:
        assert index.rebuild_from([tmp_path / "articles"]).indexed == 1
        assert index.update_from([tmp_path / "articles"]).published is False
        assert index.search("iron").total == 1
