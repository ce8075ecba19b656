"""What is known of the words of a snapshot, for spelling and for choosing what to search."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from harbor_search.analysis.known_terms import known_terms
from harbor_search.analysis.variants import variants
from harbor_search.engines.analysed_query import analyse, in_other_languages
from harbor_search.engines.clauses import Phrase as AnalysedPhrase
from harbor_search.engines.clauses import Term as AnalysedTerm
from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.query import Boolean, Node, Phrase, Term
from harbor_search.spelling import Lexicon
from harbor_search.store import TEXT_FIELDS, has_word

__all__ = ["SnapshotVocabulary"]

_MOST_KNOWN = 65_536
"""Words whose frequency is remembered: some ten megabytes."""

_LONGEST_KNOWN = 80
"""Characters of such a word, or of some beside each other; what is longer may be as long as a query."""

_Known = TypeVar("_Known", int, bool)


class SnapshotVocabulary:
    """As `engines.Vocabulary`, for one snapshot. Threads may share it."""

    def __init__(self, snapshot: Snapshot, count: Callable[[Node], int]) -> None:
        """`count` tells how many articles match a query."""
        self._snapshot = snapshot
        self._count = count
        self._frequencies: dict[str, int] = {}
        self._phrases: dict[str, int] = {}
        self._together: dict[tuple[str, ...], int] = {}
        self._spelt: dict[str, bool] = {}

    @property
    def generation(self) -> str:
        """The name of the generation."""
        return self._snapshot.name

    @property
    def analyzer(self) -> str:
        """The name of the analyzer of words."""
        return self._snapshot.analyzer.name

    @property
    def articles(self) -> int:
        """How many articles there are."""
        return self._snapshot.articles

    @cached_property
    def lexicon(self) -> Lexicon:
        """All words of the articles."""
        return Lexicon.joined([segment.words() for segment in self._snapshot.segments])

    def spelt(self, word: str) -> bool:
        """Whether a word stands in any article in just this spelling."""
        known = self._spelt.get(word)
        if known is None:
            known = self._is_spelt(word)
            _remember(self._spelt, {word: known})
        return known

    def _is_spelt(self, word: str) -> bool:
        if "lexicon" in vars(self):
            return word in self.lexicon
        # Making it takes some ten milliseconds, which who asks one question in a terminal would wait for.
        return any(has_word(segment.words(), word) for segment in self._snapshot.segments)

    def prefetch(self, words: Iterable[str]) -> None:
        """Look up how frequent these words are, all at once: that takes a tenth of the time."""
        unknown = [word for word in words if word not in self._frequencies and word.isascii() and word.isalpha()]
        if len(unknown) > 1:
            _remember(self._frequencies, self._frequencies_of(unknown))

    def frequency(self, word: str) -> int:
        """In how many articles a word stands: at least, where some have it in their titles alone."""
        known = self._frequencies.get(word)
        if known is None:
            plain = word.isascii() and word.isalpha()
            known = self._frequencies_of([word])[word] if plain else self._frequency(word)
            _remember(self._frequencies, {word: known})
        return known

    def together(self, words: Sequence[str]) -> int:
        """In how many articles all of some words stand."""
        every = tuple(sorted(set(words)))
        known = self._together.get(every)
        if known is None:
            known = self._count(Boolean(must=tuple(map(Term, every))))
            if len(self._together) >= _MOST_KNOWN:
                self._together.clear()
            if sum(map(len, every)) <= _LONGEST_KNOWN:
                self._together[every] = known
        return known

    def adjacent(self, words: Sequence[str]) -> int:
        """In how many articles some words stand one after the other."""
        phrase = " ".join(words)
        known = self._phrases.get(phrase)
        if known is None:
            known = self._count(Phrase(phrase))
            _remember(self._phrases, {phrase: known})
        return known

    def _frequencies_of(self, words: Iterable[str]) -> dict[str, int]:
        """How frequent words of ASCII letters alone are: each is one token, and that as it is."""
        texts = {word: (word, *variants(word, self.analyzer)) for word in words}
        every = list(dict.fromkeys(text for own in texts.values() for text in own))
        names = (self.analyzer, *self._snapshot.analyzer.others)
        found = [self._counts(known_terms(every, name)) for name in names]
        counts = np.max(found, axis=0) if len(found) > 1 else found[0]
        known = dict(zip(every, counts.tolist(), strict=True))
        return {word: max(known[text] for text in own) for word, own in texts.items()}

    def _counts(self, terms: Sequence[str]) -> npt.NDArray[np.int64]:
        """int64[terms]: how many documents have each of some terms, in the field in which most have it."""
        return self._snapshot.document_frequencies([term.encode() for term in terms], TEXT_FIELDS)

    def _frequency(self, word: str) -> int:
        others = variants(word, self.analyzer)
        return max(map(self._frequency_so, (word, *others))) if others else self._frequency_so(word)

    def _frequency_so(self, word: str) -> int:
        """The same of one variant of the word."""
        analyzer = self._snapshot.analyzer
        match analyse(Term(word), analyzer):
            case AnalysedTerm() as asked:
                others = in_other_languages(word, None, 0, analyzer)
                terms = [each.text for each in (asked, *others) if isinstance(each, AnalysedTerm)]
                return max(self._document_frequency(text, field) for text in terms for field in TEXT_FIELDS)
            case AnalysedPhrase():
                return self._count(Term(word))
            case _:
                return 0

    def _document_frequency(self, term: bytes, field: str) -> int:
        readers = [segment.fields[field] for segment in self._snapshot.segments]
        return sum(reader.live_df(entry) for reader in readers if (entry := reader.find(term)) is not None)


def _remember(known: dict[str, _Known], found: dict[str, _Known]) -> None:
    if len(known) + len(found) > _MOST_KNOWN:
        known.clear()
    known |= {text: value for text, value in found.items() if len(text) <= _LONGEST_KNOWN}
