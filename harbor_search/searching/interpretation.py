"""Interpretation: what a query in plain words asks for, over and above the words that were typed.

Words that no article has are corrected, names get their other names, words that only ask are made to count little, and
articles with all of what was named are told from those with some. All of it is said in the answer. A query with syntax,
a strict one and one that is to be taken literally are searched as they are written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from math import log
from typing import NamedTuple

from harbor_search.analysis import tokenize
from harbor_search.analysis.compounds import joined
from harbor_search.analysis.stopwords import QUALIFIERS, STOP_WORDS
from harbor_search.analysis.variants import other_spellings, variants
from harbor_search.engines import Aspect, Vocabulary
from harbor_search.query import Boolean, DisMax, Node, Parsed, Phrase, Query, Term, asking_words
from harbor_search.results import Applied
from harbor_search.searching.concepts import CORRECTED, SYNONYM, Concept, Way, any_of, other_name, weighed
from harbor_search.searching.terms import name_term, term_of
from harbor_search.spelling import Context, Correction, correct
from harbor_search.synonyms import Name, Thesaurus

__all__ = ["Interpretation", "interpret"]

_LEAST_TELLING = 0.25
"""What a word that only asks ("can't", "normal") counts at most beside the least telling of the others."""

_TIED = 0.8
"""What each of several corrections counts that are as likely as the first."""

_NAMED = 0.5
"""What a name of several words counts, where they stand side by side, over and above its words."""

_OPEN = 0.5
"""What each word counts of a compound that others write as one ("stomach ache"): apart, they are about other things."""

_LEAST_USED = 0.05
"""What a name counts at least, however much oftener articles use the words that were typed."""

_LONG_TEXT = 20
"""Words of a text in which half of a repetition counts."""

_MOST_TOGETHER = 6
"""Words, those in between included, that are counted as they stand beside each other."""

_LETTERS = re.compile(r"[^\W\d_]{3,}")
"""A part of a word that may be misspelt."""

_LONG_ENOUGH = 5
"""Letters of a word that is taken for another although articles have it in another form."""

_LIKELIER = 10
"""How many times more articles must have that other word."""

_MOST_NAMES = 8
"""Other names of one name that are searched: the first of a line."""


class _Parts(NamedTuple):
    query: Query
    applied: Applied
    concepts: tuple[Concept, ...] = ()
    together: Phrase | None = None
    offered: tuple[Correction, ...] = ()
    analyzer: str = ""
    asking: tuple[Node, ...] = ()
    typed: tuple[str, ...] = ()


class Interpretation(_Parts):
    """What is searched, what was done to get there, and what it is made of (none: as it was written).

    `offered` are what misspelt words may have been, by word, where nothing was done about them; `asking` the words that
    are searched although they only ask, `typed` all words, as they were meant. What follows from these is worked out
    once: an interpretation is remembered.
    """

    @cached_property
    def aspects(self) -> tuple[Aspect, ...]:
        """What the query asks for, as an engine weighs it."""
        named = [
            Aspect(
                tuple(tuple(way.node for way in ways) for ways in concept.literal),
                tuple(way.node for way in concept.others),
            )
            for concept in self.concepts
        ]
        return (*named, *(Aspect(((each,),)) for each in self.asking))

    @cached_property
    def other_names(self) -> tuple[str, ...]:
        """The other names of what the query names, where that is one thing and nothing is asked about it."""
        if len(self.concepts) != 1 or self.asking:
            return ()
        return tuple(way.text for way in self.concepts[0].others)

    @cached_property
    def ways(self) -> tuple[Node, ...]:
        """All ways to say the concepts, concept by concept."""
        return tuple(way.node for concept in self.concepts for way in concept.ways)

    @cached_property
    def changed(self) -> bool:
        """Whether anything is searched that was not typed."""
        return any(way.by for concept in self.concepts for way in concept.ways)

    @cached_property
    def preferred(self) -> Node | None:
        """Articles with all concepts; None where there is one word alone."""
        wholes = tuple(dict.fromkeys(concept.whole() for concept in self.concepts))
        if sum(len(concept.literal) for concept in self.concepts) < 2:
            return None
        return wholes[0] if len(wholes) == 1 else Boolean(must=wholes)


@dataclass(slots=True)
class _Word:
    """A word of the query: its node, whether it is searched, as which texts (any of them), how much it counts, and how
    much for how often it is said."""

    node: Term | Phrase
    kept: bool
    meant: tuple[str, ...]
    factor: float = 1.0
    said: float = 1.0

    @property
    def names(self) -> bool:
        """Whether it names something that an article is to have."""
        return self.kept and self.factor == 1.0

    @property
    def literal(self) -> tuple[tuple[Way, ...], ...]:
        """What is searched for it, as in `Concept`; two words that were joined are two."""
        if self.meant == (self.node.text,):
            return ((Way(self.node, None, self.node.text, self.said),),)
        (first, *more), typed = self.meant, self.node.text
        parts = first.split()
        if len(parts) > 1:
            return tuple((Way(Term(part), CORRECTED, first, self.said, typed),) for part in parts)
        ways = (Way(Term(text), CORRECTED, text, _TIED * self.said, typed) for text in more if " " not in text)
        return ((Way(Term(first), CORRECTED, first, self.said, typed), *ways),)


def interpret(parsed: Parsed, vocabulary: Vocabulary, thesaurus: Thesaurus | None, *, spelling: bool) -> Interpretation:
    """What a query without syntax asks for (`parsed.words` are not empty)."""
    kept = set(_leaves(parsed.node))
    words = [_Word(node, node in kept, (node.text,)) for node in parsed.words]
    vocabulary.foresee(node.text.lower() for node in parsed.words if isinstance(node, Term))
    corrections = _correct(words, vocabulary, thesaurus) if spelling else []
    _damp(words, vocabulary)
    repeated = _weigh_repeated(words, vocabulary.analyzer)
    concepts = tuple(_concepts(words, _names(words, vocabulary, thesaurus), vocabulary))
    as_typed = not corrections and not repeated and all(word.factor == 1.0 for word in words)
    query = parsed.query
    if not as_typed or any(concept.others or concept.named for concept in concepts):
        query = _query(words, concepts, vocabulary)
    done = [each for each in corrections if each.meant]
    applied = Applied(
        corrections=tuple((each.typed, meant) for each in done for meant in each.meant),
        synonyms=tuple((concept.typed, way.text) for concept in concepts for way in concept.others),
        dropped=parsed.applied.dropped,
        spellings=tuple(_spellings(words, vocabulary)),
    )
    known = {word for concept in concepts if concept.others for word in concept.typed.lower().split()}
    offered = tuple(each for each in corrections if not each.meant and each.offered and each.typed not in known)
    asking = tuple(word.node for word in words if word.kept and not word.names)
    typed = tuple(word.meant[0] for word in words)
    return Interpretation(query, applied, concepts, _together(words), offered, vocabulary.analyzer, asking, typed)


def _spellings(words: Sequence[_Word], vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """The words that articles spell in another way besides, British or American, and that way."""
    for word in words:
        text = word.meant[0]
        if word.kept and isinstance(word.node, Term):
            others = other_spellings(text.lower(), vocabulary.analyzer)
            yield from ((text, each) for each in others if vocabulary.spelt(each))


def _leaves(node: Node) -> tuple[Node, ...]:
    return node.should if isinstance(node, Boolean) else (node,)


def _correct(words: Sequence[_Word], vocabulary: Vocabulary, thesaurus: Thesaurus | None) -> list[Correction]:
    """What is done, or offered, about words that no article has as they are spelt; `meant` of the words is set."""
    corrections = []
    for index, word in enumerate(words):
        text = word.node.text.lower()
        if not word.kept or not isinstance(word.node, Term):
            continue
        frequency = vocabulary.frequency(text)
        if frequency and not _may_be_misspelt(text, frequency, vocabulary):
            continue
        context = _context(words, index, vocabulary)
        name = partial(_is_name, vocabulary=vocabulary, thesaurus=thesaurus)
        if text.isalpha():
            correction = _joined(words, index, vocabulary) or correct(text, context, vocabulary, name)
        else:
            correction = _correct_parts(text, context, vocabulary, name)
        if frequency and not _is_likelier(correction, frequency, vocabulary):
            continue
        if correction.meant:
            word.meant = correction.meant
        if correction.meant or correction.offered:
            corrections.append(correction)
    return corrections


def _may_be_misspelt(word: str, frequency: int, vocabulary: Vocabulary) -> bool:
    """Whether a word that a few articles have is there in another form alone, such as "migrane" of *migrans*."""
    looked_at = len(word) >= _LONG_ENOUGH and word.isascii() and word.isalpha()
    if not looked_at or frequency * _LIKELIER > vocabulary.articles:
        return False
    return not any(map(vocabulary.spelt, (word, *variants(word, vocabulary.analyzer))))


def _is_likelier(correction: Correction, frequency: int, vocabulary: Vocabulary) -> bool:
    """Whether a word that articles have in another form is rather a misspelt one."""
    meant, analyzer = correction.meant, vocabulary.analyzer
    if not meant or term_of(meant[0], analyzer) == term_of(correction.typed, analyzer):
        return False
    return vocabulary.frequency(meant[0]) >= _LIKELIER * frequency


def _context(words: Sequence[_Word], index: int, vocabulary: Vocabulary) -> Context:
    """The words around one of them, of those that articles have."""
    texts = [word.node.text.lower() if isinstance(word.node, Term) else "" for word in words]
    known = [each if each.isalpha() and vocabulary.frequency(each) else "" for each in texts]
    others = [each for at, each in enumerate(known) if each and at != index and words[at].kept]
    return Context(tuple(others), known[index - 1] if index else "", "".join(known[index + 1 : index + 2]))


def _correct_parts(text: str, context: Context, vocabulary: Vocabulary, is_name: Callable[[str], bool]) -> Correction:
    """A word of several parts ("parry-rombreg", "chandlr's") with the first of them corrected that no article has."""
    for found in _LETTERS.finditer(text):
        part = found[0]
        if vocabulary.frequency(part):
            continue
        correction = correct(part, context, vocabulary, is_name)
        made = (
            tuple(text[: found.start()] + each + text[found.end() :] for each in texts if " " not in each)
            for texts in (correction.meant, correction.offered)
        )
        return Correction(text, *made)
    return Correction(text, (), ())


def _joined(words: Sequence[_Word], index: int, vocabulary: Vocabulary) -> Correction | None:
    """A word that was torn in two ("hemo rrhoids"): with the word behind or before it, it is one that articles have."""
    for first in (index, index - 1):
        if 0 <= first < len(words) - 1:
            pair = words[first : first + 2]
            texts = [word.node.text.lower() for word in pair]
            joined = "".join(texts)
            if all(isinstance(word.node, Term) for word in pair) and joined.isalpha() and vocabulary.frequency(joined):
                (words[index + 1] if first == index else words[index - 1]).kept = False
                return Correction(" ".join(texts), (joined,), ())
    return None


def _is_name(word: str, vocabulary: Vocabulary, thesaurus: Thesaurus | None) -> bool:
    return thesaurus is not None and thesaurus.knows(term_of(word, vocabulary.analyzer))


def _damp(words: Sequence[_Word], vocabulary: Vocabulary) -> None:
    """Make words that only ask count less than the least telling of the others, however rare they are."""
    asking = asking_words([word.node.text if isinstance(word.node, Term) else "-" for word in words])
    only_ask = {
        index
        for index, word in enumerate(words)
        if word.kept and isinstance(word.node, Term) and (index in asking or word.node.text.lower() in QUALIFIERS)
    }
    subjects = [word for index, word in enumerate(words) if word.kept and index not in only_ask]
    if not only_ask or not subjects:
        return
    least = min(_idf(word.meant[0], vocabulary) for word in subjects)
    for index in only_ask:
        idf = _idf(words[index].node.text, vocabulary)
        words[index].factor = min(_LEAST_TELLING, _LEAST_TELLING * least / idf)


def _weigh_repeated(words: Sequence[_Word], analyzer: str) -> bool:
    """Keep each word once, in whatever form, and let it count for how often it is said; whether any is said again.

    What a pasted text repeats is what it is about; in a question it is chance. So what n occurrences count rises from 1
    to n with the words of the text. (Okapi's k3 does the same whatever the length: S. Robertson and S. Walker, 1994.)
    """
    said: dict[str, list[_Word]] = {}
    for word in words:
        if word.kept:
            said.setdefault(name_term(word.node.text.lower(), analyzer) or word.node.text, []).append(word)
    total = sum(map(len, said.values()))
    if total == len(said):
        return False
    counts = {key: float(len(same)) ** (total / (total + _LONG_TEXT)) for key, same in said.items()}
    most = max(counts.values())
    for key, (first, *again) in said.items():
        first.said = counts[key] / most
        for word in again:
            word.kept = False
    return True


def _idf(text: str, vocabulary: Vocabulary) -> float:
    frequency = vocabulary.frequency(text.lower())
    return log(1 + (vocabulary.articles - frequency + 0.5) / (frequency + 0.5))


def _names(words: Sequence[_Word], vocabulary: Vocabulary, thesaurus: Thesaurus | None) -> list[Name]:
    """The names that words of the query make up: by the indices of words."""
    if thesaurus is None:
        return []
    owners: list[int] = []
    texts: list[str] = []
    for index, word in enumerate(words):
        if isinstance(word.node, Phrase):
            parts = [""]  # what stands in quotation marks is asked for as it is
        else:
            text = word.meant[0]
            parts = [text] if text.isalnum() else [text[t.start : t.end] for t in tokenize(text)]
        texts += parts
        owners += [index] * len(parts)
    terms = [name_term(text.lower(), vocabulary.analyzer) if text else "" for text in texts]
    aside = [at for at, owner in enumerate(owners) if words[owner].factor < 1.0]
    found = thesaurus.names(texts, terms, aside)
    return [name._replace(words=tuple(dict.fromkeys(owners[at] for at in name.words))) for name in found]


def _concepts(words: Sequence[_Word], names: Sequence[Name], vocabulary: Vocabulary) -> Iterator[Concept]:
    named = {index: name for name in names for index in name.words}
    for index, word in enumerate(words):
        name = named.get(index)
        if name is not None and index == name.words[0]:
            own = [words[each] for each in name.words]
            literal = tuple(ways for each in own if each.names for ways in each.literal)
            if _is_compound(own, name):
                literal = tuple(tuple(way._replace(weight=_OPEN * way.weight) for way in ways) for ways in literal)
            said = {name_term(text.lower(), vocabulary.analyzer) for each in own for text in each.meant}
            vocabulary.foresee(each.text.lower() for each in name.others)
            others = [other_name(each) for each in name.others if _says_more(each.text, said, vocabulary)]
            if literal or others:
                typed = " ".join(each.node.text for each in own)
                yield Concept(typed, literal, tuple(others[:_MOST_NAMES]), _named(words, name))
        elif name is None and word.names:
            closed = _closed(words[index : index + 2], vocabulary)
            yield Concept(word.node.text, word.literal, (Way(Term(closed), SYNONYM, closed, _TIED),) if closed else ())


def _is_compound(words: Sequence[_Word], name: Name) -> bool:
    """Whether a name is one that is also written as one word."""
    closed = "".join(word.meant[0].lower() for word in words)
    return len(words) > 1 and any(other.text.lower() == closed for other in name.others)


def _named(words: Sequence[_Word], name: Name) -> Phrase | None:
    """A name of several words as it stands in the query, with what stands between them."""
    texts = [word.meant[0] for word in words[name.words[0] : name.words[-1] + 1]]
    return Phrase(" ".join(texts)) if len(texts) > 1 else None


def _closed(pair: Sequence[_Word], vocabulary: Vocabulary) -> str:
    """The one word that a word and a dropped stop word behind it make ("log in"), where articles mostly write it so."""
    if len(pair) < 2 or pair[1].kept or not all(isinstance(word.node, Term) for word in pair):
        return ""
    first, second = (word.node.text.lower() for word in pair)
    closed = joined(first, second) if second in STOP_WORDS else ""
    if not closed or not vocabulary.frequency(closed):
        return ""
    return closed if vocabulary.frequency(closed) > vocabulary.adjacent((first, second)) else ""


def _says_more(text: str, said: set[str], vocabulary: Vocabulary) -> bool:
    """Whether articles have a name, and it is not what was typed with more words to it."""
    longer = said.issubset(name_term(part, vocabulary.analyzer) for part in text.lower().split())
    return not longer and _usage(text, vocabulary) > 0


def _query(words: Sequence[_Word], concepts: Sequence[Concept], vocabulary: Vocabulary) -> Node:
    """The query that the concepts make, the more of their words the better, and the words that only ask.

    Of the names of a concept, the typed one among them, the best one counts, and no more than its own words would: that
    a name is rarely used does not make it say more. Where the articles themselves say it in the words that were typed,
    names that are rarer than those count less.
    """
    nodes: dict[Node, None] = {}
    for concept in concepts:
        own = _own(concept, vocabulary)
        nodes |= dict.fromkeys(weighed(way.node, way.weight) for ways in concept.literal for way in ways)
        usual = _usual(concept, vocabulary) if concept.others else 0
        others = tuple(_capped(way, own, usual, vocabulary) for way in concept.others)
        if concept.named:
            others += (weighed(concept.named, _NAMED),)
        if others:
            nodes[others[0] if len(others) == 1 else DisMax(others)] = None
    asking = (weighed(word.node, word.factor * word.said) for word in words if word.kept and not word.names)
    nodes |= dict.fromkeys(asking)
    return any_of(list(nodes))


def _own(concept: Concept, vocabulary: Vocabulary) -> float:
    """What the words say in which a concept was typed."""
    if _asks(concept):
        return sum(_idf(word, vocabulary) for word in concept.typed.split() if word.lower() not in STOP_WORDS)
    return sum(max(_idf(way.text, vocabulary) for way in ways) for ways in concept.literal)


def _usual(concept: Concept, vocabulary: Vocabulary) -> int:
    """In how many articles a concept is named as it was typed."""
    if _asks(concept) and concept.named:
        return _usage(concept.named.text, vocabulary)
    return _usage(" ".join(ways[0].text for ways in concept.literal), vocabulary)


def _asks(concept: Concept) -> bool:
    """Whether a name has words that only ask elsewhere: "can't sleep" says more than *sleep*."""
    return sum(word.lower() not in STOP_WORDS for word in concept.typed.split()) > len(concept.literal)


def _capped(way: Way, own: float, usual: int, vocabulary: Vocabulary) -> Node:
    """Another name of a concept whose own words say `own` and stand together in `usual` articles."""
    other = sum(_idf(part, vocabulary) for part in way.text.split())
    capped = min(1.0, own / other) if own else 1.0
    used = _usage(way.text, vocabulary)
    rarer = min(1.0, 2 * used / (used + usual)) if usual else 1.0
    return weighed(way.node, way.weight * capped * max(rarer, _LEAST_USED))


def _usage(name: str, vocabulary: Vocabulary) -> int:
    """In how many articles a name stands."""
    words = name.lower().split()
    return vocabulary.frequency(words[0]) if len(words) == 1 else vocabulary.adjacent(words)


def _together(words: Sequence[_Word]) -> Phrase | None:
    """The words that name something as they stand beside each other; None for one alone, and for what was changed."""
    places = [index for index, word in enumerate(words) if word.names]
    if len(places) < 2 or places[-1] - places[0] >= _MOST_TOGETHER:
        return None
    between = words[places[0] : places[-1] + 1]
    if any(isinstance(word.node, Phrase) or word.meant != (word.node.text,) for word in between):
        return None
    return Phrase(" ".join(word.node.text for word in between))
