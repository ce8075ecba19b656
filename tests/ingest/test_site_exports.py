"""Exports of Substack, Notion and Medium: files that say little by themselves, and not at all who may read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from harbor_search.ingest import Outcome, Read, Skipped
from harbor_search.ingest.paths import title_from
from tests.ingest.reading import outcomes, read_bytes, read_one, texts

ID = "0123456789abcdef0123456789abcdef"
TABLE = """post_id,post_date,is_published,email_sent_at,type,audience,title,subtitle
1.kettles,2022-03-04T10:00:00.000Z,true,,newsletter,everyone,"Kettles, a love story",
2.secret,,false,,newsletter,everyone,Secret,
3.paid,2022-03-05T10:00:00.000Z,true,,newsletter,only_paid,For some,
4.founders,2022-03-05T10:00:00.000Z,true,,newsletter,founding,For founders,
5.odd,2022-03-05T10:00:00.000Z,,,newsletter,everyone,Odd,
"""


@pytest.mark.parametrize("root", [".", "posts"])
def test_posts_of_substack_are_what_its_table_says(tmp_path: Path, root: str) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts.csv").write_text(TABLE)
    for row in TABLE.splitlines()[1:]:
        (tmp_path / "posts" / f"{row.partition(',')[0]}.html").write_text(
            "<p>Water boils.</p><h3>Lids</h3><p>Rattle.</p>"
        )
    found = outcomes(tmp_path / root)
    [article] = [outcome.article for outcome in found if isinstance(outcome, Read)]
    assert (article.title, article.url, str(article.published)) == ("Kettles, a love story", "/p/kettles", "2022-03-04")
    assert texts(article) == ["Water boils.", "Rattle."]
    assert sum(isinstance(each, Skipped) and bool(each.kept_back) for each in found) == 4


def notion(folder: Path, text: str) -> Outcome:
    return read_bytes(folder, f"How kettles work {ID}.md", text)


def test_properties_of_notion_are_metadata_and_its_ids_are_no_words(tmp_path: Path) -> None:
    (tmp_path / f"Kitchen {ID}").mkdir()
    path = tmp_path / f"Kitchen {ID}" / f"How kettles work {ID}.md"
    path.write_text(
        "# How kettles work\n\nStatus: Published\nTags: tea, water\nCreated: March 3, 2024 2:00 PM\n\nWater boils: 100 C.\n"
    )
    [outcome] = outcomes(tmp_path)
    assert isinstance(outcome, Read)
    article = outcome.article
    assert (article.title, article.tags, str(article.published)) == ("How kettles work", ("tea", "water"), "2024-03-03")
    assert article.section == ("Kitchen",)
    assert texts(article) == ["Water boils: 100 C."]


@pytest.mark.parametrize("said", ["Status: Draft", "Published: No", "Tags: tea\nStatus: In progress", "Private: Yes"])
def test_a_page_of_notion_that_is_not_public_stays_out(tmp_path: Path, said: str) -> None:
    outcome = notion(tmp_path, f"# How kettles work\n\n{said}\n\nWater boils.\n")
    assert isinstance(outcome, Skipped) and outcome.kept_back


def test_a_first_sentence_with_a_colon_is_text_in_notion_too(tmp_path: Path) -> None:
    outcome = notion(tmp_path, "# How kettles work\n\nRemember: water boils.\n\nMore.\n")
    assert isinstance(outcome, Read) and texts(outcome.article) == ["Remember: water boils.\n\nMore."]


PROPERTIES = """<html><body><article id="x" class="page sans"><header><h1 class="page-title">How kettles work</h1>
<table class="properties"><tbody>
<tr class="property-row property-row-multi_select"><th><span class="icon"></span>Tags</th><td>
<span class="selected-value select-value-color-red">tea</span><span class="selected-value">water</span></td></tr>
<tr class="property-row property-row-checkbox"><th>Published</th><td>
<div class="checkbox checkbox-{box}"></div></td></tr></tbody></table></header>
<div class="page-body"><p>Water boils at a hundred degrees.</p></div></article></body></html>"""


def test_properties_of_notion_in_html_are_metadata(tmp_path: Path) -> None:
    article = read_one(tmp_path, f"How kettles work {ID}.html", PROPERTIES.format(box="on"))
    assert (article.title, article.tags) == ("How kettles work", ("tea", "water"))
    assert texts(article) == ["Water boils at a hundred degrees."]
    outcome = read_bytes(tmp_path, "draft-of-it.html", PROPERTIES.format(box="off"))
    assert isinstance(outcome, Skipped) and outcome.kept_back


MEDIUM = """<html><head><title>Kettles</title></head><body><article class="h-entry">
<header><h1 class="p-name">Kettles</h1></header>
<section data-field="body" class="e-content"><p>Water boils at a hundred degrees.</p></section>
<footer><p>By <a href="https://medium.com/@ann" class="p-author h-card">Ann</a> on
<time class="dt-published" datetime="2019-05-01T07:00:00.000Z">May 1, 2019</time>.</p>
<p><a href="https://medium.com/@ann/kettles-0a1b2c3d" class="p-canonical">Canonical link</a></p></footer></article></body></html>"""


def test_posts_of_medium_have_their_addresses_and_its_drafts_stay_out(tmp_path: Path) -> None:
    article = read_one(tmp_path, "2019-05-01_Kettles-0a1b2c3d.html", MEDIUM)
    assert (article.url, str(article.published)) == ("https://medium.com/@ann/kettles-0a1b2c3d", "2019-05-01")
    assert texts(article) == ["Water boils at a hundred degrees."]
    (tmp_path / "drafts-of-it").mkdir()
    (tmp_path / "drafts-of-it" / "draft_Kettles-0a1b2c3d.html").write_text(MEDIUM)
    [outcome] = outcomes(tmp_path / "drafts-of-it")
    assert isinstance(outcome, Skipped)


@pytest.mark.parametrize(
    "name, title", [("10 tips.md", "10 tips"), ("2020-plan.md", "2020 plan"), ("01-kettles.md", "kettles")]
)
def test_only_numbers_for_sorting_are_no_words_of_a_title(name: str, title: str) -> None:
    assert title_from(name) == title


def test_a_page_that_is_published_yes_is_dated_by_the_next_name_that_has_a_day(tmp_path: Path) -> None:
    article = read_one(
        tmp_path, "a.md", "---\ntitle: Kettles\npublished: true\ncreated: 2024-01-05\n---\nWater boils.\n"
    )
    assert str(article.published) == "2024-01-05"
    assert read_one(tmp_path, "b.md", "---\ntitle: Kettles\npublished: true\n---\nWater boils.\n").published is None
    dated = read_one(tmp_path, "2024-02-03-c.md", "---\ntitle: Kettles\npublished: true\n---\nWater boils.\n")
    assert str(dated.published) == "2024-02-03"
