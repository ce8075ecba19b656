"""The analyzers of a collection in several languages, as the settings, an article and an index have them."""

from __future__ import annotations

from harbor_search.analysis import ANALYZERS, LANGUAGES, Analyzer, get_analyzer, stemmer_of
from harbor_search.config import Settings
from harbor_search.errors import UserError

__all__ = ["analyzer_of", "check_languages", "fault_of_analyzer", "known_analyzer", "languages_of"]


def check_languages(settings: Settings) -> None:
    """See that there are the analyzers that the settings name.

    Raises:
        UserError: there is none of that name, or a language without a stemmer.
    """
    if settings.analyzer not in ANALYZERS:
        raise UserError(f"there is no analyzer {settings.analyzer!r}", where="analyzer", choices=ANALYZERS)
    languages_of(settings)


def languages_of(settings: Settings) -> frozenset[str]:
    """The names of the analyzers of articles in other languages than the collection's.

    Raises:
        UserError: a language has no stemmer.
    """
    named = [code.strip() for code in settings.languages.split(",") if code.strip()]
    if named == ["all"]:
        return frozenset(LANGUAGES.values()) - {settings.analyzer}
    for code in named:
        if not stemmer_of(code):
            raise UserError(f"there is no stemmer for {code!r}", where="languages", choices=("all", *LANGUAGES))
    return frozenset(map(stemmer_of, named)) - {settings.analyzer}


def analyzer_of(language: str, analyzer: Analyzer, languages: frozenset[str]) -> Analyzer:
    """The analyzer of an article in `language`, one of `languages` or that of the collection."""
    own = stemmer_of(language)
    return get_analyzer(own) if own in languages else get_analyzer(analyzer.collection)


def known_analyzer(name: str) -> Analyzer | None:
    """The analyzer of an index; None where there is none of that name any more."""
    try:
        return get_analyzer(name)
    except KeyError:
        return None


def fault_of_analyzer(name: str, fingerprint: str, analyzer: Analyzer) -> str:
    """Why articles of a collection analysed by `analyzer` cannot be added to an index, whose analyzer has this name and
    had this fingerprint when it was built; empty where they can."""
    known = known_analyzer(name)
    if known and known.collection == analyzer.name and known.fingerprint == fingerprint:
        return ""
    return f"the index was analysed by {fingerprint}, and articles are now by {analyzer.fingerprint}"
