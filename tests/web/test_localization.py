"""The pages in the site's language: words, numbers, dates, direction; and texts of the publisher's own."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import harbor_search.web
from harbor_search.config import Settings
from harbor_search.errors import UserError
from harbor_search.web import create_app
from harbor_search.web.localization import LANGUAGES, load_language
from tests.support.articles import collection
from tests.support.memory_engine import MemoryEngine
from tests.web.page import Page, visit

FOLDER = Path(harbor_search.web.__file__).parent / "translations"
PLACEHOLDERS = re.compile(r"%\(\w+\)s|\{\w+\}")


def shown(address: str, **settings: object) -> Page:
    return visit(create_app(Settings(**settings), MemoryEngine(collection())).test_client(), address)  # type: ignore[arg-type]


def messages(name: str) -> dict[str, tuple[str, ...]]:
    """Of a catalogue: each text, and its translations."""
    with (FOLDER / name).open("rb") as stream:
        catalogue = read_po(stream, locale=None if name.endswith(".pot") else name.removesuffix(".po"))
    return {
        each.id[0] if each.pluralizable else each.id: each.string if each.pluralizable else (each.string,)
        for each in catalogue
        if each.id
    }


def test_numbers_dates_and_plurals_follow_the_language() -> None:
    written = {}
    for code in LANGUAGES:
        language = load_language(Settings(language=code))
        many = language.ngettext("%(num)s result", "%(num)s results", 2036)
        written[code] = (language.long_date(date(2025, 1, 6)), many.replace("\u202f", "_"))
    assert written == {
        "en": ("January 6, 2025", "2,036 results"),
        "de": ("6. Januar 2025", "2.036 Ergebnisse"),
        "fr": ("6 janvier 2025", "2_036 résultats"),
        "es": ("6 de enero de 2025", "2.036 resultados"),
        "ar": ("6 يناير 2025", "2,036 نتيجة"),
    }
    arabic = load_language(Settings(language="ar"))
    forms = [arabic.ngettext("%(num)s result", "%(num)s results", number) for number in (0, 1, 2, 3, 11, 100)]
    assert forms == ["لا نتائج", "نتيجة واحدة", "نتيجتان", "3 نتائج", "11 نتيجة", "100 نتيجة"]


def test_a_german_page_speaks_german_and_leaves_articles_as_they_are() -> None:
    page = shown("/articles/food/iron?q=iron", language="de")
    assert page.one("/html").get("lang") == "de"
    assert page.one("//article").get("lang") == "en"
    assert page.text("//h1") == "Signs of Low Iron"
    assert "6. Januar 2025" in page.text("//article/header")
    assert page.text("//p[@class='back']").endswith("Ergebnisse für „iron“")


def test_arabic_runs_from_right_to_left() -> None:
    assert shown("/", language="ar").one("/html").get("dir") == "rtl"
    assert shown("/", language="fr").one("/html").get("dir") == "ltr"


@pytest.mark.parametrize("name", [f"{code}.po" for code in LANGUAGES if code != "en"])
def test_every_text_is_translated_with_what_is_filled_in(name: str) -> None:
    template, translated = messages("messages.pot"), messages(name)
    assert set(translated) == set(template)
    for text, translations in translated.items():
        assert all(translations), text
        for each in translations:
            assert set(PLACEHOLDERS.findall(each)) <= set(PLACEHOLDERS.findall(text)), each


def test_every_text_of_the_pages_is_in_the_catalogues(tmp_path: Path) -> None:
    found = tmp_path / "messages.pot"
    extract = ["-q", "extract", "-F", str(FOLDER / "babel.cfg"), "-k", "N_", "--no-location", "-o", str(found)]
    subprocess.run([sys.executable, "-m", "babel.messages.frontend", *extract, str(FOLDER.parent)], check=True)
    with found.open("rb") as stream:
        texts = {each.id[0] if each.pluralizable else each.id for each in read_po(stream) if each.id}
    assert texts == set(messages("messages.pot")), "run `make messages`"


def test_single_texts_can_be_replaced() -> None:
    texts = (("What would you like to know?", "Ask the clinic"), ("%(num)s result", "%(num)s found"))
    assert shown("/", texts=texts).text("//h1") == "Ask the clinic"
    assert shown("/search?q=sleep&per_page=50", texts=texts).text("//p[@class='count']/strong") == "26 found"
    german = shown("/", language="de", texts=(("All articles", "Alles"),))
    assert german.texts("//nav[@aria-label='Website']/a") == ["Alles"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"language": "tlh"}, "there is no language 'tlh'; these are: en, ar, de, es, fr"),
        ({"texts": (("No such text", "x"),)}, "the pages have no text 'No such text'"),
        ({"texts": (("%(num)s result", "%(count)s results"),)}, "cannot stand for '%(num)s result'"),
        ({"texts": (("All articles", "100 % of them"),)}, "write %% for a percent sign"),
    ],
)
def test_invalid_replacement_texts_are_refused_when_the_site_starts(settings: dict[str, object], message: str) -> None:
    with pytest.raises(UserError, match=re.escape(message)):
        create_app(Settings(**settings), MemoryEngine())  # type: ignore[arg-type]


def test_texts_of_ones_own_may_have_any_sign() -> None:
    own = 'Say "all" \\ {{ now }} & 50 %% \u00b7'
    assert shown("/search", texts=(("All articles", own),)).text("//h1") == own.replace("%%", "%")
