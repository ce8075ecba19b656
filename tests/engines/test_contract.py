"""What every `SearchEngine` does, whatever is behind it. An engine more is a branch more in `engine`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.engines import Aspect, Criteria, SearchEngine, Sort, hit_of, open_engine
from harbor_search.errors import GenerationGone, OperationalError
from harbor_search.explanation import Explanation
from harbor_search.query import Boolean, Everything, Limits, Node, Phrase, Term, parse
from harbor_search.searching import explain, parse_request, related, search
from tests.engines.conftest import ENGINES

IRON = Article(
    "iron",
    "Signs of Low Iron",
    (
        Section("", "", "Feeling tired all day can be a sign of low iron."),
        Section("What helps", "what-helps", "Lentils and meat have iron. Tea with meals takes some away."),
    ),
    section=("Health", "Food"),
    published=date(2025, 3, 1),
    views=10,
)
SLEEP = Article(
    "sleep",
    "Sleeping Well",
    (Section("", "", "A cool, dark room helps. Tea at night does not."),),
    section=("Health", "Sleep"),
    published=date(2024, 6, 1),
    views=900,
)
LICE = Article("lice", "Head Lice", (Section("", "", "Comb wet hair with a fine comb."),), section=("Family",))


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchEngine]:
    settings = Settings(index=tmp_path / "index")
    if request.param == "opensearch":
        settings = request.getfixturevalue("opensearch_settings")()
    made = open_engine(settings)
    yield made
    made.close()


@pytest.fixture
def built(engine: SearchEngine) -> SearchEngine:
    engine.rebuild([IRON, SLEEP, LICE], lambda *_: None)
    return engine


def asked(text: str) -> Node:
    return parse(text, limits=Limits(64, 8, 2), strict=False).node


def ids(engine: SearchEngine, query: Node, criteria: Criteria | None = None) -> list[str]:
    return [hit.id for hit in engine.search(query, criteria or Criteria()).hits]


def test_where_nothing_was_built_the_cure_is_named(engine: SearchEngine) -> None:
    for call in (lambda: engine.search(Everything(), Criteria()), engine.generation, lambda: engine.article("iron")):
        with pytest.raises(OperationalError, match="harbor-search rebuild"):
            call()


def test_hits_show_what_is_in_their_articles_best_first(built: SearchEngine) -> None:
    answer = built.search(asked("low iron"), Criteria())
    (hit,) = answer.hits
    assert built.article(hit.id) == IRON
    assert (hit.url, hit.title, hit.section) == (IRON.url, IRON.title, IRON.section)
    assert (hit.date, hit.views) == (IRON.published, IRON.views)
    assert (answer.total, answer.total_relation, answer.generation) == (1, "eq", built.generation())
    assert set(ids(built, asked("tea"))) == {"sleep", "iron"}
    scores = [hit.score for hit in built.search(asked("tea iron"), Criteria()).hits]
    assert scores == sorted(scores, reverse=True)


def test_words_are_found_in_every_form_and_phrases_only_in_order(built: SearchEngine) -> None:
    assert ids(built, asked("sleep")) == ids(built, asked("SLEEPING")) == ["sleep"]
    assert ids(built, Phrase("low iron")) == ["iron"]
    assert ids(built, Phrase("iron low")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('tea -"dark room"', ["iron"]),
        ("tea -title:sleeping", ["iron"]),
        ("tea -slep~", ["iron"]),
        ('-"low iron" tea', ["sleep"]),
    ],
)
def test_whatever_is_excluded_is_left_out(built: SearchEngine, text: str, found: list[str]) -> None:
    settings = Settings()
    for more in ({}, {"explain": "1"}, {"sort": "date"}):
        answer = search(built, parse_request({"q": text, **more}, settings), settings)
        assert [hit.id for hit in answer.hits] == found
        assert answer.total == 1


def test_no_phrase_reaches_from_one_section_into_the_next(built: SearchEngine) -> None:
    assert ids(built, Phrase("low iron lentils")) == []


def test_occurrences_say_where_the_words_stand(built: SearchEngine) -> None:
    (hit,) = built.search(asked("iron helps lentils"), Criteria(limit=1)).hits
    assert hit.id == IRON.id
    texts = {
        "title": lambda o: IRON.title[o.start : o.end],
        "heading": lambda o: IRON.body[o.section].heading[o.start : o.end],
        "body": lambda o: IRON.body[o.section].text[o.start : o.end],
    }
    found = [(o.field, o.section, texts[o.field](o)) for o in built.occurrences(asked("iron helps lentils"), IRON)]
    expected = [
        ("title", -1, "Iron"),
        ("heading", 1, "helps"),
        ("body", 0, "iron"),
        ("body", 1, "Lentils"),
        ("body", 1, "iron"),
    ]
    assert found == expected


@pytest.mark.parametrize(
    "text", ["iron helps lentils", '"low iron"', "sle*", "lentls~1", "title:iron tea", "body:tea", ""]
)
def test_a_hit_shows_what_its_article_and_the_places_of_the_words_give(built: SearchEngine, text: str) -> None:
    for criteria in (Criteria(), Criteria(snippets=1, snippet_length=30), Criteria(snippets=3, snippet_length=60)):
        hits = built.search(asked(text), criteria).hits
        assert hits
        for hit in hits:
            article = built.article(hit.id)
            assert article
            assert hit == hit_of(article, hit.score, built.occurrences(asked(text), article), criteria)


def test_filters_narrow_and_facets_show_what_else_there_is(built: SearchEngine) -> None:
    answer = built.search(Everything(), Criteria(section=("Health",), date_from=date(2025, 1, 1)))
    assert [hit.id for hit in answer.hits] == ["iron"]
    assert {value.value: value.count for value in answer.facets["section"]} == {"Health": 1, "Health > Food": 1}
    assert {value.value: value.count for value in answer.facets["year"]} == {"2025": 1, "2024": 1}


def test_sources_with_names_are_a_filter_and_a_facet(engine: SearchEngine) -> None:
    engine.rebuild([IRON._replace(source_name="blog"), SLEEP._replace(source_name="news"), LICE], lambda *_: None)
    assert ids(engine, Everything(), Criteria(source="news")) == ["sleep"]
    assert ids(engine, Everything(), Criteria(source="wiki")) == []
    answer = engine.search(Everything(), Criteria(source="blog", date_from=date(2024, 1, 1)))
    assert {each.value: each.count for each in answer.facets["source"]} == {"blog": 1, "news": 1}
    assert [each.value for each in answer.facets["year"]] == ["2025"]
    found = engine.article("sleep")
    assert found is not None and found.source_name == "news"


def test_without_names_of_sources_there_is_no_such_facet(built: SearchEngine) -> None:
    assert set(built.search(Everything(), Criteria()).facets) == {"section", "year"}


def test_only_what_is_wanted_is_found_out(built: SearchEngine) -> None:
    for query in (asked("tea iron"), asked("+tea"), asked('"tea with"'), Everything()):
        whole = built.search(query, Criteria(limit=1))
        bare = built.search(query, Criteria(limit=1, facets=False, snippets=False))
        assert [(hit.id, hit.title, hit.score) for hit in bare.hits] == [
            (hit.id, hit.title, hit.score) for hit in whole.hits
        ]
        assert (bare.total, bare.total_relation, bare.facets) == (whole.total, "eq", {})
        assert all((hit.title_ranges, hit.snippets) == ((), ()) for hit in bare.hits)
        for total in ("bounded", "none"):
            less = built.search(query, Criteria(limit=1, facets=False, snippets=False, total=total))
            assert list(less.hits) == list(bare.hits)
            assert less.total == whole.total or (less.total < whole.total and less.total_relation == "gte")


def test_an_unknown_section_has_no_articles(built: SearchEngine) -> None:
    assert built.search(Everything(), Criteria(section=("Nowhere",))).total == 0


def test_orders_put_articles_without_the_value_last(built: SearchEngine) -> None:
    assert ids(built, Everything(), Criteria(sort="date")) == ["iron", "sleep", "lice"]
    assert ids(built, Everything(), Criteria(sort="views")) == ["sleep", "iron", "lice"]


def test_pages_follow_one_another_and_end(built: SearchEngine) -> None:
    pages = [ids(built, Everything(), Criteria(offset=offset, limit=2)) for offset in (0, 2, 4)]
    assert pages == [["iron", "lice"], ["sleep"], []]


def test_a_rebuild_is_followed_without_opening_anew_and_can_be_rolled_back(built: SearchEngine) -> None:
    before = built.generation()
    built.rebuild([LICE], lambda *_: None)
    assert ids(built, Everything()) == ["lice"]
    assert built.article("iron") is None
    assert built.rollback().name == built.generation() == before
    assert ids(built, Term("lentils")) == ["iron"]
    assert built.article("iron") == IRON


def test_nothing_rolls_back_to_what_a_rollback_left(built: SearchEngine) -> None:
    good = built.generation()
    built.rebuild([LICE], lambda *_: None)
    assert built.rollback().name == good
    built.rebuild([IRON], lambda *_: None)
    assert built.rollback().name == good
    built.rebuild([LICE], lambda *_: None)
    built.rollback()
    built.write([LICE], frozenset({"iron"}), "one", lambda *_: None)
    with pytest.raises(OperationalError, match="harbor-search rebuild"):
        built.rollback()


def test_a_rebuild_that_fails_changes_nothing(built: SearchEngine) -> None:
    before = built.generation()

    def broken() -> Iterator[Article]:
        yield LICE
        raise RuntimeError("the source is gone")

    with pytest.raises(RuntimeError, match="the source is gone"):
        built.rebuild(broken(), lambda *_: None)
    with pytest.raises(ValueError, match="iron"):
        built.rebuild([IRON, IRON], lambda *_: None)
    assert built.generation() == before
    assert ids(built, asked("lentils")) == ["iron"]
    assert built.verify() == ()


def test_figures_are_those_of_the_live_generation(built: SearchEngine) -> None:
    stats = built.stats()
    assert (stats.live.name, stats.live.articles) == (built.generation(), 3)
    assert stats.live.bytes > 0


def test_filters_in_a_query_narrow_it(engine: SearchEngine) -> None:
    tagged = LICE._replace(tags=("Head Lice", "children"))
    engine.rebuild([IRON, SLEEP, tagged], lambda *_: None)
    assert set(ids(engine, asked("section:health"))) == {"iron", "sleep"}
    assert ids(engine, asked("tea section:Sleep")) == ["sleep"]
    assert ids(engine, asked("tea -section:Sleep")) == ["iron"]
    assert set(ids(engine, asked('section:"Health > Food" OR tag:"head lice"'))) == {"iron", "lice"}
    assert ids(engine, asked("tag:CHILDREN")) == ["lice"]
    assert ids(engine, asked("tag:child")) == []
    assert ids(engine, asked("tea date:2025")) == ["iron"]
    assert ids(engine, asked("date:..2024-06-01")) == ["sleep"]
    assert ids(engine, asked("section:Nowhere tea")) == []


def test_articles_with_all_words_come_first_and_are_counted(built: SearchEngine) -> None:
    both, either = parse_words("tea iron", must=True), parse_words("tea iron", must=False)
    plain = built.search(either, Criteria())
    better = built.search(either, Criteria(preferred=both, preference=0.5, together=Phrase("low iron")))
    assert (better.preferred, better.together, better.total) == (1, 1, 2)
    assert (plain.preferred, plain.together) == (None, None)
    before, after = ({hit.id: hit.score for hit in answer.hits} for answer in (plain, better))
    assert after["iron"] == pytest.approx(before["iron"] * 1.5, rel=1e-3)
    assert after["sleep"] == pytest.approx(before["sleep"], rel=1e-3)
    within = built.search(either, Criteria(preferred=both, preference=0.5, section=("Health", "Sleep")))
    assert (within.preferred, [hit.id for hit in within.hits]) == (0, ["sleep"])


def test_of_each_hit_it_is_told_which_words_it_has(built: SearchEngine) -> None:
    query = parse_words("tea iron dark", must=False)
    answer = built.search(query, Criteria(tested=query.should))
    assert dict(zip([hit.id for hit in answer.hits], answer.matches, strict=True)) == {
        "iron": (True, True, False),
        "sleep": (True, False, True),
    }
    assert built.search(query, Criteria()).matches == ()


def parse_words(text: str, *, must: bool) -> Boolean:
    words = tuple(Term(word) for word in text.split())
    return Boolean(must=words) if must else Boolean(should=words, minimum=1)


def test_all_words_are_known_in_a_generation_that_is_named(built: SearchEngine) -> None:
    before = built.generation()
    built.rebuild([LICE], lambda *_: None)
    assert built.vocabulary().frequency("iron") == 0
    earlier = built.vocabulary(before)
    earlier.prefetch(["iron", "tea"])
    assert (earlier.generation, earlier.articles) == (before, 3)
    assert (earlier.frequency("iron"), earlier.frequency("tea"), earlier.together(["iron", "tea"])) == (1, 2, 1)
    assert (earlier.spelt("iron"), earlier.spelt("irons")) == (True, False)
    with pytest.raises(GenerationGone):
        built.vocabulary("0" * 32)


@pytest.mark.parametrize("sort", ["relevance", "date", "views"])
def test_going_through_all_matches_repeats_nothing_and_leaves_nothing_out(engine: SearchEngine, sort: Sort) -> None:
    many = [
        IRON._replace(id=f"n{number:02}", published=None if number % 3 else date(2025, 1, number + 1), views=number % 4)
        for number in range(23)
    ]
    engine.rebuild(many, lambda *_: None)
    whole = ids(engine, Term("iron"), Criteria(sort=sort, limit=100))
    seen: list[str] = []
    criteria = Criteria(sort=sort, limit=5, after="")
    while True:
        answer = engine.search(Term("iron"), criteria)
        seen += [hit.id for hit in answer.hits]
        if not answer.hits:
            break
        if len(seen) == 10:
            engine.rebuild([LICE], lambda *_: None)
        criteria = criteria._replace(generation=answer.generation, offset=len(seen), after=answer.after or None)
    assert seen == whole
    assert len(seen) == 23


def typed(text: str) -> tuple[Boolean, Criteria]:
    """A query of plain words, and criteria that ask for a second look at the best."""
    words = tuple(Term(word) for word in text.split())
    aspects = tuple(Aspect(((word,),)) for word in words)
    return Boolean(should=words, minimum=1), Criteria(aspects=aspects, typed=(text,))


def test_the_best_are_looked_at_twice(engine: SearchEngine) -> None:
    """Who covers more of a query comes before who repeats a word of it, and a title that was typed before both."""
    texts = {"covers": "iron tea sleep " + "walk " * 14, "repeats": "iron tea " * 2, "named": "tea " + "walk " * 90}
    titles = {"named": "Iron, tea and sleep"}
    articles = [Article(name, titles.get(name, "Notes"), (Section("", "", text),)) for name, text in texts.items()]
    others = [Article(f"o{number}", "Notes", (Section("", "", "walk " * 20),)) for number in range(5)]
    engine.rebuild([*articles, *others], lambda *_: None)
    query, criteria = typed("iron and tea sleep")
    assert ids(engine, query, Criteria()) == ["named", "repeats", "covers"]
    twice = engine.search(query, criteria).hits
    assert [hit.id for hit in twice] == ["named", "covers", "repeats"]
    assert [hit.score for hit in twice] == sorted((hit.score for hit in twice), reverse=True)
    query, criteria = typed("iron, tea and sleep")
    assert engine.search(query, criteria).hits[0].score == pytest.approx(3 * twice[0].score, rel=1e-3)


def test_what_was_looked_at_twice_is_gone_through_like_all_else(engine: SearchEngine) -> None:
    """Page by page and by cursor the order is that of one long page, over the end of what is looked at again too."""
    many = [
        Article(f"n{number:02}", "Notes", (Section("", "", "iron " * (1 + number % 7) + "tea " * (number % 5)),))
        for number in range(70)
    ]
    engine.rebuild(many, lambda *_: None)
    query, criteria = typed("iron tea")
    whole = ids(engine, query, criteria._replace(limit=100))
    assert len(whole) == 70
    pages = [ids(engine, query, criteria._replace(offset=offset, limit=20)) for offset in (0, 20, 40, 60)]
    assert sum(pages, []) == whole
    seen: list[str] = []
    going = criteria._replace(limit=20, after="")
    while len(seen) < 70:
        answer = engine.search(query, going)
        assert answer.hits
        seen += [hit.id for hit in answer.hits]
        going = going._replace(generation=answer.generation, offset=len(seen), after=answer.after or None)
    assert seen == whole


def test_what_somebody_types_is_completed_to_titles_headings_and_phrases(engine: SearchEngine) -> None:
    titles = [
        "Iron Deficiency in Children",
        "Iron Deficiency in Adults",
        "Living With Iron Deficiency",
        "Sleeping Well",
    ]
    articles = [
        Article(f"t{number}", title, (Section("What helps", "h", "Some text."),), section=("Health",), views=number)
        for number, title in enumerate(titles)
    ]
    engine.rebuild(articles, lambda *_: None)
    found = engine.suggest("iron def", 8)
    assert ("iron deficiency", "phrase", ("Health",)) in found.texts
    assert [each.text for each in found.texts if each.kind == "title"] == [titles[1], titles[0], titles[2]]
    assert [each.id for each in found.articles] == ["t1", "t0", "t2"]
    assert [each.text for each in engine.suggest("what hel", 8).texts] == ["What helps"]
    assert [each.text for each in engine.suggest("slepin", 8).texts] == ["Sleeping Well"]
    assert engine.suggest("iron def", 8, ("Elsewhere",)).texts == ()


def test_related_articles_share_telling_words(engine: SearchEngine) -> None:
    more = [
        Article("anemia", "Anemia", (Section("", "", "Low iron makes anemia. Lentils help with iron."),)),
        Article("tired", "Tired", (Section("", "", "Tired people lack iron, or sleep. Lentils help."),)),
    ]
    engine.rebuild([IRON, SLEEP, LICE, *more], lambda *_: None)
    found = [each.id for each in related(engine, IRON)]
    assert set(found[:2]) == {"anemia", "tired"}
    assert "lice" not in found


def test_a_gate_tries_what_was_built_and_can_keep_it_from_becoming_live(built: SearchEngine) -> None:
    before, tried = built.generation(), []

    def gate(candidate: SearchEngine) -> None:
        tried.append((ids(candidate, Everything()), candidate.article("lice")))
        raise OperationalError("worse than before")

    with pytest.raises(OperationalError, match="worse than before"):
        built.rebuild([LICE], lambda *_: None, gate)
    assert tried == [(["lice"], LICE)]
    assert built.generation() == before
    assert ids(built, asked("lentils")) == ["iron"]


def test_an_update_is_told_what_leaves_and_can_be_kept_from_it(built: SearchEngine) -> None:
    before = built.generation()

    def none_may(removed: int, articles: int) -> None:
        raise OperationalError(f"{removed} of {articles} would leave")

    with pytest.raises(OperationalError, match="2 of 3 would leave"):
        built.update([LICE], lambda: None, lambda *_: None, none_may)
    assert built.generation() == before
    assert ids(built, asked("lentils")) == ["iron"]
    done = built.update([LICE], lambda: lambda article: article.id == "iron", lambda *_: None)
    assert (done.added, done.changed, done.removed, done.kept) == (0, 0, 1, ("iron",))
    assert set(ids(built, Everything())) == {"iron", "lice"}


def test_what_is_written_changes_that_alone_and_rollback_returns_to_what_was_before(built: SearchEngine) -> None:
    first = built.rebuild([IRON, SLEEP, LICE], lambda *_: None, marking=lambda: "one").name
    before = built.rebuild([IRON, SLEEP], lambda *_: None, marking=lambda: "two").name
    for number, text in enumerate(("Zinc is a metal.", "Zinc is in nuts.")):
        zinc = Article("zinc", "Zinc", (Section("", "", text),))
        done = built.write([zinc], frozenset({"iron", "unknown"}), f"three-{number}", lambda *_: None)
        assert (done.added, done.changed, done.removed) == ((1, 0, 1) if number == 0 else (0, 1, 0))
    assert built.mark() == "three-1"
    assert ids(built, Everything()) == ["sleep", "zinc"]
    assert ids(built, Term("nuts")) == ["zinc"]
    assert built.write([zinc], frozenset(), "four", lambda *_: None).published is False
    with pytest.raises(OperationalError, match="another generation was published meanwhile"):
        built.write([SLEEP], frozenset({"zinc"}), "four", lambda *_: None, since="two")
    assert ids(built, Everything()) == ["sleep", "zinc"]
    assert built.write([zinc], frozenset(), "four", lambda *_: None, since="three-1").published is False
    assert built.verify() == ()
    assert before != first == built.rollback().name
    assert set(ids(built, Everything())) == {"iron", "sleep", "lice"}


@pytest.fixture
def explained(engine: SearchEngine) -> SearchEngine:
    """An engine with sixty articles about iron besides, so that not all are among the best that are looked at twice."""
    more = [Article(f"iron{n:02}", f"Part {n}", (Section("", "", "Iron " * (n % 7 + 1)),)) for n in range(60)]
    engine.rebuild([IRON, SLEEP, LICE, *more], lambda *_: None)
    return engine


def why(engine: SearchEngine, article: str, **values: str) -> Explanation | None:
    settings = Settings()
    found = explain(engine, parse_request(values, settings), article, settings)
    return found and found.explanation


@pytest.mark.parametrize("query", ["iron", "irons tea", '"low iron" tired', "+iron -lentils", "title:iron", "ir*", "*"])
def test_a_page_and_the_question_about_one_article_explain_the_same(explained: SearchEngine, query: str) -> None:
    settings = Settings()
    hits = search(explained, parse_request({"q": query, "explain": "1"}, settings), settings).hits
    assert hits
    for place, hit in enumerate(hits, 1):
        assert hit.explanation is not None
        assert sum(part.score for part in hit.explanation.parts) == pytest.approx(hit.score, rel=1e-5)
        own = why(explained, hit.id, q=query)
        assert own is not None
        assert (own.position, own.excluded, own.score) == (place, "", pytest.approx(hit.score, rel=1e-5))
        assert [each.text for each in own.parts] == [each.text for each in hit.explanation.parts]


def test_an_article_far_behind_has_its_place_explained(explained: SearchEngine) -> None:
    order = ids(explained, Term("iron"), Criteria(limit=100))
    assert len(order) == 61
    for place in (40, 55, 61):
        found = why(explained, order[place - 1], q="iron", literal="1")
        assert found is not None and (found.position, found.excluded) == (place, "")


def test_words_are_explained_as_they_were_typed_and_those_that_are_lacking_too(explained: SearchEngine) -> None:
    found = why(explained, "iron", q="irons zinc", literal="1")
    assert found is not None
    assert "irons" in {part.text for part in found.parts if part.kind == "word"}
    assert found.lacks == ("zinc",)
    both = why(explained, "iron", q="irons lentil")
    assert both is not None and both.lacks == ()
    assert "all_words" in {part.kind for part in both.parts}


@pytest.mark.parametrize(
    ("values", "excluded"),
    [
        ({"q": "lentils"}, "query"),
        ({"q": "tea", "section": "Family"}, "section"),
        ({"q": "tea", "date_to": "2020-01-01"}, "date"),
    ],
)
def test_what_keeps_an_article_out_is_said(explained: SearchEngine, values: dict[str, str], excluded: str) -> None:
    found = why(explained, "sleep", **values)
    assert found is not None and (found.position, found.excluded, found.parts) == (None, excluded, ())


def test_what_is_not_there_has_no_explanation(explained: SearchEngine) -> None:
    assert why(explained, "no-such-article", q="iron") is None
