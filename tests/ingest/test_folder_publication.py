"""What a folder or a generator's settings say of the files below holds for each of them."""

from pathlib import Path

import pytest

from harbor_search.ingest import Read, ReadBefore, Skipped, read_articles


def outcomes(folder: Path, files: dict[str, str]) -> dict[str, type]:
    """What became of each file, by its path; files that only say something of others have no text."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return {
        (each.article.source if isinstance(each, Read) else str(Path(each.source).relative_to(folder))): type(each)
        for each in read_articles([folder], max_bytes=100_000)
    }


@pytest.mark.parametrize("files", [
    {"s/_index.md": "---\ncascade:\n  draft: true\n---\n"},
    {"s/_index.md": "---\ncascade:\n  - _target:\n      path: /s/**\n    build:\n      render: never\n---\n"},
    {"s/_index.md": "+++\n[[cascade]]\n[cascade.build]\nlist = 'never'\n[cascade.target]\npath = '{/x,/s/**}'\n+++\n"},
    {"s/_index.md": "+++\ndraft = true\n+++\n"},
    {"s/index.md": "---\nheadless: true\n---\nText."},
    {"s/s.json": '{"eleventyExcludeFromCollections": true}'},
    {"s/s.11tydata.json": '{"draft": true}'},
    {"s/t/post.11tydata.json": '{"permalink": false}'},
    {"s/.meta.yml": "search:\n  exclude: true\n"},
    {"_config.yml": "defaults:\n  - scope:\n      path: s\n    values:\n      published: false\n"},
    {"_config.yml": "exclude: [s, other.md]\n"},
    {"mkdocs.yml": "docs_dir: .\nexclude_docs: |\n  s/\nplugins:\n  - !!python/name:a.b\n"},
    {"mkdocs.yml": "docs_dir: .\ndraft_docs: |\n  /s/**\n"},
    {".eleventyignore": "s\n"},
    {"s/.meta.yml": "search: {exclude: true}\nsearch: {boost: 2}\n"},
    {"s/s.json": '{"draft": true, "draft": false}'}, {"s/t/post.11tydata.json": '{"draft": true, "draft": false}'},
    {"s/t/index.md": "---\nheadless: true\nheadless: false\n---\n"},
    {"_config.yml": "exclude: [other]\nexclude: [s]\n"},
    {"_quarto.yml": "website:\n  drafts:\n    - s/t/post.md\n"},
    {"_quarto.yml": "website:\n  drafts: [./s/t/post.md]\n"},
    {"_quarto.yml": 'project:\n  render: ["*.md", "!s/"]\n'},
])  # fmt: skip
def test_what_a_folder_keeps_back_stays_out(tmp_path: Path, files: dict[str, str]) -> None:
    found = outcomes(tmp_path, files | {"s/t/post.md": "Kept back.", "ok.md": "Public."})
    assert found["ok.md"] is Read
    assert found.get("s/t/post.md", found.get("s")) is Skipped


@pytest.mark.parametrize("files", [
    {"s/_index.md": "---\ncascade:\n  - target:\n      path: /other/**\n    draft: true\n---\n"},
    {"s/_index.md": "---\ncascade:\n  - target:\n      kind: section\n    draft: true\n---\n"},
    {"s/_index.md": "---\nsearch: false\n---\nA section page."},
    {"s/index.md": "---\ndraft: true\n---\nA page."},
    {"_quarto.yml": "website:\n  draft-mode: visible\n  drafts: [s/t/post.md]\nproject: [s]\n"},
    {"_quarto.yml": "website: {drafts: [other.md]}\nproject: {render: [s/t/post.md]}\n"},
    {"s/s.json": "no JSON", "s/.meta.yml": "a: [", "_config.yml": "- a list"},
    {"_config.yml": "exclude: [post]\ndefaults:\n  - scope: {path: '', type: posts}\n    values: {published: false}\n"},
])  # fmt: skip
def test_what_a_folder_says_of_others_keeps_nothing_back(tmp_path: Path, files: dict[str, str]) -> None:
    assert outcomes(tmp_path, files | {"s/t/post.md": "Public."})["s/t/post.md"] is Read


def test_what_a_package_of_javascript_says_of_itself_keeps_no_text_back(tmp_path: Path) -> None:
    files = {"package/package.json": '{"private": true}', "package/package.md": "Public.", "package/a.md": "Public."}
    found = outcomes(tmp_path, files)
    assert (found["package/package.md"], found["package/a.md"]) == (Read, Read)


def test_a_file_knows_better_than_its_folder(tmp_path: Path) -> None:
    files = {"s/_index.md": "---\ncascade:\n  draft: true\n---\n", "s/a.md": "---\nDraft: false\n---\nPublic."}
    assert outcomes(tmp_path, files)["s/a.md"] is Read


def test_settings_of_mkdocs_beside_the_folder_count(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text("exclude_docs: |\n  secret.md\n")
    (tmp_path / "docs/secret.md").write_text("Kept back.")
    assert [type(each) for each in read_articles([tmp_path / "docs"], max_bytes=1000)] == [Skipped]


def test_a_file_is_read_again_when_its_folder_changes_its_mind(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Text.")
    before = ReadBefore(1_000_000)
    assert [type(each) for each in read_articles([tmp_path], max_bytes=1000, before=before)] == [Read]
    (tmp_path / ".meta.yml").write_text("draft: true")
    assert [type(each) for each in read_articles([tmp_path], max_bytes=1000, before=before)] == [Skipped]
