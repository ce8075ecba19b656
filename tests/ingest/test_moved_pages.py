"""The article is the page that is what its canonical address says; copies and redirects are skipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from harbor_search.ingest import Read, Skipped
from tests.ingest.reading import outcomes, read_bytes

TEXT = "<p>Cool the ankle for ten minutes at a time, and keep it raised above the hip on the first day.</p>"
REAL = "https://health.example/sport/ankle/"


def write(root: Path, name: str, title: str, head: str = "", body: str = TEXT) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"<html><head><title>{title}</title>{head}</head><body><main><h1>{title}</h1>{body}</main></body></html>"
    )


def canonical(address: str) -> str:
    return f'<link rel="canonical" href="{address}">'


def articles(root: Path) -> dict[str, str]:
    """The ids of articles by their titles."""
    return {each.article.title: each.article.id for each in outcomes(root) if isinstance(each, Read)}


@pytest.mark.parametrize(("copy", "address"), [
    ("print/ankle.html", REAL),
    ("zz/print/ankle.html", REAL),
    ("a/ankle/amp.html", "http://www.health.example/sport/ankle"),
    ("old/ankle.html", "/sport/ankle/index.html"),
    ("sport/ankle/print.html", "./"),
    ("ankle.html", REAL),
])  # fmt: skip
def test_the_real_page_is_the_article_whichever_is_read_first(tmp_path: Path, copy: str, address: str) -> None:
    write(
        tmp_path,
        "sport/ankle/index.html",
        "Ankle",
        canonical("./" if address == "./" else REAL if "://" in address else address),
    )
    write(tmp_path, copy, "Ankle (copy)", f"<LINK href='{address}' REL=canonical>")
    assert list(articles(tmp_path)) == ["Ankle"]
    [skipped] = [each for each in outcomes(tmp_path) if isinstance(each, Skipped)]
    assert skipped.source.endswith(copy) and "sport/ankle/index.html" in skipped.reason


def test_where_the_real_page_is_not_there_the_page_most_like_it_is_the_article(tmp_path: Path) -> None:
    write(tmp_path, "node/17.html", "Seventeen", canonical(REAL))
    write(tmp_path, "old/ankle.html", "Ankle", canonical(REAL))
    write(tmp_path, "node/18.html", "Eighteen", canonical("https://health.example/sport/heel/"))
    assert articles(tmp_path) == {"Ankle": REAL, "Eighteen": "https://health.example/sport/heel/"}


def test_copies_of_a_page_that_is_kept_back_stay_out_as_well(tmp_path: Path) -> None:
    write(tmp_path, "sport/ankle.html", "Ankle", canonical(REAL) + '<meta name="robots" content="noindex">')
    write(tmp_path, "print/ankle.html", "Ankle (print)", canonical(REAL))
    assert articles(tmp_path) == {}


def test_one_address_for_the_whole_site_is_no_ones(tmp_path: Path) -> None:
    for name in ("index", "a", "b"):
        write(tmp_path, f"{name}.html", name.title(), canonical("https://health.example/"))
    assert articles(tmp_path) == {"Index": "https://health.example/", "A": "a", "B": "b"}


@pytest.mark.parametrize("head", [
    '<meta http-equiv="refresh" content="0; url=/new/">',
    "<meta http-equiv=REFRESH content=\"5;URL='https://health.example/new/'\">",
    '<meta http-equiv="refresh" content="0;/new/">',
    '<script>window.location.replace("/new/")</script>',
    '<script>location.href = "/new/";</script>',
])  # fmt: skip
def test_a_page_that_only_sends_readers_on_is_skipped(tmp_path: Path, head: str) -> None:
    write(tmp_path, "a.html", "Moved", head, "<p><a href='/new/'>Go on to its new address</a></p>")
    [outcome] = outcomes(tmp_path)
    assert isinstance(outcome, Skipped) and "sends readers on" in outcome.reason


@pytest.mark.parametrize("head", [
    '<meta http-equiv="refresh" content="600">',
    '<meta http-equiv="refresh" content="120; url=next.html">',
    f'{canonical("https://health.example/a/")}<meta http-equiv="refresh" content="10; url=https://health.example/a/">',
    '<noscript><meta http-equiv="refresh" content="0; url=/plain/"></noscript>',
    '<script>if (window.location == "x") { document.location.hash = 1 }</script>',
])  # fmt: skip
def test_a_page_that_reloads_itself_is_an_article(tmp_path: Path, head: str) -> None:
    write(tmp_path, "a.html", "Queue", head, TEXT * 5)
    assert list(articles(tmp_path)) == ["Queue"]


@pytest.mark.parametrize(("name", "text"), [
    ("a.md", "---\nredirect_to: /new/\n---\nMoved."),
    ("a.md", "---\nlayout: tag-page\n---\nTags."),
    ("a.html", "---\nredirect_to: https://health.example/\n---\n<p>Moved away.</p>"),
])  # fmt: skip
def test_front_matter_can_say_that_a_page_is_none(tmp_path: Path, name: str, text: str) -> None:
    assert isinstance(read_bytes(tmp_path, name, text), Skipped)


def test_where_others_have_come_from_is_no_redirect(tmp_path: Path) -> None:
    assert isinstance(read_bytes(tmp_path, "a.md", "---\nredirect_from: [/old/]\naliases: [/older/]\n---\nText."), Read)


def test_lists_of_tags_are_skipped_and_articles_below_such_names_are_not(tmp_path: Path) -> None:
    teasers = "".join(
        f"<h2><a href='/{n}'>Article {n}</a></h2><p>It begins with these words about tea.</p>" for n in "abc"
    )
    for name in (
        "tags/tea/index.html",
        "tag/tea.html",
        "categories/index.html",
        "archives.html",
        "blog/page/2/index.html",
    ):
        write(tmp_path, name, f"List {name}", body=teasers)
    write(tmp_path, "tags/how-to-sew-tags.html", "Sewing", body=TEXT * 3)
    write(tmp_path, "health/tea.html", "Tea", body=teasers)
    assert sorted(articles(tmp_path)) == ["Sewing", "Tea"]


def test_sections_and_tags_that_differ_in_case_or_blanks_are_one(tmp_path: Path) -> None:
    for name, section, tags in (
        ("a", "Sleep", "Night, Work"),
        ("b", "sleep", "night"),
        ("c", '" SLEEP "', "NIGHT; night"),
    ):
        (tmp_path / f"{name}.md").write_text(f"---\ntitle: {name}\nsection: {section}\ntags: {tags}\n---\nText.")
    read = [each.article for each in outcomes(tmp_path) if isinstance(each, Read)]
    assert [each.section for each in read] == [("Sleep",)] * 3
    assert [each.tags for each in read] == [("Night", "Work"), ("Night",), ("Night",)]
