"""Words that good results share, beside those of the query, put results in order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harbor_search import Article, Section, open_index
from harbor_search.index import Index
from tests.support.tired import ARTICLES, QUERY, article


@pytest.fixture(name="index")
def _index(tmp_path: Path) -> Iterator[Index]:
    with open_index(tmp_path, synonyms="none", repeated_title=1.0) as index:
        index.rebuild(ARTICLES)
        yield index


def order(index: Index, **parameters: object) -> list[str]:
    found = [hit.id for hit in index.search(QUERY, **parameters).hits]
    return [each for each in found if not each.startswith("good")]


def test_of_two_that_are_as_good_by_their_words_the_one_comes_first_that_speaks_of_what_the_others_do(
    index: Index, tmp_path: Path
) -> None:
    assert order(index) == ["fits", "strays"]
    with open_index(tmp_path, synonyms="none", feedback_weight=0.0) as off:
        scores = {hit.id: hit.score for hit in off.search(QUERY).hits}
    assert scores["fits"] == pytest.approx(scores["strays"])


def test_nothing_more_is_found(index: Index) -> None:
    assert index.search("morning fatigue").total == 5


def test_strict_and_literal_searches_go_by_the_words_alone(index: Index) -> None:
    for manner in ("strict", "literal"):
        hits = index.search(QUERY, **{manner: True}).hits
        assert {hit.id: hit.score for hit in hits}["fits"] == pytest.approx(
            {hit.id: hit.score for hit in hits}["strays"]
        )


def test_a_query_of_one_word_is_not_put_in_order_by_others(index: Index) -> None:
    scores = {hit.id: hit.score for hit in index.search("morning").hits}
    assert scores["fits"] == pytest.approx(scores["strays"])


def test_an_explanation_says_what_shared_words_add_and_still_adds_up(index: Index) -> None:
    by_id = {hit.id: hit for hit in index.search(QUERY, explain=True).hits}
    for hit in by_id.values():
        assert hit.explanation is not None
        assert sum(part.score for part in hit.explanation.parts) == pytest.approx(hit.score, abs=1e-6)
    parts = {part.kind: part.score for part in by_id["fits"].explanation.parts}  # type: ignore[union-attr]
    assert parts["feedback"] > 0
    kinds = {part.kind for part in by_id["strays"].explanation.parts}  # type: ignore[union-attr]
    assert "feedback" not in kinds or parts["feedback"] > 0


def test_answers_say_where_shared_words_had_a_say(index: Index) -> None:
    assert index.search(QUERY).applied.feedback
    assert index.search(QUERY, page=2, per_page=2).applied.feedback
    for manner in ({"strict": True}, {"literal": True}, {"sort": "date"}):
        assert not index.search(QUERY, **manner).applied.feedback
    assert not index.search("morning").applied.feedback


def test_scores_do_not_depend_on_what_was_asked_before(index: Index, tmp_path: Path) -> None:
    asked_first = [(hit.id, hit.score) for hit in index.search(QUERY).hits]
    with open_index(tmp_path, synonyms="none", repeated_title=1.0) as other:
        for query in ("nothing to do", "concerts and hotels", "ferritin anaemia"):
            other.search(query)
        assert [(hit.id, hit.score) for hit in other.search(QUERY).hits] == asked_first


def test_scores_after_an_update_are_those_of_a_rebuild(index: Index, tmp_path: Path) -> None:
    index.update([*ARTICLES[:-5], article("new", "morning fatigue, ferritin and sleep")])
    updated = [(hit.id, hit.score) for hit in index.search(QUERY).hits]
    with open_index(tmp_path / "rebuilt", synonyms="none", repeated_title=1.0) as other:
        other.rebuild([*ARTICLES[:-5], article("new", "morning fatigue, ferritin and sleep")])
        rebuilt = [(hit.id, hit.score) for hit in other.search(QUERY).hits]
    assert [each for each, _ in updated] == [each for each, _ in rebuilt]
    assert [score for _, score in updated] == pytest.approx([score for _, score in rebuilt])


def test_a_long_text_is_cut_between_characters(tmp_path: Path) -> None:
    with open_index(tmp_path) as index:
        index.rebuild([article(f"{n}", "morning fatigue " + "\u00e9" * (6_000 + n) + " end") for n in range(4)])
        assert index.search(QUERY).total == 4


def test_few_words_are_about_the_most_telling_of_them_whatever_articles_without_it_share(tmp_path: Path) -> None:
    """Else what is said of juice would come before what is said of cranberries."""
    juice = [article(f"juice {n}", f"juice with sugar and vitamins {'x' * n}a") for n in range(6)]
    with open_index(tmp_path, synonyms="none", repeated_title=1.0) as index:
        index.rebuild([*juice, article("cranberry", "cranberry sauce"), *ARTICLES[-30:]])
        hits = index.search("cranberry juice", explain=True).hits
        assert hits[0].id == "cranberry"
        kinds = {part.kind for hit in hits if hit.explanation for part in hit.explanation.parts}
        assert "feedback" not in kinds


@pytest.mark.parametrize(
    "articles",
    [
        ARTICLES[:2],
        [Article(f"{n}", "morning fatigue" if n % 2 else "", ()) for n in range(8)],
        [article(f"{n}", "morning fatigue " + "a" * 100_000) for n in range(4)],
        [article(f"{n}", f"{'morning fatigue ferritin ' * 20_000}{n}") for n in range(4)],
        [Article(f"{n}", "morning fatigue " * 3_000, (Section("", "", "morning fatigue ferritin"),)) for n in range(4)],
    ],
    ids=["two articles", "without texts", "a word without end", "half a megabyte", "a title without end"],
)
def test_collections_out_of_the_ordinary_are_put_in_order_too(tmp_path: Path, articles: list[Article]) -> None:
    with open_index(tmp_path, synonyms="none", near_duplicates=0.0) as index:
        index.rebuild(articles)
        hits = index.search(QUERY, explain=True).hits
        assert hits
        for hit in hits:
            assert hit.explanation is not None
            assert sum(part.score for part in hit.explanation.parts) == pytest.approx(hit.score, abs=1e-6)
        assert index.search(" ".join([QUERY, *(f"word{n}" for n in range(100))])).hits


def test_a_title_that_is_the_query_stays_before_what_good_results_share(tmp_path: Path) -> None:
    exact = Article("exact", "Morning fatigue", (Section("", "", "Of fatigue in the morning."),))
    with open_index(tmp_path, synonyms="none") as index:
        index.rebuild([*ARTICLES, exact])
        assert index.search(QUERY).hits[0].id == "exact"
