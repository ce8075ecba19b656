"""What a page keeps from search is not found, and what stands around it is."""

from pathlib import Path

import pytest

from harbor_search.ingest import Read, Skipped
from tests.ingest.reading import read_bytes

MAIN = "<main><h1>T</h1><p>Words before that stay in the page.</p>{}<p>Words behind that stay as well.</p></main>"


@pytest.mark.parametrize("part", [
    "<div data-pagefind-ignore>zebra</div>",
    '<p data-pagefind-ignore="all">zebra</p>',
    '<div data-swiftype-index="false">zebra</div>',
    "<div data-algolia-exclude>zebra</div>",
    "<noindex><p>zebra</p></noindex>",
    '<div class="box noindex">zebra</div>',
    '<div class="robots-nocontent">zebra</div>',
    "<!--noindex--><p>zebra</p><!--/noindex-->",
    "<!-- googleoff: index --><p>zebra</p><!-- googleon: index -->",
    "<div><!--googleoff: all--><p>zebra</p></div><p>zebra</p><!--googleon: all-->",
    "<!--TYPO3SEARCH_end--><p>zebra</p><!--TYPO3SEARCH_begin-->",
    '<p style="visibility: hidden">zebra</p>',
])  # fmt: skip
def test_a_part_that_is_marked_as_nothing_for_search_is_left_out(tmp_path: Path, part: str) -> None:
    outcome = read_bytes(tmp_path, "a.html", MAIN.format(part))
    assert isinstance(outcome, Read)
    text = " ".join(section.text for section in outcome.article.body)
    assert "zebra" not in text
    assert "Words before" in text and "Words behind" in text


def test_a_part_that_is_marked_as_searched_is_not_left_out(tmp_path: Path) -> None:
    outcome = read_bytes(tmp_path, "a.html", MAIN.format('<div data-pagefind-ignore="false">zebra</div>'))
    assert isinstance(outcome, Read)
    assert "zebra" in outcome.article.body[0].text


def test_where_a_page_marks_what_search_is_for_nothing_else_is_found(tmp_path: Path) -> None:
    page = "<main><h1>T</h1><p>zebra</p>zebra<div data-pagefind-body><p>The words for search.</p></div>zebra</main>"
    outcome = read_bytes(tmp_path, "a.html", page)
    assert isinstance(outcome, Read)
    assert [section.text for section in outcome.article.body] == ["The words for search."]


@pytest.mark.parametrize("page", [
    "<main data-pagefind-ignore><h1>T</h1><p>Some text of a page.</p></main><footer>Of the site.</footer>",
    '<body class="noindex"><p>Some text of a page.</p>',
    '<article><h1>Protected: T</h1><form class="post-password-form"><p>Please enter your password.</p></form></article>',
    "<!--noindex--><main><h1>T</h1><p>Some text of a page.</p></main>",
])  # fmt: skip
def test_a_page_that_is_kept_from_search_as_a_whole_is_skipped(tmp_path: Path, page: str) -> None:
    assert isinstance(read_bytes(tmp_path, "a.html", f"<title>T</title>{page}"), Skipped)
