"""What a word sounds like, roughly: a key that spellings by ear share ("newmonia" and "pneumonia")."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["sound_key"]

_RULES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"^(?:kn|gn|pn|mn)", "n"),
        (r"^ps", "s"),
        (r"^pt", "t"),
        (r"^wr", "r"),
        (r"^x", "s"),
        (r"^wh", "w"),
        (r"rrh|rh", "r"),
        (r"sch", "sk"),
        (r"ph", "f"),
        (r"gh(?=t)|(?<=[aeiou])gh$", ""),
        (r"gh", "g"),
        (r"tch", "c"),
        (r"ti(?=on|ous|al)|ci(?=ous|al|an)|si(?=on)", "x"),
        (r"sc(?=[eiy])", "s"),
        (r"c(?=[eiy])", "s"),
        (r"g(?=[eiy])", "j"),
        (r"ch|ck|c|q", "k"),
        (r"x", "ks"),
        (r"z", "s"),
        (r"mb$", "m"),
        (r"th", "t"),
        (r"(?<=[bdfgjklmnprstvw])h", ""),
        (r"[uw]", "u"),
        (r"(.)\1+", r"\1"),
    )
)
_VOWELS = re.compile(r"[aeiouy]+")


@lru_cache(maxsize=16_384)
def sound_key(word: str) -> str:
    """The consonants that are heard in `word` (in lower case), and whether it begins with a vowel."""
    for pattern, replacement in _RULES:
        word = pattern.sub(replacement, word)
    return word[:1].translate(_FIRST) + re.sub(r"(.)\1+", r"\1", _VOWELS.sub("", word[1:]))


_FIRST = str.maketrans("eiouy", "aaaaa")
