"""JSON Lines: records as articles."""

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from harbor_search.article import Article, Section, article_to_dict
from harbor_search.ingest import Outcome, Read, Refused, Skipped, read_articles
from tests.ingest.reading import outcomes, read_one, refusal, texts

FULL = Article(
    id="sleep/naps",
    title="Naps",
    body=(Section("", "", "Short ones."), Section("When", "when", "Early.\n\nNot late."), Section("Why", "own_1", "")),
    lead="Short ones.",
    url="https://example.org/naps",
    section=("Health", "Sleep"),
    published=date(2025, 1, 6),
    views=2036,
    tags=("rest", "day, the"),
    language="en-GB",
    source="Example",
)


def read_lines(folder: Path, *lines: str | bytes | dict[str, Any], name: str = "file.jsonl") -> list[Outcome]:
    """What becomes of a file with these lines."""
    encoded = [json.dumps(x) if isinstance(x, dict) else x for x in lines]
    data = b"\n".join(x.encode() if isinstance(x, str) else x for x in encoded) + b"\n"
    (folder / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return outcomes(folder / name)


def record(folder: Path, **values: Any) -> Article:
    """The article of one record, without notes."""
    return read_one(folder, "file.jsonl", json.dumps(values))


@pytest.mark.parametrize("name", ["file.jsonl", "file.ndjson", "file.jsonl.gz", "FILE.JSONL.GZ"])
def test_articles_written_as_json_are_read_back_as_they_were(tmp_path: Path, name: str) -> None:
    other = Article(id="x", title="Minimal", body=(Section("", "", "Text."),), lead="Text.", source="s")
    data = b"".join(json.dumps(article_to_dict(each)).encode() + b"\n" for each in (FULL, other))
    (tmp_path / name).write_bytes(gzip.compress(data) if name.lower().endswith(".gz") else data)
    assert outcomes(tmp_path / name) == [Read(FULL), Read(other)]


def test_records_of_a_question_and_answer_collection_are_read(tmp_path: Path) -> None:
    article = record(
        tmp_path,
        id="GARD_1",
        title="Lung Cancer",
        url="https://www.example.gov/lung",
        source="GARD",
        category="Disease",
        synonyms=["lung carcinoma", "cancer, lung"],
        semantic_types=["T191"],
        sections=[{"qtype": "information", "heading": "What is it ?", "text": "A disease.\nOf the lung."}],
        text="What is it ?\nA disease.\nOf the lung.",
    )
    assert (article.id, article.source, article.section) == ("GARD_1", "GARD", ("Disease",))
    assert article.tags == ("lung carcinoma", "cancer, lung")
    assert article.body == (Section("What is it ?", "what-is-it", "A disease.\nOf the lung."),)
    assert article.lead == "A disease.\nOf the lung."


def test_records_with_only_a_text_are_read(tmp_path: Path) -> None:
    article = record(tmp_path, _id=7, title=" Two \n words ", text="One.\r\n\r\n\r\nTwo  words.", metadata={})
    assert (article.id, article.title, texts(article)) == ("7", "Two words", ["One.\n\nTwo words."])
    assert record(tmp_path, ID="a", Headline="T", Content=["One.", "Two."]).body[0].text == "One.\n\nTwo."


def test_the_address_is_the_id_of_a_record_without_one_and_the_line_of_one_without_either(tmp_path: Path) -> None:
    first, second, third = read_lines(
        tmp_path,
        {"url": "https://example.org/a", "title": "A", "text": "A."},
        {"url": "/b", "title": "B", "text": "B."},
        {"title": "C", "text": "C."},
    )
    assert [each.article.id for each in (first, second, third) if isinstance(each, Read)] == [
        "https://example.org/a", "file:2", "file:3",
    ]  # fmt: skip


def test_a_section_may_be_a_path_in_one_text(tmp_path: Path) -> None:
    assert record(tmp_path, id=1, title="T", text="x", category="Health > Sleep").section == ("Health", "Sleep")
    assert record(tmp_path, id=1, title="T", text="x", categories=["Sleep", "Age"]).section == ("Sleep",)


def test_a_summary_kept_apart_becomes_the_first_paragraph(tmp_path: Path) -> None:
    article = record(tmp_path, id=1, title="T", summary="In short.", sections=[{"heading": "H", "text": "At length."}])
    assert article.body == (Section("", "", "In short."), Section("H", "h", "At length."))
    assert article.lead == "In short."


def test_a_summary_that_is_the_beginning_of_the_text_is_not_read_twice(tmp_path: Path) -> None:
    article = record(
        tmp_path, id=1, title="T", excerpt="It is a long story…", text="It is a long story, told late.\n\nB."
    )
    assert (article.lead, texts(article)) == (
        "It is a long story, told late.",
        ["It is a long story, told late.\n\nB."],
    )


def test_a_record_without_a_title_is_called_by_the_beginning_of_its_text(tmp_path: Path) -> None:
    [outcome] = read_lines(tmp_path, {"id": 1, "title": "", "text": "word " * 40})
    assert isinstance(outcome, Read)
    assert outcome.article.title == "word " * 15 + "word…"
    assert "no title is given" in outcome.notes[0]


@pytest.mark.parametrize(("values", "note"), [
    ({"views": -1}, "'views' cannot be used and was left out: a number"),
    ({"views": "many"}, "'views' cannot be used and was left out: 'many'"),
    ({"views": True}, "'views' cannot be used and was left out: true or false"),
    ({"views": 10**30}, "'views' cannot be used and was left out: a number"),
    ({"date": "2025-13-01"}, "'date' cannot be used and was left out: '2025-13-01'"),
    ({"date": "2025-01-061"}, "'date' cannot be used and was left out: '2025-01-061'"),
    ({"date": "01/02/2025"}, "'date' cannot be used and was left out: '01/02/2025'"),
    ({"url": "javascript:alert(1)"}, "'url' cannot be used and was left out: 'javascript:alert(1)'"),
    ({"url": "//evil.example/x"}, "'url' cannot be used and was left out: '//evil.example/x'"),
    ({"language": "<b>"}, "'language' cannot be used and was left out: '<b>'"),
    ({"section": {"a": 1}}, "'section' cannot be used and was left out: an object"),
])  # fmt: skip
def test_a_value_that_cannot_be_used_is_left_out_with_a_note(tmp_path: Path, values: Any, note: str) -> None:
    [outcome] = read_lines(tmp_path, {"id": 1, "title": "T", "text": "x"} | values)
    assert isinstance(outcome, Read)
    assert outcome.notes == (note,)
    article = outcome.article
    assert (article.views, article.published, article.url, article.language, article.section) == (
        None,
        None,
        "",
        "",
        (),
    )


@pytest.mark.parametrize(("stated", "day"), [
    ("2025-01-06", date(2025, 1, 6)),
    ("2025-01-06T23:59:59.999Z", date(2025, 1, 6)),
    ("2025/01/06", date(2025, 1, 6)),
    ("January 6th, 2025", date(2025, 1, 6)),
    ("Mon, 06 Jan 2025 10:00:00 GMT", date(2025, 1, 6)),
    ("6 Sept 2025", date(2025, 9, 6)),
])  # fmt: skip
def test_dates_are_read_in_the_forms_that_leave_no_doubt(tmp_path: Path, stated: str, day: date) -> None:
    assert record(tmp_path, id=1, title="T", text="x", published_at=stated).published == day


@pytest.mark.parametrize(("line", "reason"), [
    ('{"id": "a', "the line is not valid JSON: Unterminated string starting at character 8"),
    ("{", "the line is not valid JSON: Expecting property name enclosed in double quotes at character 2"),
    ("[1]", "the line is not a JSON object ({...})"),
    ("nonsense", "the line is not valid JSON: Expecting value at character 1"),
    ('{"text": ' + "[" * 200_000, "the JSON is nested too deep"),
    ('{"text": "x", "y": ' + "[" * 200_000 + "]" * 200_000 + "}", "the JSON is nested too deep"),
    ('{"text": "x", "views": ' + "9" * 5000 + "}", "the line is not valid JSON"),
    ('{"title": "T"}', "no field for an article's text"),
    ('{"title": "T", "text": {"a": 1}}', "'text' must be a text, not an object"),
    ('{"title": ["T"], "text": "x"}', "'title' must be a text, not a list"),
    ('{"id": 1.5, "title": "T", "text": "x"}', "'id' must be a text, not a number"),
    ('{"title": "T", "sections": "x"}', "'sections' must be a list, not a text"),
    ('{"title": "T", "sections": [{"text": "x"}, 7]}', "item 2 of 'sections' must be an object"),
])  # fmt: skip
def test_a_bad_line_is_refused_by_its_number_and_reading_goes_on(
    tmp_path: Path, line: str | bytes, reason: str
) -> None:
    first, bad, last = read_lines(
        tmp_path, {"id": "a", "title": "A", "text": "A."}, b"", line, {"id": "z", "title": "Z", "text": "Z."}
    )
    assert isinstance(first, Read) and isinstance(last, Read) and last.article.id == "z"
    assert isinstance(bad, Refused)
    assert bad.source == (tmp_path / "file.jsonl").as_posix() + ":3"
    assert reason in bad.reason


@pytest.mark.parametrize(("line", "lead", "note"), [
    (b'{"title": "T", "text": "A caf\xe9."}', "A caf\xe9.", "read as Windows-1252"),
    (rb'{"title": "T", "text": "half \ud83d of it"}', "half \ufffd of it", "half of a surrogate pair"),
    (rb'{"title": "T", "text": "x", "tags": ["\uDC00"]}', "x", "half of a surrogate pair"),
])  # fmt: skip
def test_what_is_no_character_in_a_line_costs_itself_and_a_note(
    tmp_path: Path, line: bytes, lead: str, note: str
) -> None:
    [outcome] = read_lines(tmp_path, line)
    assert isinstance(outcome, Read)
    assert outcome.article.lead == lead and note in outcome.notes[0]


@pytest.mark.parametrize("text", ["", " \u200b ", "<p> </p>", {"rendered": ""}])
def test_a_record_whose_text_is_empty_is_skipped(tmp_path: Path, text: object) -> None:
    [outcome] = read_lines(tmp_path, {"title": "T", "text": text})
    assert isinstance(outcome, Skipped) and outcome.reason == "the record has no text"


HTML = "<p>Two <b>pinches</b> of salt.</p>\n<h2>Why&nbsp;less</h2><ul><li>blood</li><li>kidneys</li></ul><!-- x -->"


@pytest.mark.parametrize("values", [
    {"title": "Salt &#038; pepper", "content": HTML},
    {"title": {"rendered": "Salt &#038; pepper"}, "content": {"rendered": HTML, "protected": False}},
    {"title": "<em>Salt</em> &amp; pepper", "content_html": HTML, "excerpt": {"rendered": "<p>Two pinches [&hellip;]</p>"}},
    {"post_title": "Salt & pepper", "title": "Salt & pepper", "body": {"value": HTML, "format": "full_html"}},
    {"title": "Salt & pepper", "sections": [{"text": "Two pinches of salt."}, {"heading": "Why less", "html": HTML[-49:]}]},
])  # fmt: skip
def test_texts_that_exports_keep_as_html_are_read_without_it(tmp_path: Path, values: Any) -> None:
    article = record(tmp_path, id=1, **values)
    assert article.title == "Salt & pepper"
    assert [(each.heading, each.text) for each in article.body] == [
        ("", "Two pinches of salt."), ("Why less", "- blood\n- kidneys"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["Is 3 < 4 > 2?", "The <p> tag begins a paragraph.", "if a<b and b>c", "a <= b"])
def test_a_plain_text_with_signs_of_less_is_no_html(tmp_path: Path, text: str) -> None:
    assert record(tmp_path, id=1, title=text, text=text).lead == text
    assert record(tmp_path, id=1, title=text, text=text).title == text


def test_categories_and_tags_may_be_objects_and_numbers_of_an_export_are_none(tmp_path: Path) -> None:
    article = record(
        tmp_path, id=1, title="T", text="x", categories=[{"id": 3, "name": "Food &amp; Drink"}], tags=[7, 9]
    )
    assert (article.section, article.tags) == (("Food & Drink",), ("Food & Drink",))


def test_whole_surrogate_pairs_are_characters(tmp_path: Path) -> None:
    [outcome] = read_lines(tmp_path, r'{"id": 1, "title": "T", "text": "a smile \ud83d\ude00"}')
    assert isinstance(outcome, Read)
    assert outcome.article.lead == "a smile \N{GRINNING FACE}"


def test_control_characters_in_strings_do_not_get_in(tmp_path: Path) -> None:
    assert record(tmp_path, id=1, title="a\x00b\x1b", text="c\x07d\u202e e\xadf").title == "ab"
    assert record(tmp_path, id=1, title="T", text="c\x07d\u202e e\xadf").lead == "cd ef"


def test_a_line_beyond_the_limit_is_refused_and_reading_goes_on(tmp_path: Path) -> None:
    good = {"id": "z", "title": "Z", "text": "Z."}
    (tmp_path / "a.jsonl").write_text(
        "\n".join([json.dumps({"title": "T", "text": "x" * 5000}), json.dumps(good), json.dumps({"text": "y" * 5000})])
    )
    first, second, third = outcomes(tmp_path / "a.jsonl", max_bytes=1000)
    assert isinstance(first, Refused) and isinstance(third, Refused)
    assert first.source.endswith("a.jsonl:1") and "longer than 1000 bytes" in first.reason
    assert isinstance(second, Read)


def test_a_file_that_describes_articles_elsewhere_is_skipped_as_a_whole(tmp_path: Path) -> None:
    lines = [{"file": f"{n}.html", "title": "T", "dc_date": "2020-01-01"} for n in range(3)]
    [outcome] = read_lines(tmp_path, *lines)
    assert isinstance(outcome, Skipped)
    assert outcome.source.endswith("file.jsonl")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, "file.jsonl", "\n \n") == "the file is empty"
    assert refusal(tmp_path, "file.jsonl.gz", gzip.compress(b"")) == "the file is empty"


def test_a_compressed_file_cut_short_yields_what_comes_before_the_damage(tmp_path: Path) -> None:
    lines = [{"id": n, "title": f"T{n}", "text": " ".join(str(n * k) for k in range(2000))} for n in range(200)]
    read_lines(tmp_path, *lines, name="file.jsonl.gz")
    whole = (tmp_path / "file.jsonl.gz").read_bytes()
    (tmp_path / "file.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    *before, damage = outcomes(tmp_path / "file.jsonl.gz")
    assert len(before) > 20 and all(isinstance(each, Read) for each in before)
    assert isinstance(damage, Refused)
    assert damage.source.endswith(f"file.jsonl.gz:{len(before) + 1}")
    assert "the compressed file is damaged" in damage.reason


@pytest.mark.parametrize("data", [b"no gzip at all", b"\x1f\x8b\x08", gzip.compress(b"[]\n", mtime=0)[:-8] + bytes(8)])
def test_a_file_that_is_not_gzip_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "file.jsonl.gz").write_bytes(data)
    last = outcomes(tmp_path)[-1]
    assert isinstance(last, Refused) and "the compressed file is damaged" in last.reason


def test_an_id_that_no_address_can_have_is_refused_by_name(tmp_path: Path) -> None:
    """Browsers resolve `..` before they ask for a page."""
    file = tmp_path / "all.jsonl"
    rows = [{"id": each, "title": "Zebras", "text": "Stripes."} for each in ("../../etc/passwd", "a/./b", "a..b/c.d")]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    outcomes = list(read_articles([file], max_bytes=10_000))
    assert [type(each).__name__ for each in outcomes] == ["Refused", "Refused", "Read"]
    assert "'../../etc/passwd'" in outcomes[0].reason  # type: ignore[union-attr]
