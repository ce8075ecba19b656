"""One spelling for a token: without the signs that make no difference, with those that do.

Asked once per distinct token, so that what it costs does not grow with the collection.
"""

from __future__ import annotations

import re

from harbor_search.analysis.characters import fold
from harbor_search.analysis.korean import without_particle

__all__ = ["plain_spelling"]

_NAMES = frozenset({".net", "notepad++", "dev-c++", "libstdc++", "libc++", "vc++", "objc++"})
"""Names whose signs are kept though more than one letter is in them. One letter before "++" or "#" always is a name."""

_ELIDED = re.compile(
    r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|quelqu|presqu"  # French, Catalan
    r"|d[ae]ll|all|nell|sull|coll|gl|un|quest|quell|bell|sant|dov|com|cos|anch|mezz|tutt|senz)"  # Italian
    r"'+(?=[aeiouyh])"
)
"""What loses its vowel before another one. No English contraction has a vowel after such a beginning."""

_GROUPS = re.compile(
    r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]{1,3}(?:\.[0-9]{3}){2,}(?![0-9])|[0-9]{1,3}\.[0-9]{3}(?=,)"
)


def plain_spelling(token: str, *, possessive: str = "") -> str:
    """The folded token as a term would be before stemming; `possessive` is an ending that is no part of the word.

    Apostrophes go, with what was elided before them ("l'eau" is "eau"); numbers have a point for decimals and none for
    thousands ("1,000.5", "1.000,5" are "1000.5"); "C++", "C#" and ".NET" keep their signs, others lose them. Korean
    nouns lose their particles.
    """
    word = fold(token)
    if word.isalnum():
        return without_particle(word) if "\uac00" <= word[-1] <= "\ud7a3" else word
    if word[0] == "." or word[-1] in "+#":
        word = _judged(word)
    if "0" <= word[0] <= "9":
        word = _GROUPS.sub(lambda groups: re.sub("[.,]", "", groups[0]), word, count=1).replace(",", ".")
    if "'" in word:
        word = _ELIDED.sub("", word, count=1) if _ELIDED.match(word) else word
        if possessive:
            word = word.removesuffix(possessive)
        word = word.replace("'", "")
    return word


def _judged(word: str) -> str:
    """A word with signs before or after it, without those that do not belong to a name."""
    if word in _NAMES:
        return word
    word = "0" + word if word[0] == "." and word[1].isdigit() else word.lstrip(".")
    base = word.rstrip("+#")
    return word if len(base) == 1 and "a" <= base <= "z" else base
