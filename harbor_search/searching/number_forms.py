"""Numbers that name the kind or degree of something, in both ways to write them: *type II* is *type 2*.

What tells a numeral from a word is the collection: what stands before it stands before that number in the other way,
too, and where the Roman numeral may be a word ("IV fluids"), also before one that is none: "factor" before VIII and V.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from harbor_search.analysis.numerals import SURELY_NUMERALS, other_numeral
from harbor_search.analysis.stopwords import all_stop_words
from harbor_search.engines import Vocabulary
from harbor_search.query import Phrase, Term
from harbor_search.searching.concepts import FORM, Way
from harbor_search.searching.query_words import QueryWord
from harbor_search.searching.word_weights import inverse_document_frequency

__all__ = ["add_number_forms", "in_other_form"]

_OTHER = 0.8
"""What a number counts that is written in the other way: articles that have it as it was typed come first."""

_FIRST = 6
"""Numerals that are nothing else (to IX) of which it is asked whether they follow a word: what has more has these."""


def add_number_forms(words: Sequence[QueryWord], vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """Have numbers searched in the other way to write them as well, after the word that they follow; what was typed
    and what is searched besides.

    Both count what the more frequent of them says: that few articles write Roman numerals does not make them say more.
    """
    found = []
    stop = all_stop_words(vocabulary.analyzer).words
    for word, number in pairwise(words):
        other = other_numeral(number.node.text) if isinstance(number.node, Term) and number.kept else ""
        before = word.meant[0].lower()
        if other and before.isalpha() and before not in stop and _names_numbers(before, number, other, vocabulary):
            text = f"{word.meant[0]} {other}"
            own = inverse_document_frequency(number.node.text, vocabulary)
            least = min(own, inverse_document_frequency(other, vocabulary))
            said = sum(inverse_document_frequency(each, vocabulary) for each in (before, other))
            number.share = least / own
            number.forms = (Way(Phrase(text), FORM, text, _OTHER * min(1.0, least / said), number.node.text),)
            found.append((f"{word.node.text} {number.node.text}", text))
    return found


def in_other_form(words: Sequence[QueryWord]) -> str:
    """The words of a name with its numbers in the other way to write them; empty where there are none."""
    texts = [word.forms[0].text.split()[-1] if word.forms else word.meant[0] for word in words]
    return " ".join(texts) if any(word.forms for word in words) else ""


def _names_numbers(before: str, number: QueryWord, other: str, vocabulary: Vocabulary) -> bool:
    """Whether articles have the other number after that word, and the Roman numeral is one there."""
    if not vocabulary.adjacent((before, other)):
        return False
    roman = other if number.node.text.isdecimal() else number.node.text.lower()
    return roman in SURELY_NUMERALS or any(vocabulary.adjacent((before, each)) for each in SURELY_NUMERALS[:_FIRST])
