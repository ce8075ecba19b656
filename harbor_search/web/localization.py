"""Localization: the texts, dates and numbers of the pages in the language that the settings choose.

Texts are written in English where they are used; `translations/` has a gettext catalogue for each other language (read
by Babel), and the setting `texts` replaces single texts. `make messages` updates the catalogues.
"""

from __future__ import annotations

import gettext
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.core import get_locale_identifier, parse_locale
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations

from harbor_search.config import Settings
from harbor_search.errors import UserError

__all__ = ["LANGUAGES", "N_", "Language", "load_language"]

FOLDER = Path(__file__).parent / "translations"

SOURCE = "en"
"""The language of the texts in the source, which needs no catalogue."""

LANGUAGES = (SOURCE, *sorted(each.stem for each in FOLDER.glob("*.po")))

_PLACEHOLDER = re.compile(r"%\((\w+)\)")

Translations = gettext.GNUTranslations | NullTranslations


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """A language of the pages. `direction` is "ltr" or "rtl", as in HTML."""

    code: str
    direction: str
    translations: Translations

    def gettext(self, text: str, **values: object) -> str:
        """`text` translated, with `%(name)s` replaced by values."""
        return self.translations.gettext(text) % values if values else self.translations.gettext(text)

    def ngettext(self, one: str, many: str, number: int, **values: object) -> str:
        """The plural form for `number`; `%(num)s` is the formatted number."""
        return self.translations.ngettext(one, many, number) % {"num": self.number(number), **values}

    def number(self, number: int) -> str:
        """An integer with the separators of this language: 2,036 or 2.036."""
        return _number(number, self.code)

    def long_date(self, day: date) -> str:
        """A date in long form, independent of the server's locale: January 6, 2025 or 6. Januar 2025."""
        return _long_date(day, self.code)


def N_(text: str) -> str:
    """Marks `text` for the catalogues and returns it unchanged; it is translated where it is shown."""
    return text


def load_language(settings: Settings) -> Language:
    """The language that `settings` choose, with the replaced texts.

    Raises:
        UserError: there is no such language, no such text to replace, or a replacement is malformed.
    """
    code = settings.language
    if code not in LANGUAGES:
        raise UserError(
            f"language: there is no language {code!r}; these are: {', '.join(LANGUAGES)}",
            where="language",
            choices=LANGUAGES,
        )
    translations: Translations = NullTranslations()
    if code != SOURCE or settings.texts:
        translations = _compiled(_replaced(_catalogue(code), settings))
    return Language(code, Locale.parse(code).text_direction, translations)


def _catalogue(code: str) -> Catalog:
    name = "messages.pot" if code == SOURCE else f"{code}.po"
    with (FOLDER / name).open("rb") as stream:
        return read_po(stream, locale=get_locale_identifier(parse_locale(code)))


def _replaced(catalogue: Catalog, settings: Settings) -> Catalog:
    for text, replacement in settings.texts:
        message = catalogue.get(text)
        if message is None:
            raise UserError(
                f"texts: the pages have no text {text!r}; harbor_search/web/translations/messages.pot lists all",
                where="texts",
            )
        try:
            replacement % dict.fromkeys(_PLACEHOLDER.findall(text), 1)
        except (KeyError, TypeError, ValueError):
            raise UserError(
                f"texts: {replacement!r} cannot stand for {text!r}: write %% for a percent sign, and only the same "
                "%(name)s as there",
                where="texts",
            ) from None
        message.string = (replacement,) * catalogue.num_plurals if message.pluralizable else replacement
    return catalogue


def _compiled(catalogue: Catalog) -> gettext.GNUTranslations:
    file = BytesIO()
    write_mo(file, catalogue)
    file.seek(0)
    return gettext.GNUTranslations(file)


@lru_cache(maxsize=4096)
def _number(number: int, code: str) -> str:
    return str(format_decimal(number, locale=code))


@lru_cache(maxsize=4096)
def _long_date(day: date, code: str) -> str:
    return str(format_date(day, "long", locale=code))
