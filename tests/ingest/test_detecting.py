"""Articles that do not say their language have it told from their text, where that is certain."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from harbor_search.ingest import Read, detecting, read_articles
from harbor_search.ingest.detecting import detected_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Feeling tired all day can be a sign of low iron, and tea with meals takes some of it away.", "en"),
        ("Was gegen Schmerzen im Rücken hilft, sagt die Ärztin. Bewegung ist meist besser als Bettruhe.", "de"),
        ("Buvez de l’eau quand il fait chaud. Les allergies au pollen commencent souvent en mars.", "fr"),
        ("El corazón late más despacio durante la noche, y por la mañana vuelve a latir deprisa.", "es"),
        ("高血压患者应该怎么治疗？医生会解释。", "zh"),
        ("アレルギーの薬は受付で渡します。", "ja"),
        ("당뇨병은 흔한 질병입니다. 의사와 상담하십시오.", "ko"),
        ("โรคเบาหวานเป็นโรคที่พบบ่อยในประเทศไทย", "th"),
        ("Iron", ""),
        ("lorem xqz brfl wnx plof ght zzkr mmpt qwrt lkjh poiu mnbv cxzl asdf ghjk", ""),
        ("12 34 56 https://example.org/a/b " * 10, ""),
        ("", ""),
        ("\x00\ud800 \x01" * 100, ""),
    ],
)
def test_a_language_is_told_where_it_is_certain(text: str, language: str) -> None:
    assert detected_language(text) == language


def test_what_an_article_says_counts_before_what_its_text_looks_like(tmp_path: Path) -> None:
    german = "Was gegen Schmerzen im Rücken hilft, sagt die Ärztin. Bewegung ist meist besser als Bettruhe."
    (tmp_path / "a.md").write_text(f"---\ntitle: A\nlang: nl\n---\n\n{german}\n", encoding="utf-8")
    (tmp_path / "b.md").write_text(f"# B\n\n{german}\n", encoding="utf-8")
    (tmp_path / "c.html").write_text(
        f"<html lang=da><title>C</title><main><h1>C</h1><p>{german}</p></main>", encoding="utf-8"
    )
    (tmp_path / "d.txt").write_text(f"Site\nLocation:HOME > Health > content\nHealth\nD\n\n{german}\n", "utf-8")
    read = [each.article for each in read_articles([tmp_path], max_bytes=10_000) if isinstance(each, Read)]
    assert [each.language for each in read] == ["nl", "de", "da", "de"]


@pytest.mark.parametrize(("text", "language"), [
    ("Was gegen Schmerzen im Rücken hilft, sagt die Ärztin. Bewegung ist meist besser als Bettruhe.", "de"),
    ("Buvez de l’eau quand il fait chaud. Les allergies au pollen commencent souvent en mars.", "fr"),
    ("アレルギーの薬は受付で渡します。", "ja"),
    ("Iron", ""),
])  # fmt: skip
def test_without_cld2_another_library_tells_the_language(
    monkeypatch: pytest.MonkeyPatch, text: str, language: str
) -> None:
    monkeypatch.setitem(sys.modules, "pycld2", None)
    assert detected_language(text) == language


def test_without_any_library_only_what_an_article_says_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pycld2", None)
    monkeypatch.setattr(detecting, "_slow_library", lambda: None)
    assert detected_language("Was gegen Schmerzen im Rücken hilft, sagt die Ärztin. Bewegung hilft.") == ""
