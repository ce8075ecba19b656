"""Variants of an English word that no stemmer joins: British and American spellings, irregular and classical forms.

Rules make more than there is ("exercize", "diseasis"): what of it a collection has is for its index to say. What no
rule makes stands in `spelling_variants.txt` and `irregular_forms.txt`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from harbor_search.analysis.analyzer import get_analyzer
from harbor_search.analysis.languages import JOINER
from harbor_search.analysis.numerals import SURELY_NUMERALS, other_numeral

__all__ = ["name_form", "other_spellings", "usual_spelling", "variants"]

_LONGEST = 40
"""Letters of an English word; what is longer is not remembered either, as it may be as long as a query."""

_ENGLISH = re.compile(rf"[a-z]{{3,{_LONGEST}}}")

_SUFFIX = re.compile(
    r"(?<=[a-z]{3})(?:(is)|iz)(?=(?:e|ed|es|er|ers|ing|able|ations?)$)|(?<=l)(?:(ys)|yz)(?=(?:e|ed|er|ers|ing)$)"
)
"""What -ise is in British and -ize in American spelling, and -yse and -yze; one of the groups where it is British."""

_PLURALS = (
    (r"(?<=[a-z][aoey]s)is$", r"(?<=[a-z][aoey]s)es$", "is", "es"),  # diagnosis, metastasis, prosthesis, dialysis
    (r"(?<=it)is$", r"(?<=it)ides$", "is", "ides"),  # arthritis
    (r"(?<=[a-z]{2})um$", r"(?<=[a-z]{3})a$", "um", "a"),  # bacterium
    (r"(?<=[a-z]{3})(?<!it)us$", r"(?<=[a-z]{3})(?<!it)i$", "us", "i"),  # fungus; "arthritus" is a mistake
    (r"(?<=[a-z]{3})ix$", r"(?<=[a-z]{3})ices$", "ix", "ices"),  # appendix
    (r"(?<=[a-z]{3})ex$", r"(?<=[a-z]{3})ices$", "ex", "ices"),  # cortex
    (r"(?<=[a-z]{2})nx$", r"(?<=[a-z]{2})nges$", "nx", "nges"),  # larynx
    (r"(?<=[a-z]{2}m)a$", r"(?<=[a-z]{2}m)ata$", "a", "ata"),  # stoma, stigma
)
"""Endings of Greek and Latin words, of one and of many."""

_LAST = "simax"
"""The letters that they end in: all others are told by one look."""

_GREEK_VERB, _GREEK_NOUN = re.compile(r"(?<=[a-z]{3}s)i[sz](?:e|es|ed|ing)$"), re.compile(r"(?<=[a-z]{3}s)is$")
"""Endings of verbs that are made of Greek nouns, and of those nouns: synthesize, synthesis."""

_FIRST_LETTERS = 3


class _Spellings(NamedTuple):
    """Parts of words, American and British, patterns that find any part and any British one, and words by any of their
    spellings: all of them, the American first."""

    parts: tuple[tuple[str, str], ...]
    either: re.Pattern[str]
    british: re.Pattern[str]
    words: dict[str, tuple[str, ...]]


class _IrregularForms(NamedTuple):
    """The forms of irregular words by the stem of each, as "bleeding" is *bled* where "bleed" is, and the first letters
    of those and of their stems."""

    by_stem: dict[str, tuple[str, ...]]
    beginnings: frozenset[str]


def variants(word: str, analyzer: str) -> tuple[str, ...]:
    """The other spellings of a word (in lower case), then its forms, of each spelling too, that have other stems.

    None where the analyzer of that name is not that of English.
    """
    return _variants(word) if _is_english(word, analyzer) else ()


def other_spellings(word: str, analyzer: str) -> tuple[str, ...]:
    """The other ways in which a word (in lower case) may be spelt in America or Britain; none as for `variants`."""
    return _other_spellings(word) if _is_english(word, analyzer) else ()


def name_form(word: str, analyzer: str) -> str:
    """One of the variants of a word, the same for all but classical plurals: by it names are compared.

    A Roman numeral is a number there: "type II diabetes" is *type 2 diabetes*.
    """
    return _name_form(word) if _is_english(word, analyzer) else word


def usual_spelling(word: str) -> str:
    """One of the spellings of an English word (in lower case), the same for all of them: an American one."""
    return _usual_spelling(word) if len(word) <= _LONGEST else word


def _is_english(word: str, analyzer: str) -> bool:
    return len(word) <= _LONGEST and analyzer.partition(JOINER)[0] == "english"


@lru_cache(maxsize=16_384)
def _name_form(word: str) -> str:
    return _base_form(_usual_spelling(word)) if word not in SURELY_NUMERALS else other_numeral(word)


@lru_cache(maxsize=16_384)
def _variants(word: str) -> tuple[str, ...]:
    spellings = (word, *_other_spellings(word))
    found = dict.fromkeys((*spellings, *(form for each in spellings for form in _forms(each))))
    del found[word]
    if not found:  # as of most words, and finding stems takes longer than all of this
        return ()
    own, *stems = get_analyzer("english").terms([word, *found])
    return tuple(each for each, stem in zip(found, stems, strict=True) if stem != own)


@lru_cache(maxsize=16_384)
def _other_spellings(word: str) -> tuple[str, ...]:
    if not _ENGLISH.fullmatch(word):
        return ()
    known = _spellings()
    found = dict.fromkeys([word])
    if known.either.search(word):  # most have no such part
        for american, british in known.parts:
            for each in tuple(found):
                if british in each:
                    found[each.replace(british, american)] = None
                elif american in each:
                    found[each.replace(american, british)] = None
    for each in tuple(found):
        found[_SUFFIX.sub(_other_suffix, each)] = None
        found |= dict.fromkeys(known.words.get(each, ()))
    del found[word]
    return tuple(found)


@lru_cache(maxsize=16_384)
def _usual_spelling(word: str) -> str:
    if not _ENGLISH.fullmatch(word):
        return word
    known = _spellings()
    if known.british.search(word):  # few have such a part
        for american, british in known.parts:
            word = word.replace(british, american)
    if word not in known.words:
        word = _SUFFIX.sub(lambda found: _other_suffix(found) if any(found.groups()) else found[0], word)
    return known.words.get(word, (word,))[0]


def _forms(word: str) -> tuple[str, ...]:
    """The forms of an English word (in lower case) that no stemmer joins with it: "teeth", "bled", "vertebrae"."""
    if not _ENGLISH.fullmatch(word):
        return ()
    found = dict.fromkeys((*_irregular_forms(word), *_classical(word), *_of_greek_verbs(word)))
    found.pop(word, None)
    return tuple(found)


def _base_form(word: str) -> str:
    """The form of an irregular English word that stands in a dictionary: "tooth" for "teeth"; else the word itself."""
    return (_irregular_forms(word) or (word,))[0] if _ENGLISH.fullmatch(word) else word


def _irregular_forms(word: str) -> tuple[str, ...]:
    """All forms of an irregular English word, the one in a dictionary first; none of a regular one."""
    known = _irregular()
    # A form has the first letters of one of these or of its stem: of most words that says enough, and sooner.
    return known.by_stem.get(_stem(word), ()) if word[:_FIRST_LETTERS] in known.beginnings else ()


def _other_suffix(found: re.Match[str]) -> str:
    return found[0].replace("s", "z") if any(found.groups()) else found[0].replace("z", "s")


def _classical(word: str) -> Iterator[str]:
    if word[-1] in _LAST and word not in _no_plurals():
        for one, many, singular, plural in _plurals():
            yield from (one.sub(plural, word), many.sub(singular, word))


def _of_greek_verbs(word: str) -> Iterator[str]:
    """The noun that a verb is made of, the verb that a noun makes: "synthesis" and "synthesized"."""
    yield _GREEK_VERB.sub("is", word)
    yield _GREEK_NOUN.sub("ize", word)


@cache
def _no_plurals() -> frozenset[str]:
    return frozenset(word for line in _lines("no_plurals.txt") for word in line)


@cache
def _plurals() -> tuple[tuple[re.Pattern[str], re.Pattern[str], str, str], ...]:
    return tuple((re.compile(one), re.compile(many), singular, plural) for one, many, singular, plural in _PLURALS)


@cache
def _spellings() -> _Spellings:
    parts: dict[tuple[str, str], None] = {}
    words: dict[str, tuple[str, ...]] = {}
    for line in _lines("spelling_variants.txt"):
        first, *others = line
        if first.startswith("-"):
            parts |= dict.fromkeys((first.strip("-"), other.strip("-")) for other in others)
        else:
            words |= dict.fromkeys(line, line)
    american, british = ("|".join(each) for each in zip(*parts, strict=True))
    return _Spellings(tuple(parts), re.compile(f"{american}|{british}"), re.compile(british), words)


@cache
def _irregular() -> _IrregularForms:
    by_stem = {_stem(form): forms for forms in _lines("irregular_forms.txt") for form in forms}
    words = (*by_stem, *(form for forms in by_stem.values() for form in forms))
    return _IrregularForms(by_stem, frozenset(word[:_FIRST_LETTERS] for word in words))


def _stem(word: str) -> str:
    return get_analyzer("english").terms([word])[0]


def _lines(name: str) -> Iterator[tuple[str, ...]]:
    """The words of each line of a list."""
    for line in resources.files(__package__).joinpath(name).read_text("utf-8").splitlines():
        words = tuple(line.partition("#")[0].split())
        if words:
            yield words
