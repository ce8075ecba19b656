"""The language of an article that does not say it, told from its text.

Pages say theirs mostly, and English is known by its small words before the library is asked, which takes ten times as
long as reading a line of JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from harbor_search.analysis import STOP_WORDS
from harbor_search.article import Article
from harbor_search.ingest.outcome import Outcome, Read

__all__ = ["detected_language", "in_their_languages"]

_SAMPLE = 1_000
"""Characters that are looked at: more makes no difference."""

_LEAST_LETTERS = 60
"""Letters of a text whose language can be told; scripts of their own need a tenth of it, as they are no other's."""

_WORDS = 80

_SHARE_OF_ENGLISH = 0.25
"""Of a text's words those that are English function words: other languages stay below a tenth, English prose above a
third."""

_LEAST_PERCENT = 80
"""Of the text must be in the language, or it is in several."""

_CERTAIN = 0.95
"""Probability from which the slower library is believed."""

_OTHER_CODES = {"iw": "he", "jw": "jv", "zh-Hant": "zh", "un": "", "xxx": ""}
"""What the library says, where it is not what ISO 639 says."""

_NO_TEXT = re.compile(r"https?://\S+|[\d\W_]+")


def in_their_languages(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """The outcomes; articles that do not say their language have the one that they are in, if that is certain."""
    for outcome in outcomes:
        if isinstance(outcome, Read) and not outcome.article.language:
            language = detected_language(_sample(outcome.article))
            if language:
                outcome = Read(outcome.article._replace(language=language), outcome.notes)
        yield outcome


def detected_language(text: str) -> str:
    """The code of the language that `text` is in; empty where that is not certain, as of a few words."""
    plain = " ".join(_NO_TEXT.sub(" ", text).split())
    spaced = plain.isascii() or max(plain, default="") < "\u0590"
    if len(plain) < (_LEAST_LETTERS if spaced else _LEAST_LETTERS // 10):
        return ""
    words = plain.lower().split()[:_WORDS]
    if sum(word in STOP_WORDS for word in words) >= _SHARE_OF_ENGLISH * len(words):
        return "en"
    return _asked(plain)


def _asked(text: str) -> str:
    try:
        import pycld2
    except ImportError:  # there is no wheel for every machine
        return _asked_without_cld2(text)
    try:
        certain, _, found = pycld2.detect(text.encode("utf-8", "ignore"))
    except pycld2.error:  # characters that no text has
        return ""
    _, code, percent, _ = found[0]
    return _OTHER_CODES.get(code, code.partition("-")[0]) if certain and percent >= _LEAST_PERCENT else ""


def _asked_without_cld2(text: str) -> str:
    """What a library in Python says, which takes three seconds to load and four times as long for each text."""
    known = _slow_library()
    language, certainty = known.classify(text.encode("utf-8", "ignore")) if known else ("", 0.0)
    return str(language) if certainty >= _CERTAIN else ""


@lru_cache(maxsize=1)
def _slow_library() -> Any:
    try:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier
    except ImportError:  # only what articles say themselves counts
        return None
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _sample(article: Article) -> str:
    parts, left = [article.title], _SAMPLE
    for section in article.body:
        parts.append(section.text[:left])
        left -= len(parts[-1])
        if left <= 0:
            break
    return " ".join(parts)
