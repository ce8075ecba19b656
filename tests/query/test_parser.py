"""What readers write, and what is searched for."""

from __future__ import annotations

from datetime import date

import pytest

from harbor_search.errors import UserError
from harbor_search.query import (
    Boolean,
    Dated,
    Everything,
    Fuzzy,
    Limits,
    Node,
    Nothing,
    Phrase,
    Prefix,
    Sectioned,
    Tagged,
    Term,
    parse,
)
from tests.query.trees import texts

LIMITS = Limits(terms=64, nesting=8, prefix_minimum=2)


def tree(text: str, *, strict: bool = False) -> Node:
    return parse(text, limits=LIMITS, strict=strict).node


def term(text: str, field: str | None = None) -> Term:
    return Term(text, field)


def any_of(*nodes: Node) -> Boolean:
    return Boolean(should=nodes, minimum=1)


def all_of(*nodes: Node, but: tuple[Node, ...] = ()) -> Boolean:
    return Boolean(must=nodes, must_not=but)


def but_not(*nodes: Node) -> Boolean:
    return Boolean(must=(Everything(),), must_not=nodes)


a, b, c, d = term("aa"), term("bb"), term("cc"), term("dd")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("griffith observatory", any_of(term("griffith"), term("observatory"))),
        ("+griffith +observatory", all_of(term("griffith"), term("observatory"))),
        ('"griffith observatory"', Phrase("griffith observatory")),
        ("sleep", term("sleep")),
        ("+aa +bb -cc", all_of(a, b, but=(c,))),
        ("+(aa bb) +cc", all_of(any_of(a, b), c)),
        ("aa +bb", Boolean(must=(b,), should=(a,))),
        ("aa bb -cc", Boolean(should=(a, b), must_not=(c,), minimum=1)),
        ("aa -bb", all_of(a, but=(b,))),
        ('+"the who" +uk', all_of(Phrase("the who"), term("uk"))),
        ("+to +be +or", all_of(term("to"), term("be"), term("or"))),
        ("-(aa bb) cc", all_of(c, but=(a, b))),
        ("-aa", but_not(a)),
        ("-aa -bb", but_not(a, b)),
        ("+(-aa) +bb", all_of(b, but=(a,))),
        ("+AND +bb", all_of(term("AND"), b)),
    ],
)
def test_signs_say_what_must_and_must_not_be(text: str, expected: Node) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("aa AND bb", all_of(a, b)),
        ("aa OR bb", any_of(a, b)),
        ("NOT aa", but_not(a)),
        ("aa NOT bb", all_of(a, but=(b,))),
        ("aa AND NOT bb", all_of(a, but=(b,))),
        ("aa OR NOT bb", any_of(a, but_not(b))),
        ("NOT NOT aa", a),
        ("NOT -aa", a),
        ("aa AND bb OR cc", any_of(all_of(a, b), c)),
        ("aa OR bb AND cc", any_of(a, all_of(b, c))),
        ("aa OR bb cc", any_of(a, b, c)),
        ("aa bb AND cc dd", any_of(a, all_of(b, c), d)),
        ("NOT aa AND bb", all_of(b, but=(a,))),
        ("(aa OR bb) AND cc", all_of(any_of(a, b), c)),
        ("aa AND (bb AND (cc AND dd))", all_of(a, b, c, d)),
        ("+aa OR bb cc", Boolean(must=(any_of(a, b),), should=(c,))),
        ("aa and bb or cc", any_of(a, b, c)),
    ],
)
def test_operators_bind_not_before_and_before_or_before_standing_beside(text: str, expected: Node) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title:sleep", term("sleep", "title")),
        ("Title:sleep", term("sleep", "title")),
        ("heading:sleep", term("sleep", "headings")),
        ("headings:sleep", term("sleep", "headings")),
        ("lead:sleep", term("sleep", "lead")),
        ("body:sleep", term("sleep", "body")),
        ("text:sleep", term("sleep", "body")),
        ('title:"deep sleep"', Phrase("deep sleep", "title")),
        ('-title:"deep sleep" aa', all_of(a, but=(Phrase("deep sleep", "title"),))),
        ("title:(aa -bb)", all_of(term("aa", "title"), but=(term("bb", "title"),))),
        ("title:(aa OR body:bb)", any_of(term("aa", "title"), term("bb", "body"))),
        ("title:sle*", Prefix("sle", "title")),
        ("title:OR", term("OR", "title")),
        ("title: sleep", any_of(term("title"), term("sleep"))),
        ("foo:bar", any_of(term("foo"), term("bar"))),
        ("-foo:bar", but_not(term("foo"), term("bar"))),
        ('foo:"bar baz"', any_of(term("foo"), Phrase("bar baz"))),
        ("10:30", term("10:30")),
        ("https://example.org/a?b=c", term("https://example.org/a?b=c")),
        ("title://example.org", term("title://example.org")),
    ],
)
def test_a_field_narrows_what_follows_and_an_unknown_one_is_a_word(text: str, expected: Node) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sle*", Prefix("sle")),
        ("sle**", Prefix("sle")),
        ("*sleep", term("sleep")),
        ("s*", term("s")),
        ("covid-19*", term("covid-19")),
        ("diarrea~", Fuzzy("diarrea", 1)),
        ("diarrea~2", Fuzzy("diarrea", 2)),
        ("diarrea~9", Fuzzy("diarrea", 2)),
        ("diarrea~10", Fuzzy("diarrea", 2)),
        ("diarrea~0", term("diarrea")),
        ("diarrea~0.8", Fuzzy("diarrea", 1)),
        ("ab~2", term("ab")),
        ("~sleep", term("sleep")),
        ('"pain night"~5', Phrase("pain night", None, 5)),
        ('"pain night"~', Phrase("pain night")),
        ('"pain night"~99999999999999999999', Phrase("pain night", None, 50)),
        ('"  pain \n night "', Phrase("pain night")),
        ('"(pain) AND +night"', Phrase("(pain) AND +night")),
    ],
)
def test_asterisk_and_tilde_widen_a_word_or_phrase(text: str, expected: Node) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"deep sleep', any_of(term("deep"), term("sleep"))),
        ('deep sleep"', any_of(term("deep"), term("sleep"))),
        ('-"deep', but_not(term("deep"))),
        ('6" scar on 4" skin', any_of(term("6"), term("scar"), term("4"), term("skin"))),
        ("((deep sleep", any_of(term("deep"), term("sleep"))),
        ("deep) sleep", any_of(term("deep"), term("sleep"))),
        (")sleep(", term("sleep")),
        ('"" () sleep', term("sleep")),
        ("sleep AND", term("sleep")),
        ("AND sleep", term("sleep")),
        ("OR NOT AND sleep", but_not(term("sleep"))),
        ("deep AND OR sleep", all_of(term("deep"), term("sleep"))),
        ("deep - sleep + rest", any_of(term("deep"), term("sleep"), term("rest"))),
        ("--sleep", term("--sleep")),
        ("covid-19", term("covid-19")),
        ("C++", term("C++")),
        ("deep,sleep", any_of(term("deep"), term("sleep"))),
        ("1,000 IU", any_of(term("1,000"), term("IU"))),
        ("deep\u2014sleep\u2026", any_of(term("deep"), term("sleep"))),
        ("sleep \U0001f634", term("sleep")),
        ("sleep? (deep!)", any_of(term("sleep"), term("deep"))),
        ("\u201cdeep sleep\u201d", Phrase("deep sleep")),
        ("\u00abdeep sleep\u00bb", Phrase("deep sleep")),
        ("crohn\u2019s", term("crohn's")),
        ("\uff02deep\u3000sleep\uff02\u3000\uff0drest", all_of(Phrase("deep sleep"), but=(term("rest"),))),
        ("title\uff1asleep", term("sleep", "title")),
        ("deep\x00sleep\ud800", any_of(term("deep"), term("sleep"))),
    ],
)
def test_signs_that_make_no_sense_are_passed_over(text: str, expected: Node) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize("text", ["", "  \n", "-", "**", "~", '"', '""', "()", "+ -", "\x00"])
def test_nothing_asked_for_is_everything(text: str) -> None:
    assert tree(text) == Everything()


@pytest.mark.parametrize("text", ["?!", "\U0001f634", "\u20ac", "..."])
def test_a_text_without_a_word_finds_nothing(text: str) -> None:
    assert tree(text) == Nothing()


def test_operators_alone_are_the_words_that_they_are() -> None:
    assert tree("AND") == term("AND")
    assert tree("NOT OR") == any_of(term("NOT"), term("OR"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("deep sleep", all_of(term("deep"), term("sleep"))),
        ("aa OR bb cc", all_of(any_of(a, b), c)),
        ("aa +bb", all_of(a, b)),
        ("aa -bb", all_of(a, but=(b,))),
        ("aa (bb cc)", all_of(a, b, c)),
        ('aa "deep sleep"', all_of(a, Phrase("deep sleep"))),
        ("aa OR (bb cc)", any_of(a, all_of(b, c))),
        ("how can I sleep well", all_of(term("sleep"), term("well"))),
    ],
)
def test_strict_wants_every_word(text: str, expected: Node) -> None:
    assert tree(text, strict=True) == expected


def test_too_many_words_are_refused_where_they_become_too_many() -> None:
    with pytest.raises(UserError, match="the query has 5 words; at most 3 are allowed") as caught:
        parse("xx yy zz vv ww", limits=Limits(3, 8, 2), strict=True)
    assert (caught.value.where, caught.value.position) == ("q", 9)


def test_words_of_phrases_and_hyphenated_words_count_each() -> None:
    for text in ('"xx yy zz vv"', "xx-yy-zz-vv"):
        with pytest.raises(UserError, match="has 4 words"):
            parse("+" + text, limits=Limits(3, 8, 2), strict=False)


def test_dashes_and_asterisks_of_a_pasted_text_are_no_syntax() -> None:
    """Of a text with more words than may be searched the longest stay, as nobody knows here how rare they are."""
    parsed = parse("-mild * weakness -5 to dizziness~ or palpitation*", limits=Limits(3, 8, 2), strict=False)
    assert parsed.node == any_of(term("weakness"), term("dizziness"), term("palpitation"))
    assert parse("-mild weakness", limits=Limits(3, 8, 2), strict=False).node == all_of(
        term("weakness"), but=(term("mild"),)
    )


def test_stop_words_left_out_do_not_count() -> None:
    assert parse("what can I do about pain", limits=Limits(1, 8, 2), strict=False).node == term("pain")


def test_too_deep_parentheses_are_refused_where_they_become_too_deep() -> None:
    assert parse("((aa))", limits=Limits(9, 2, 2), strict=True).node == a
    with pytest.raises(UserError, match="more than 2 deep") as caught:
        parse("bb (( (aa)))", limits=Limits(9, 2, 2), strict=True)
    assert (caught.value.where, caught.value.position) == ("q", 6)


def test_parentheses_in_prose_are_no_nesting() -> None:
    assert parse("(((aa)))", limits=Limits(9, 2, 2), strict=False).node == a


def test_parentheses_without_partners_are_no_nesting() -> None:
    assert parse("((((((((((((aa", limits=Limits(9, 2, 2), strict=False).node == a


def test_a_query_all_in_capitals_has_words_and_no_operators() -> None:
    """Who shouts does not mean AND and OR; where another word is in small letters, they are operators."""
    assert tree("IRON AND TEA") == any_of(term("IRON"), term("TEA"))
    assert tree("iron AND TEA") == all_of(term("iron"), term("TEA"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I can NOT sleep at night", ["NOT", "sleep", "night"]),
        ("Signs of Low Iron You Should NOT Ignore", ["Signs", "Low", "Iron", "NOT", "Ignore"]),
        ("What NOT to Do With a Nosebleed", ["NOT", "Nosebleed"]),
        ("what to eat AND what to avoid", ["eat", "avoid"]),
        ("Salt, Sugar AND Fat in the Kitchen", ["Salt", "Sugar", "Fat", "Kitchen"]),
        ("He was ill OR so he said.", ["ill", "said"]),
        ("What NOT to Do With Burns (and Why)", ["NOT", "Burns"]),
    ],
)
def test_operators_in_a_sentence_are_words(text: str, words: list[str]) -> None:
    assert [each for each in texts(tree(text)) if each not in ("AND", "OR")] == words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "causes of headache NOT migraine",
            Boolean(should=(term("causes"), term("headache")), must_not=(term("migraine"),), minimum=1),
        ),
        ("Iron NOT Tea", all_of(term("Iron"), but=(term("Tea"),))),
        ("+iron NOT to", all_of(term("iron"), but=(term("to"),))),
    ],
)
def test_operators_between_names_of_things_are_operators(text: str, expected: Node) -> None:
    got = tree(text)
    assert got == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("section:Sleep", Sectioned(("Sleep",))),
        ('section:"Health > Sleep"', Sectioned(("Health", "Sleep"))),
        ("section:Health/Sleep", Sectioned(("Health", "Sleep"))),
        ("Tag:teeth", Tagged("teeth")),
        ('tag:"wisdom teeth"', Tagged("wisdom teeth")),
        ("date:2024", Dated(date(2024, 1, 1), date(2024, 12, 31))),
        ("date:2024-02", Dated(date(2024, 2, 1), date(2024, 2, 29))),
        ("date:2024-02-03", Dated(date(2024, 2, 3), date(2024, 2, 3))),
        ("date:2024..2025", Dated(date(2024, 1, 1), date(2025, 12, 31))),
        ("date:2024-06..", Dated(date(2024, 6, 1), None)),
        ("date:..2024-06", Dated(None, date(2024, 6, 30))),
        ("iron date:2024", all_of(term("iron"), Dated(date(2024, 1, 1), date(2024, 12, 31)))),
        ("iron tea tag:diet", all_of(any_of(term("iron"), term("tea")), Tagged("diet"))),
        ("iron -section:News", all_of(term("iron"), but=(Sectioned(("News",)),))),
        ("tag:a OR tag:b", any_of(Tagged("a"), Tagged("b"))),
        ("date:tonight", any_of(term("date"), term("tonight"))),
        ("date:2pm", any_of(term("date"), term("2pm"))),
        ("date:soon..later", any_of(term("date"), term("soon..later"))),
        ("section: sleep", any_of(term("section"), term("sleep"))),
    ],
)
def test_filters_narrow_a_search(text: str, expected: Node) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    "text", ["date:2024-13", "date:2024..x", "date:2024-02-30", "date:2025..2024", "date:..", "date:20245"]
)
def test_a_date_that_cannot_be_is_refused_where_it_stands(text: str) -> None:
    with pytest.raises(UserError) as caught:
        tree("iron " + text)
    assert (caught.value.where, caught.value.position) == ("q", 10)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("aa (bb", 3),
        ("aa) bb", 2),
        ('aa "bb cc', 3),
        ("aa AND", 3),
        ("OR aa", 0),
        ("aa NOT", 3),
        ("aa AND OR bb", 3),
    ],
)
def test_strict_searches_refuse_syntax_without_its_other_half(text: str, position: int) -> None:
    with pytest.raises(UserError) as caught:
        tree(text, strict=True)
    assert (caught.value.where, caught.value.position) == ("q", position)
    tree(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [("**bold** word", ["bold", "word"]), ("5~10 mg", ["5~10", "mg"]), ('6" scar', ["6", "scar"])],
)
def test_signs_of_other_notations_are_text(text: str, words: list[str]) -> None:
    assert texts(tree(text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("asthma/bronchitis", ["asthma", "bronchitis"]),
        ("heart/lung transplant?", ["heart", "lung", "transplant"]),
        ("125 mg/dL", ["125", "mg/dL"]),
        ("24/7 care", ["24/7", "care"]),
        ("example.org/pages/one", ["example.org/pages/one"]),
        ("salt & pepper", ["salt", "pepper"]),
        ("AT&T", ["AT&T"]),
        ("sleep apnea: NOT just snoring", ["sleep", "apnea", "NOT", "just", "snoring"]),
    ],
)
def test_signs_between_words_of_a_sentence_are_text(text: str, words: list[str]) -> None:
    assert [node.text for node in parse(text, limits=LIMITS, strict=False).words] == words


def test_of_a_long_text_the_words_that_say_most_are_searched() -> None:
    text = "the small blue iron deficiency and a small iron tablet"
    parsed = parse(text, limits=Limits(2, 8, 2), strict=False)
    assert texts(parsed.node) == ["small", "deficiency"]
    assert parsed.dropped == ("the", "and", "a", "blue", "iron", "tablet")
    weights = {"small": 9.0, "tablet": 20.0}
    parsed = parse(text, limits=Limits(2, 8, 2), strict=False, weigh=lambda word: weights.get(word, 1.0))
    assert texts(parsed.node) == ["small", "tablet"]
