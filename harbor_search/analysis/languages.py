"""Languages of articles: which analyzer stems the words of each, and analyzers of collections in several languages.

The name of an analyzer that has terms of several languages joins theirs by "+"; the first is that of the collection.
"""

from __future__ import annotations

__all__ = ["JOINER", "LANGUAGES", "joined_names", "stemmer_of"]

JOINER = "+"

LANGUAGES = {
    "en": "english",
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nb": "norwegian",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
"""Codes of languages (ISO 639-1) that have a stemmer, and its name."""


def stemmer_of(language: str) -> str:
    """The name of the stemmer for a language tag such as "pt-BR"; empty where there is none."""
    return LANGUAGES.get(language.replace("_", "-").partition("-")[0].lower(), "")


def joined_names(first: str, others: frozenset[str]) -> str:
    """The name of the analyzer of a collection whose own is `first`, with articles analysed by `others` too."""
    known = first.split(JOINER)
    return JOINER.join([known[0], *sorted(others.union(known[1:]) - {known[0]})])
