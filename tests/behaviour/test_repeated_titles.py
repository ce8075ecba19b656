"""What several sources have on one thing does not fill the page, and readers are told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harbor_search import Article, Index, Section, UserError, open_index
from harbor_search.config_loading import load_settings

SOURCES = ("a", "b", "c")


def article(name: str, title: str, text: str) -> Article:
    return Article(name, title, (Section("", "", text),))


ARTICLES = (
    *(article(f"asthma-{each}", "Asthma", f"Asthma narrows airways, says {each}.") for each in SOURCES),
    article("children", "Asthma in Children", "Children with asthma wheeze. Asthma often begins early."),
    article("work", "Asthma at Work", "Dust at work leads to asthma. Asthma may end with the work."),
    article("sleep", "Sleep", "Sleep well."),
    article("untitled-1", "", "Airways."),
    article("untitled-2", "", "Airways."),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with open_index(tmp_path_factory.mktemp("index"), near_duplicates=0.0) as index:
        index.rebuild(ARTICLES)
        yield index


def ids(index: Index, query: str, **manner: object) -> list[str]:
    return [hit.id for hit in index.search(query, **manner).hits]


def test_others_come_between_articles_of_one_title(index: Index) -> None:
    found = ids(index, "asthma")
    assert [each for each in found if each.startswith("asthma")] == ["asthma-a", "asthma-b", "asthma-c"]
    assert found.index("children") < found.index("asthma-b")
    assert found.index("work") < found.index("asthma-c")


def test_hits_say_which_better_one_has_their_title(index: Index) -> None:
    hits = {hit.id: hit.repeats for hit in index.search("asthma").hits}
    assert hits == {
        "asthma-a": "", "asthma-b": "asthma-a", "asthma-c": "asthma-a", "children": "", "work": "",
    }  # fmt: skip


@pytest.mark.parametrize("manner", [{"diverse": False}, {"strict": True}])
def test_whoever_wants_them_together_gets_them_so(index: Index, manner: dict[str, bool]) -> None:
    results = index.search("asthma", **manner)
    assert [hit.id for hit in results.hits][:3] == ["asthma-a", "asthma-b", "asthma-c"]
    assert not any(hit.repeats for hit in results.hits)


def test_no_article_is_lost_on_any_page(index: Index) -> None:
    whole = index.search("asthma")
    paged = [hit for page in range(1, 6) for hit in index.search("asthma", per_page=1, page=page).hits]
    assert (whole.total, len(paged)) == (5, 5)
    assert [(hit.id, hit.repeats) for hit in paged] == [(hit.id, hit.repeats) for hit in whole.hits]
    assert whole.total == index.search("asthma", diverse=False).total


def test_articles_without_a_title_are_not_of_one_title(index: Index) -> None:
    assert not any(hit.repeats for hit in index.search("airways", per_page=50).hits if "untitled" in hit.id)


def test_what_it_takes_from_a_score_is_explained(index: Index) -> None:
    hits = index.search("asthma", explain=True).hits
    for hit in hits:
        assert hit.explanation is not None
        kinds = {part.kind: part.score for part in hit.explanation.parts}
        assert sum(part.score for part in hit.explanation.parts) == pytest.approx(hit.score, abs=1e-6)
        assert (kinds.get("repeats", 0.0) < 0) == bool(hit.repeats)
        assert ("title_match" in kinds) == ("Asthma" in hit.title)


def test_a_setting_has_them_come_together(tmp_path: Path) -> None:
    with open_index(tmp_path, near_duplicates=0.0, repeated_title=1.0) as index:
        index.rebuild(ARTICLES)
        assert ids(index, "asthma")[:3] == ["asthma-a", "asthma-b", "asthma-c"]


def test_they_cannot_count_nothing() -> None:
    # What is left of a score could not be explained, and all behind them would be equal.
    with pytest.raises(UserError, match="repeated_title must be above zero"):
        load_settings(environment={"HARBOR_REPEATED_TITLE": "0"})


def test_a_title_that_is_the_query_cannot_count_against_its_article() -> None:
    with pytest.raises(UserError, match="title_match must be at least 1, not 0.5"):
        load_settings(environment={"HARBOR_TITLE_MATCH": "0.5"})
