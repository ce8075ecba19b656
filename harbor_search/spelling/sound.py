"""What a word sounds like, roughly: a key that spellings by ear share ("newmonia" and "pneumonia")."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["sound_key"]

_RULES = tuple(
    (needed, re.compile(pattern), replacement)
    for needed, pattern, replacement in (
        ("n", r"^(?:kn|gn|pn|mn)", "n"),
        ("ps", r"^ps", "s"),
        ("pt", r"^pt", "t"),
        ("wr", r"^wr", "r"),
        ("x", r"^x", "s"),
        ("wh", r"^wh", "w"),
        ("rh", r"rrh|rh", "r"),
        ("sch", r"sch", "sk"),
        ("ph", r"ph", "f"),
        ("gh", r"gh(?=t)|(?<=[aeiou])gh$", ""),
        ("gh", r"gh", "g"),
        ("tch", r"tch", "c"),
        ("i", r"ti(?=on|ous|al)|ci(?=ous|al|an)|si(?=on)", "x"),
        ("sc", r"sc(?=[eiy])", "s"),
        ("c", r"c(?=[eiy])", "s"),
        ("g", r"g(?=[eiy])", "j"),
        ("c", r"ch|ck|c", "k"),
        ("q", r"q", "k"),
        ("x", r"x", "ks"),
        ("z", r"z", "s"),
        ("mb", r"mb$", "m"),
        ("th", r"th", "t"),
        ("h", r"(?<=[bdfgjklmnprstvw])h", ""),
        ("w", r"w", "u"),
        ("", r"(.)\1+", r"\1"),
    )
)
"""What a word must have for a rule to change it, which is quicker to see; a pattern, and what stands in its place."""

_VOWELS = re.compile(r"[aeiouy]+")


@lru_cache(maxsize=16_384)
def sound_key(word: str) -> str:
    """The consonants that are heard in `word` (in lower case), and whether it begins with a vowel."""
    for needed, pattern, replacement in _RULES:
        if needed in word:
            word = pattern.sub(replacement, word)
    return word[:1].translate(_FIRST) + re.sub(r"(.)\1+", r"\1", _VOWELS.sub("", word[1:]))


_FIRST = str.maketrans("eiouy", "aaaaa")
