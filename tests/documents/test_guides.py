"""Whoever follows a guide comes to its end and sees what it shows."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from harbor_search.config_loading import load_settings
from tests.support.embedding_models import sentence_model
from tests.support.pages_followed import Reader, follow, steps

ROOT = Path(__file__).parents[2]
GUIDES = ROOT / "docs" / "guides"
FOLLOWED = sorted(path.name for path in GUIDES.glob("*.md") if path.name not in ("README.md", "opensearch.md"))

EXPORT = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<wp:category><wp:category_nicename>food</wp:category_nicename><wp:category_parent></wp:category_parent>
  <wp:cat_name>Food</wp:cat_name></wp:category>
<wp:category><wp:category_nicename>minerals</wp:category_nicename><wp:category_parent>food</wp:category_parent>
  <wp:cat_name>Minerals</wp:cat_name></wp:category>
<item><title>Iron and Zinc</title><link>https://blog.example.org/iron/</link><wp:post_id>1</wp:post_id>
<content:encoded><![CDATA[<p>Greens and lentils bring minerals.</p>]]></content:encoded>
<wp:post_date>2025-01-31 10:00:00</wp:post_date><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
<category domain="category" nicename="minerals">Minerals</category></item>
<item><title>Zinc</title><link>https://blog.example.org/?p=2</link><wp:post_id>2</wp:post_id>
<content:encoded><![CDATA[<p>To be written.</p>]]></content:encoded>
<wp:post_date>2025-02-01 10:00:00</wp:post_date><wp:status>draft</wp:status><wp:post_type>post</wp:post_type></item>
</channel></rss>
"""


def no_preparation(folder: Path) -> None:
    """Most guides make all that they use."""


def export_from_wordpress(folder: Path) -> None:
    (folder / "export.xml").write_text(EXPORT, encoding="utf-8")


def model_of_sentences(folder: Path) -> None:
    sentence_model(folder / "model")


GIVEN: dict[str, Callable[[Path], None]] = {"wordpress.md": export_from_wordpress, "meaning.md": model_of_sentences}
"""What a reader has before the guide begins."""


@pytest.mark.parametrize("guide", FOLLOWED)
def test_a_guide_can_be_followed_to_its_end(guide: str, tmp_path: Path) -> None:
    if guide == "nginx.md" and not shutil.which("nginx"):
        pytest.skip("there is no nginx")
    GIVEN.get(guide, no_preparation)(tmp_path)
    follow(GUIDES / guide, Reader(tmp_path))


@pytest.mark.parametrize("guide", sorted(GUIDES.glob("*.md")), ids=lambda path: path.name)
def test_settings_files_of_a_guide_are_some(guide: Path, tmp_path: Path) -> None:
    for step in steps(guide.read_text(encoding="utf-8")):
        if step.file.endswith(".toml"):
            (tmp_path / "harbor.toml").write_text(step.text)
            load_settings(file=tmp_path / "harbor.toml", environment={})


def test_the_list_of_guides_has_all_of_them_and_the_readme_leads_to_it() -> None:
    listed = set(re.findall(r"\]\(([\w-]+\.md)\)", (GUIDES / "README.md").read_text(encoding="utf-8")))
    assert listed == {path.name for path in GUIDES.glob("*.md")} - {"README.md"}
    assert "(docs/guides/README.md)" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_line_for_cron_is_the_command_that_the_guide_tries() -> None:
    page = (GUIDES / "running.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^\*/10 \* \* \* \*  (.+)$", page, re.MULTILINE)
    assert f"$ {line}\n" in page


def test_the_container_is_run_as_its_file_says() -> None:
    file = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
    said = re.sub(r"^# ?", "", file, flags=re.MULTILINE).split("\nFROM")[0]
    page = (GUIDES / "running.md").read_text(encoding="utf-8")
    for line in filter(None, (line.strip() for line in said.splitlines())):
        assert line in page


def test_the_metrics_that_a_guide_tells_to_watch_are_some() -> None:
    page = (GUIDES / "running.md").read_text(encoding="utf-8")
    source = "".join((ROOT / "harbor_search" / each).read_text() for each in ("web/metrics.py", "serving/slow_lane.py"))
    source += "harbor_search_run_refused_articles"  # its name is put together
    named = re.findall(r"^\| `(harbor_search_\w+)`", page, re.MULTILINE)
    assert len(named) >= 5
    assert [each for each in named if each.removesuffix("_total") not in source] == []
