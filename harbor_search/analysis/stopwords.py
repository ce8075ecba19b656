"""Words that ask a question without saying what it is about.

Those of English stand here, those of the other languages in `stop_words.txt`. The index keeps every word, so that
phrases such as "to be or not to be" can be found. These lists only tell which of a reader's words to leave out of
ranking: in "what can I do about my back pain at night" they leave "back pain night".
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import NamedTuple

from harbor_search.analysis.characters import fold
from harbor_search.analysis.languages import JOINER

__all__ = ["ENGLISH", "QUALIFIERS", "STOP_WORDS", "StopWords", "all_stop_words", "own_stop_words"]
__all__ += ["naming_words", "stop_words_by_language", "stop_words_of"]

_ARTICLES_AND_DETERMINERS = "a an the this that these those any some each every either such"

_PRONOUNS = """
    i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers
    herself it its itself they them their theirs themselves one's someone somebody anyone anybody something anything
"""

_AUXILIARIES = """
    am is are was were be been being do does did doing have has had having can could shall should would might must ought
"""

_QUESTION_WORDS = "what which who whom whose when where why how whether"

_LINKS = """
    and or but if because so as than then of in on at by for from to into onto with about upon via per
    there here also just really very please
"""

_CONTRACTIONS = """
    i'm i've i'd i'll you're you've you'd you'll he's he'd he'll she's she'd she'll it's it'd it'll we're we've we'd
    we'll they're they've they'd they'll that's there's here's what's who's where's when's why's how's let's
"""

_WORDS_OF_THEIR_OWN = frozenset("id ill hell shed shell wed well were its".split())
"""What contractions are without their apostrophes, where that is another word."""


def _typed(words: Iterable[str]) -> frozenset[str]:
    """`words` with their apostrophes and, as many people type them on a telephone, without."""
    words = frozenset(words)
    return words | {word.replace("'", "") for word in words} - _WORDS_OF_THEIR_OWN


STOP_WORDS: frozenset[str] = _typed(
    " ".join((_ARTICLES_AND_DETERMINERS, _PRONOUNS, _AUXILIARIES, _QUESTION_WORDS, _LINKS, _CONTRACTIONS)).split()
)
"""Lower-case words, with straight apostrophes or without, that say nothing about the subject of a question.

Left out on purpose, although other lists have them: "will" (a living will) and "may" (hay fever in May), which name
things as well; "like", "need", "get" and other full verbs, whose rarity in an article is for ranking to weigh.
"""

QUALIFIERS: frozenset[str] = _typed(
    [
        "no",
        "not",
        "nor",
        "never",
        "none",
        "without",
        "cannot",
        "can't",
        "couldn't",
        "won't",
        "wouldn't",
        "don't",
        "doesn't",
        "didn't",
        "isn't",
        "aren't",
        "wasn't",
        "weren't",
        "haven't",
        "hasn't",
        "hadn't",
        "shouldn't",
        "after",
        "before",
        "during",
        "while",
        "until",
        "since",
        "off",
        "down",
        "out",
        "over",
        "up",
        "under",
        "above",
        "below",
        "between",
        "through",
        "against",
        "around",
        "more",
        "most",
        "less",
        "least",
        "few",
        "too",
        "much",
        "many",
        "only",
        "all",
        "both",
        "same",
        "other",
        "again",
    ]
)
"""Function words that turn the meaning of the words beside them, so that they stay in ranking.

Negations: "not sleeping", "no period", "can't swallow" ask about the opposite of the bare word. Order in time: "before
bed", "after eating", "during pregnancy". Particles of verbs: "wears off", "passing out", "throwing up", "lying down",
"over the counter". Amounts: "too much iron", "more than". Alone they are no subject either: a question of nothing but
stop words and qualifiers ("to be or not to be") keeps all its words.
"""


class StopWords(NamedTuple):
    """The function words of a language in lower case, as `STOP_WORDS` and `QUALIFIERS` are those of English."""

    language: str
    words: frozenset[str]
    qualifiers: frozenset[str]


ENGLISH = StopWords("english", STOP_WORDS, QUALIFIERS)


@cache
def all_stop_words(analyzer: str) -> StopWords:
    """Those of all languages that the analyzer of a collection has; of a language without any, English ones.

    What names things is only one where the collection's own language has it.
    """
    main, *others = stop_words_of(analyzer)
    if not others:
        return main
    words, qualifiers = (frozenset().union(*each) for each in zip(*(each[1:] for each in others), strict=True))
    return StopWords(analyzer, main.words | words - naming_words(), main.qualifiers | qualifiers - naming_words())


def own_stop_words(analyzer: str) -> StopWords:
    """Those of the collection's own language, the first that its analyzer joins."""
    return stop_words_of(analyzer)[0]


def stop_words_of(analyzer: str) -> list[StopWords]:
    """Those of each of the languages that an analyzer joins, the collection's own first."""
    return [stop_words_by_language().get(name, ENGLISH) for name in analyzer.split(JOINER)]


@cache
def naming_words() -> frozenset[str]:
    """Function words of other languages that name things in English or stand in names that all languages use."""
    lines = resources.files(__package__).joinpath("naming_words.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def stop_words_by_language() -> dict[str, StopWords]:
    """Those of all languages that have a stemmer."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    for line in resources.files(__package__).joinpath("stop_words.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            section = found.setdefault(line.strip("[]"), ([], []))
            kind = 0
        elif line == "turning":
            kind = 1
        elif line and not line.startswith("#"):
            section[kind].extend(line.split())
    return {name: _made(name, *lists) for name, lists in found.items()} | {ENGLISH.language: ENGLISH}


def _made(language: str, words: Iterable[str], qualifiers: Iterable[str]) -> StopWords:
    """A word without its accents is not the other word that is spelt so: Danish *før* (before) and *for*."""
    stop = _with_plain(words) - frozenset(qualifiers)
    return StopWords(language, stop, _with_plain(qualifiers) - stop)


def _with_plain(words: Iterable[str]) -> frozenset[str]:
    """`words`, and as many people type them, without accents."""
    words = frozenset(words)
    return words | frozenset(map(fold, words))
