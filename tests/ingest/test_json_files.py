"""JSON files: one article, a list of them somewhere in the file, exports of Ghost, and the JSON that is none of that."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from harbor_search.ingest import Outcome, Read, Refused, Skipped, Source, read_articles
from harbor_search.ingest.no_characters import escapes_mended
from tests.ingest.reading import MAX_BYTES, outcomes, read_bytes, read_one, texts


def titles(found: list[Outcome]) -> list[str]:
    return [outcome.article.title for outcome in found if isinstance(outcome, Read)]


def in_folder(folder: Path, name: str, value: Any) -> list[Outcome]:
    """What becomes of this file among others, where nobody named it."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())
    return outcomes(folder)


ARTICLE = {"title": "Kettles", "text": "How a kettle works."}


@pytest.mark.parametrize(
    "value",
    [
        [ARTICLE],
        {"articles": [ARTICLE]},
        {"meta": {"total": 1, "tags": [{"name": "x", "description": "y"}]}, "data": {"posts": [ARTICLE]}},
        {"hits": {"total": 1, "hits": [{"_id": "7", "_source": ARTICLE}]}},
        {"data": {"allPosts": {"edges": [{"cursor": "a", "node": ARTICLE}]}}},
        {"data": [{"id": 1, "attributes": ARTICLE}]},
        {"menu": [{"text": "Home", "url": "/"}], "items": [ARTICLE]},
        ARTICLE,
    ],
)
def test_articles_are_found_wherever_exports_and_interfaces_keep_their_list(tmp_path: Path, value: Any) -> None:
    [outcome] = in_folder(tmp_path, "export.json", value)
    assert isinstance(outcome, Read), outcome
    assert (outcome.article.title, texts(outcome.article)) == ("Kettles", ["How a kettle works."])


def test_articles_under_keys_of_their_own_are_called_by_them(tmp_path: Path) -> None:
    found = in_folder(tmp_path, "export.json", {"posts": {"k1": ARTICLE, "k2": ARTICLE | {"title": "Pots"}}})
    assert [outcome.article.id for outcome in found if isinstance(outcome, Read)] == ["export:k1", "export:k2"]


def test_a_folder_with_an_article_a_file_has_them_under_their_paths(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(ARTICLE))
    found = in_folder(tmp_path, "deep/b.json", {"headline": "Pots", "body": ["One.", "Two."], "date": "2024-02-01"})
    assert [(each.article.id, each.article.title) for each in found if isinstance(each, Read)] == [
        ("a", "Kettles"),
        ("deep/b", "Pots"),
    ]


@pytest.mark.parametrize(
    "name, value",
    [
        ("package.json", {"name": "site", "description": "The site", "text": "x"}),
        ("search_index.json", {"docs": [ARTICLE]}),
        ("schema.json", {"title": "Post", "description": "A post", "properties": {"text": {"type": "string"}}}),
        ("menu.json", [{"text": "Home", "url": "/"}]),
        ("team.json", [{"name": "Ada", "description": "Writes"}]),
        ("places.json", {"features": [{"properties": {"name": "Harbor", "description": "Wet"}}]}),
        ("settings.json", b'// settings\n{"a": 1}'),
        ("trailing.json", b'{"a": 1,}'),
        ("empty.json", []),
        ("number.json", 7),
        ("feed-of-site.json", {"version": "https://jsonfeed.org/version/1.1", "items": [ARTICLE]}),
    ],
)
def test_json_that_holds_no_articles_is_skipped_and_stops_nothing(tmp_path: Path, name: str, value: Any) -> None:
    [outcome] = in_folder(tmp_path, name, value)
    assert isinstance(outcome, Skipped), outcome


def test_a_file_that_is_named_itself_needs_no_titles(tmp_path: Path) -> None:
    outcome = read_bytes(tmp_path, "notes.json", json.dumps([{"text": "Only a text."}]))
    assert isinstance(outcome, Read) and outcome.article.title == "Only a text."


def test_fields_of_records_are_mapped(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    path.write_text(json.dumps({"rows": [{"h1": "Kettles", "story": "How they work."}]}))
    source = Source(str(path), fields={"title": "h1", "text": "story"})
    [outcome] = read_articles([source], max_bytes=MAX_BYTES)
    assert isinstance(outcome, Read)
    assert (outcome.article.title, outcome.article.lead) == ("Kettles", "How they work.")


def test_what_is_not_public_stays_out_said_once_or_twice(tmp_path: Path) -> None:
    drafts = (
        b'{"title": "A", "text": "a", "status": "draft"}',
        b'{"title": "B", "text": "b", "draft": true, "draft": false}',
        b'{"title": "C", "text": "c", "visibility": "members"}',
        b'{"id": 4, "attributes": {"title": "D", "content": "d", "publishedAt": null}}',
    )
    found = in_folder(tmp_path, "list.json", b"[" + b", ".join((*drafts, json.dumps(ARTICLE).encode())) + b"]")
    assert titles(found) == ["Kettles"]
    assert [type(outcome) for outcome in found[:4]] == [Skipped] * 4


def test_what_stands_before_a_damage_is_read_and_the_damage_told(tmp_path: Path) -> None:
    whole, damaged = in_folder(tmp_path, "cut.json", json.dumps([ARTICLE, ARTICLE])[:-20].encode())
    assert isinstance(whole, Read)
    assert isinstance(damaged, Refused) and "item 2" in damaged.source and "no valid JSON" in damaged.reason


def test_one_article_that_is_damaged_is_refused(tmp_path: Path) -> None:
    [outcome] = in_folder(tmp_path, "cut.json", b'{"title": "Kettles", "text": "How a ket')
    assert isinstance(outcome, Refused)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_lists_are_read_in_the_encodings_that_systems_write(tmp_path: Path, encoding: str) -> None:
    text = json.dumps([{"title": "T", "text": "Tee f\u00fcr zwei"}], ensure_ascii=False)
    [outcome] = in_folder(tmp_path, "list.json", text.encode(encoding))
    assert isinstance(outcome, Read) and outcome.article.lead == "Tee f\u00fcr zwei"


def test_a_list_larger_than_one_article_may_be_is_read_a_record_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "large.json.gz"
    records = [{"title": f"Number {number}", "text": "word " * 200} for number in range(300)]
    path.write_bytes(gzip.compress(json.dumps({"posts": records}).encode()))
    assert len(titles(outcomes(tmp_path, max_bytes=100_000))) == 300


def test_a_record_beyond_the_bound_is_refused_with_what_follows(tmp_path: Path) -> None:
    (tmp_path / "large.json").write_text(json.dumps([ARTICLE, ARTICLE | {"text": "word " * 100_000}, ARTICLE]))
    first, large = outcomes(tmp_path, max_bytes=10_000)
    assert isinstance(first, Read)
    assert isinstance(large, Refused) and "max_source_bytes" in large.reason


def post(slug: str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"id-{slug}", "slug": slug, "title": slug.title(), "html": f"<p>About {slug}.</p><h2>More</h2><p>Of it.</p>",
        "status": "published", "visibility": "public", "published_at": "2023-05-01T10:00:00.000Z",
    } | more  # fmt: skip


def ghost(*posts: dict[str, Any], **tables: Any) -> dict[str, Any]:
    return {"meta": {"exported_on": 1700000000000, "version": "5.70.0"}, "data": {"posts": posts, **tables}}


TAGS = {
    "posts_meta": [{"post_id": "id-mail", "email_only": 1}, {"post_id": "id-tea", "email_only": 0}],
    "posts_tags": [
        {"post_id": "id-tea", "tag_id": "t2", "sort_order": 1},
        {"post_id": "id-tea", "tag_id": "t1", "sort_order": 0},
        {"post_id": "id-tea", "tag_id": "t3", "sort_order": 2},
    ],
    "tags": [
        {"id": "t1", "name": "Drinks", "visibility": "public"},
        {"id": "t2", "name": "Leaves"},
        {"id": "t3", "name": "#newsletter", "visibility": "internal"},
    ],
}


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_post_of_ghost_has_its_tags_its_address_and_its_sections(tmp_path: Path, wrapped: bool) -> None:
    export = ghost(post("tea", custom_excerpt="Leaves in water."), **TAGS)
    article = read_one(tmp_path, "my.ghost.json", json.dumps({"db": [export]} if wrapped else export))
    assert (article.id, article.title, article.url) == ("id-tea", "Tea", "/tea/")
    assert (article.section, article.tags) == (("Drinks",), ("Leaves",))
    assert str(article.published) == "2023-05-01"
    assert article.lead == "Leaves in water."
    assert texts(article) == ["Leaves in water.\n\nAbout tea.", "Of it."]


@pytest.mark.parametrize(
    "said",
    [
        {"status": "draft"},
        {"status": "scheduled"},
        {"status": "sent"},
        {"status": None},
        {"visibility": "members"},
        {"visibility": "paid"},
        {"visibility": "tiers"},
        {"published_at": "2999-01-01T00:00:00.000Z"},
        {"slug": "mail", "id": "id-mail"},
    ],
)
def test_a_post_of_ghost_that_is_not_for_every_reader_stays_out(tmp_path: Path, said: dict[str, Any]) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps({"db": [ghost(post("tea") | said, post("milk"), **TAGS)]}))
    kept_back, other = outcomes(path)
    assert isinstance(kept_back, Skipped) and kept_back.kept_back
    assert isinstance(other, Read)


def test_damage_in_an_export_of_ghost_is_told(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps({"db": [ghost(post("tea"), post("milk"))]})[:-60])
    [outcome] = outcomes(path)
    assert isinstance(outcome, Refused) and "no valid JSON" in outcome.reason


def test_an_export_of_ghost_is_known_by_its_list_of_databases_and_rows_that_lack_something_are_passed_over(
    tmp_path: Path,
) -> None:
    rows = {"posts_tags": [{"tag_id": "t1"}, {"post_id": "id-tea"}, None], "tags": [{"name": "Drinks"}, "Leaves"]}
    path = tmp_path / "export.json"
    path.write_text(
        json.dumps({"db": [{"data": {"posts": [post("tea"), post("milk") | {"status": "draft"}], **rows}}]})
    )
    tea, milk = outcomes(path)
    assert isinstance(tea, Read) and tea.article.title == "Tea"
    assert isinstance(milk, Skipped)


def test_half_of_a_surrogate_pair_costs_itself_and_a_note(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        r'[{"title": "T \ud83d", "text": "Smile \ud83d\ude00."}, {"title": "U", "text": "A path: C:\\ud83d."}]'
    )
    first, second = outcomes(tmp_path)
    assert isinstance(first, Read) and isinstance(second, Read)
    assert (first.article.title, first.article.lead) == ("T \ufffd", "Smile \N{GRINNING FACE}.")
    assert "half of a surrogate pair" in first.notes[0]
    assert (second.article.lead, second.notes) == (r"A path: C:\ud83d.", ())


@pytest.mark.parametrize("size", range(1, 14))
def test_escapes_that_are_cut_between_two_pieces_are_those_of_the_whole(size: int) -> None:
    text = r'"a\ud83d\ude00b\\ud83d\udbff\u0041\\\ude00"\ud83d\n\udc00\ud83dA\uD83D\uDE00"'
    whole, rest = escapes_mended(text, is_end=True)
    assert (rest, whole.count("fdd0")) == ("", 5)
    found = left = ""
    for at in range(0, len(text), size):
        piece, left = escapes_mended(left + text[at : at + size], is_end=at + size >= len(text))
        found += piece
    assert found == whole
