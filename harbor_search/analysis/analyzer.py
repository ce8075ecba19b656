"""Analyzers: from a text to the terms that stand for it in the index.

An analyzer is a tokenizer, the same for all, and a function from a token's text to its term that does not look at its
surroundings. So whole batches of articles are analysed by asking that function once per distinct token.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources
from threading import Lock

import Stemmer

from harbor_search.analysis.characters import fold
from harbor_search.analysis.languages import JOINER, LANGUAGES
from harbor_search.analysis.normalisation import plain_spelling
from harbor_search.analysis.tokenizer import Token, tokenize

__all__ = ["ANALYZERS", "MAX_TERM_LENGTH", "Analyzer", "get_analyzer"]

MAX_TERM_LENGTH = 64
"""Characters of a term; what is longer is no word of a language and is cut, in articles and queries alike."""


@dataclass(frozen=True, slots=True)
class Analyzer:
    """A way from token texts to terms.

    `terms` maps a sequence of token texts (as `tokenize` yields them) to as many terms. `fingerprint` changes
    whenever the same text could give other terms: an index must be searched with the fingerprint it was built with.
    Tokens of ASCII letters and digits up to MAX_TERM_LENGTH are terms as they are, where it `stems` only those with a
    digit: batches of articles need not ask for these. A collection has terms of `others` too, the names of analyzers
    of articles in other languages.
    """

    name: str
    fingerprint: str
    terms: Callable[[Sequence[str]], list[str]]
    stems: bool
    others: tuple[str, ...] = ()

    @property
    def collection(self) -> str:
        """The name of the analyzer of articles in the collection's language, and in those without one of their own."""
        return self.name.partition(JOINER)[0]

    def __reduce__(self) -> tuple[Callable[[str], Analyzer], tuple[str]]:
        """Another process gets its own by the name: stemmers cannot be sent."""
        return get_analyzer, (self.name,)

    def analyze(self, text: str) -> list[Token]:
        """The tokens of `text` with their terms as texts."""
        tokens = list(tokenize(text))
        terms = self.terms([token.text for token in tokens])
        return [Token(term, t.position, t.start, t.end) for term, t in zip(terms, tokens, strict=True)]


_ACCENTED = {
    "portuguese": ((re.compile("cao$"), "\u00e7\u00e3o"), (re.compile("coes$"), "\u00e7\u00f5es")),
    "spanish": ((re.compile("([cs])ion$"), "\\1i\u00f3n"), (re.compile("logia(s?)$"), "log\u00eda\\1")),
}
"""Endings that a stemmer knows by their accents alone, which tokens have lost and readers often leave out."""


@cache
def _own_terms() -> dict[str, str]:
    """English words that the stemmer takes for forms of others (organ, secret, test), and their own terms."""
    lines = resources.files(__package__).joinpath("own_terms.txt").read_text("utf-8").splitlines()
    words = [line.partition("#")[0].split() for line in lines]
    return {form: forms[0] for forms in words for form in forms}


def _simple(texts: Sequence[str]) -> list[str]:
    return [plain_spelling(text)[:MAX_TERM_LENGTH] for text in texts]


class _Stemming:
    """The terms of a language: plain spellings, stemmed by Snowball."""

    def __init__(self, language: str) -> None:
        # What it remembers costs it more than stemming, and each word is asked for once.
        self._stemmer = Stemmer.Stemmer(language, 0)
        self._lock = Lock()  # PyStemmer's objects keep state between characters of a word and are not safe to share
        self._accented = _ACCENTED.get(language, ())
        self._possessive = "'s" if language == "english" else ""
        self._own = _own_terms() if language == "english" else {}

    def __call__(self, texts: Sequence[str]) -> list[str]:
        ending = self._possessive
        # Most are plain as they are: asked here, they cost half.
        bare = [
            (text.lower() if text.isascii() and text.isalpha() else plain_spelling(text, possessive=ending))[
                :MAX_TERM_LENGTH
            ]
            for text in texts
        ]
        with self._lock:
            stems: list[str] = self._stemmer.stemWords(list(map(self._with_accents, bare)) if self._accented else bare)
        # "b12" and "t4" are names, and an empty stem would be no term at all.
        known = self._own
        return [
            known[word] if word in known else fold(stem) if stem and word.isalpha() else word
            for stem, word in zip(stems, bare, strict=True)
        ]

    def _with_accents(self, word: str) -> str:
        for ending, accented in self._accented:
            word = ending.sub(accented, word)
        return word


_REVISIONS = {"english": 7}
"""How often the terms of a language have changed, where not as often as those of the others."""


def _fingerprint(name: str, revision: int, *, stemmed: bool) -> str:
    parts = [f"{name}-{revision}", f"unicode-{unicodedata.unidata_version}"]
    if stemmed:
        parts.append(f"snowball-{Stemmer.version()}")
    return "/".join(parts)


ANALYZERS = (*dict.fromkeys(LANGUAGES.values()), "simple")
"""Names that `get_analyzer` knows: those of languages stem, "simple" only folds case and accents."""


@lru_cache
def get_analyzer(name: str) -> Analyzer:
    """The analyzer with this name, one of ANALYZERS or several joined (see `languages`).

    Raises:
        KeyError: there is none.
    """
    first, *others = name.split(JOINER)
    if others:
        fingerprint = " ".join(get_analyzer(each).fingerprint for each in (first, *others))
        return replace(get_analyzer(first), name=name, fingerprint=fingerprint, others=tuple(others))
    if name in LANGUAGES.values():
        return Analyzer(name, _fingerprint(name, _REVISIONS.get(name, 3), stemmed=True), _Stemming(name), stems=True)
    if name == "simple":
        return Analyzer(name, _fingerprint(name, 3, stemmed=False), _simple, stems=False)
    raise KeyError(name)
