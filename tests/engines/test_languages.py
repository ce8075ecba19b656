"""Articles in other languages than English are found by their words."""

from __future__ import annotations

from pathlib import Path

import pytest

from harbor_search.config import Settings
from harbor_search.engines.embedded import EmbeddedEngine
from harbor_search.searching import parse_request, search
from tests.support.articles import plain

ARTICLES = {
    "german": {
        "back": "Was gegen Schmerzen im Rücken hilft, sagt die Ärztin.",
        "foot": "Der Fuß darf einige Tage nicht belastet werden.",
    },
    "french": {
        "water": "Buvez de l’eau quand il fait chaud.",
        "allergy": "Les allergies au pollen commencent en mars.",
    },
    "spanish": {
        "visit": "Las informaciones sobre la visita llegan por correo.",
        "heart": "El corazón late más despacio durante la noche.",
    },
    "simple": {
        "pharmacy": "アレルギーの薬は受付で渡します。",
        "energy": "エネルギーの多い食事です。",
        "pressure": "高血压患者应该怎么治疗？医生会解释。",
        "thai": "การรักษาโรคเบาหวานต้องพบแพทย์ ลดน\u0e49\u0e33ตาลลง",
        "korean": "당뇨병은 흔한 질병입니다. 의사가 약을 처방합니다.",
        "sugar": "糖尿病患者应该多运动。",
    },
}


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[EmbeddedEngine, Settings]]:
    made = {}
    for analyzer, texts in ARTICLES.items():
        settings = Settings(index=Path(tmp_path_factory.mktemp(analyzer)), analyzer=analyzer)
        engine = EmbeddedEngine(settings)
        engine.rebuild([plain(name, text=text) for name, text in texts.items()], lambda *_: None)
        made[analyzer] = (engine, settings)
    return made


@pytest.mark.parametrize(
    ("analyzer", "query", "found"),
    [
        ("german", "Schmerz", ["back"]),
        ("german", "Ruecken", ["back"]),
        ("german", "Fuss", ["foot"]),
        ("french", "eau", ["water"]),
        ("french", "allergie", ["allergy"]),
        ("spanish", "informacion", ["visit"]),
        ("spanish", "corazones", ["heart"]),
        ("simple", "アレルギー", ["pharmacy"]),
        ("simple", "受付の薬", ["pharmacy"]),
        ("simple", "高血压治疗", ["pressure"]),
        ("simple", "糖尿病", ["sugar"]),
        ("simple", "เบาหวาน", ["thai"]),
        ("simple", "แพทย์รักษาเบาหวาน", ["thai"]),
        ("simple", "น\u0e49\u0e33ตาล", ["thai"]),
        ("simple", "당뇨병", ["korean"]),
        ("simple", "질병을", ["korean"]),
        ("simple", "약", ["korean"]),
    ],
)
def test_a_word_finds_the_article_that_has_it_in_another_form_or_place(
    engines: dict[str, tuple[EmbeddedEngine, Settings]], analyzer: str, query: str, found: list[str]
) -> None:
    engine, settings = engines[analyzer]
    results = search(engine, parse_request({"q": query}, settings), settings)
    assert [hit.id for hit in results.hits] == found
    assert results.applied.corrections == ()
