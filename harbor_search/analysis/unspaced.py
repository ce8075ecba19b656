"""Words of queries in scripts that are written without spaces, such as Chinese, Japanese and Thai.

The index has every character at a position of its own, so that a word is a phrase of its characters wherever it stands.
A query is parted where the script changes, which in Japanese is mostly where words end; long runs of ideographs, as in
Chinese, are parted into overlapping pairs, and of letters, as in Thai, into overlapping threes. Particles and endings
of verbs say nothing about the subject.
"""

from __future__ import annotations

import re

from harbor_search.analysis.characters import fold

__all__ = ["is_unspaced", "unspaced_words"]

_RUN = re.compile(
    "(?P<ideographs>[\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]+)"
    "|(?P<letters>[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+)"
    "|(?P<katakana>[\u30a1-\u30fa\u30fc-\u30ff]+)|(?P<hiragana>[\u3041-\u309f]+)|(?P<other>[^\\W_\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]+)"
)

_LONGEST = {"ideographs": (3, 2), "letters": (6, 3)}
"""By script, the length of a run that is looked for as it is (most words have two ideographs and names of diseases
three; syllables of Thai have two to four letters), and of the pieces of longer ones."""

_ONE_LETTER = (("\u0e4d\u0e32", "\u0e33"), ("\u0ecd\u0eb2", "\u0eb3"))
"""The vowel am of Thai and of Lao, which folding takes apart: it is one letter, and one token of a text."""

_PARTICLES = re.compile(
    "(?:です|ます|ました|でしょう|ください|から|まで|より|など|とは|には|では|について|する|して|した|ある|いる|なる"
    "|[のはがをにへともやかでねよ])+"
)


def is_unspaced(text: str) -> bool:
    """Whether any of `text` is in such a script."""
    return not text.isascii() and any(run.lastgroup != "other" for run in _RUN.finditer(fold(text)))


def unspaced_words(text: str) -> tuple[str, ...]:
    """The words of a text in such a script, those of other scripts in it included; none where it is one word."""
    words: dict[str, None] = {}
    folded = fold(text)
    for apart, character in _ONE_LETTER:
        folded = folded.replace(apart, character)
    runs = list(_RUN.finditer(folded))
    for run in runs:
        most, piece = _LONGEST.get(run.lastgroup or "", (len(run[0]), 0))
        if len(run[0]) > most:
            words |= dict.fromkeys(run[0][at : at + piece] for at in range(len(run[0]) - piece + 1))
        elif not (run["hiragana"] and len(runs) > 1 and _PARTICLES.fullmatch(run[0])):
            words[run[0]] = None
    unspaced = any(run.lastgroup != "other" for run in runs)
    return tuple(words) if unspaced and (len(words) > 1 or len(runs) > 1) else ()
