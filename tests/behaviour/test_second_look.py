"""Long questions: what they are about counts more than the words around it, and what they repeat more still."""

from __future__ import annotations

from pathlib import Path

from harbor_search import Article, Section, open_index
from harbor_search.engines import Criteria
from harbor_search.query import Boolean, Term
from tests.behaviour.collection import Collection


def article(name: str, text: str) -> Article:
    return Article(name, name, (Section("", "", text),))


def test_an_article_that_covers_a_question_comes_before_one_that_repeats_words_of_it(tmp_path: Path) -> None:
    """Where the sum over the words says that the two are nearly as good."""
    filler = [f"w{number}" for number in range(30)]
    with open_index(tmp_path, all_words_first=0.0) as index:
        some = article("some", "iron tea " * 6 + " ".join(filler))
        every = article("every", "iron tea milk " + " ".join(filler[:18]))
        index.rebuild([some, every, *(article(f"none {number}", " ".join(filler)) for number in range(12))])
        summed = Boolean(should=(Term("iron"), Term("tea"), Term("milk")), minimum=1)
        assert [hit.id for hit in index.engine.search(summed, Criteria()).hits] == ["some", "every"]
        assert [hit.id for hit in index.search("iron tea milk").hits] == ["every", "some"]


def test_pages_follow_each_other_beyond_what_is_looked_at_again(collection: Collection) -> None:
    """All pages together have each article once, in descending order of scores."""
    query = "how much sleep and food do children with pain need"
    whole = collection.ask(query).hits
    pages = [hit for page in range(1, 12) for hit in collection.ask(query, per_page="10", page=str(page)).hits]
    assert len(whole) > 55
    assert [hit.id for hit in pages] == [hit.id for hit in whole]
    scores = [hit.score for hit in whole]
    assert scores == sorted(scores, reverse=True)


def test_a_pasted_text_is_about_what_it_repeats(tmp_path: Path) -> None:
    with open_index(tmp_path, synonyms="none") as index:
        index.rebuild([article("tea", "tea cup"), article("iron", "iron cup"), article("milk", "milk cup")])
        text = "iron again: the milk spoils, but some iron in a cup of tea, though iron as such helps, or so it is said, more"
        assert [hit.id for hit in index.search(text).hits][0] == "iron"
        assert [hit.id for hit in index.search("iron iron tea tea milk").hits][-1] == "milk"
