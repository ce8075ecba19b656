"""From the words of a query to the concepts that they name, with the other names of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from harbor_search.analysis import tokenize
from harbor_search.analysis.compounds import atoms_of, joined
from harbor_search.analysis.stopwords import all_stop_words
from harbor_search.engines import Vocabulary
from harbor_search.query import Phrase, Term
from harbor_search.searching.concepts import FORM, SYNONYM, Concept, Way, other_name
from harbor_search.searching.number_forms import in_other_form
from harbor_search.searching.query_words import TIED, QueryWord
from harbor_search.searching.term_cache import name_term
from harbor_search.synonyms import SPELLING_WEIGHT, SYNONYM_WEIGHT, Name, Other, Thesaurus

__all__ = ["concepts_of", "usage"]

_OPEN = 0.5
"""What each word counts of a compound that others write as one ("stomach ache"): apart, they are about other things."""

_MOST_NAMES = 8
"""Other names of one name that are searched: the first of a line."""


def concepts_of(words: Sequence[QueryWord], vocabulary: Vocabulary, thesaurus: Thesaurus | None) -> tuple[Concept, ...]:
    """The concepts that words of a query name, in their order; without a thesaurus, each word is one."""
    return tuple(_concepts(words, _names(words, vocabulary, thesaurus), vocabulary))


def usage(name: str, vocabulary: Vocabulary) -> int:
    """In how many articles a name stands."""
    words = name.lower().split()
    return vocabulary.frequency(words[0]) if len(words) == 1 else vocabulary.adjacent(words)


def _names(words: Sequence[QueryWord], vocabulary: Vocabulary, thesaurus: Thesaurus | None) -> list[Name]:
    """The names that words of the query make up: by the indices of words."""
    if thesaurus is None:
        return []
    owners: list[int] = []
    texts: list[str] = []
    terms: list[str] = []
    for index, word in enumerate(words):
        for text, atom in _parts(word):
            owners.append(index)
            texts.append(text)
            terms.append(name_term(atom, vocabulary.analyzer) if atom else "")
    aside = [at for at, owner in enumerate(owners) if words[owner].factor < 1.0]
    found = thesaurus.names(texts, terms, aside)
    names = [name._replace(words=tuple(dict.fromkeys(owners[at] for at in name.words))) for name in found]
    return [*_joined_names(words, names, vocabulary, thesaurus), *names]


def _joined_names(
    words: Sequence[QueryWord], names: Sequence[Name], vocabulary: Vocabulary, thesaurus: Thesaurus
) -> Iterator[Name]:
    """The names of one word that is typed as two ("heart burn", "heart-burn"), in articles and in the thesaurus."""
    taken = {index for name in names if len(name.words) > 1 for index in name.words}
    for indices, closed in _closed_words(words):
        others = thesaurus.others_of(name_term(closed, vocabulary.analyzer)) if taken.isdisjoint(indices) else ()
        if others and vocabulary.frequency(closed):
            taken.update(indices)
            yield Name(indices, (Other(closed, SPELLING_WEIGHT), *others))


def _closed_words(words: Sequence[QueryWord]) -> Iterator[tuple[tuple[int, ...], str]]:
    """The words that two words make, side by side or joined by a hyphen: their indices, and the word."""
    parts = [_parted(word) for word in words]
    for index, own in enumerate(parts):
        if len(own) == 2 and (closed := joined(*own)):
            yield (index,), closed
    for index, (first, second) in enumerate(pairwise(parts)):
        if len(first) == len(second) == 1 and (closed := joined(*first, *second)):
            yield (index, index + 1), closed


def _parted(word: QueryWord) -> list[str]:
    """The parts of a word that names something, at its hyphens; none of a phrase."""
    return word.meant[0].split("-") if word.names and isinstance(word.node, Term) else []


def _parts(word: QueryWord) -> Iterator[tuple[str, str]]:
    """The words in which names are compared that a word of the query has, and of each its letters and its numbers."""
    if isinstance(word.node, Phrase):
        yield "", ""  # what stands in quotation marks is asked for as it is
        return
    text = word.meant[0]
    for each in [text] if text.isalnum() else [text[token.start : token.end] for token in tokenize(text)]:
        for atom in atoms_of(each.lower()):
            yield each, atom


def _concepts(words: Sequence[QueryWord], names: Sequence[Name], vocabulary: Vocabulary) -> Iterator[Concept]:
    named = {index: name for name in reversed(names) for index in name.words}
    for index, word in enumerate(words):
        name = named.get(index)
        if name is not None and index == name.words[0]:
            own = [words[each] for each in name.words]
            literal = tuple(ways for each in own if each.names for ways in each.literal)
            if _is_compound(own, name):
                literal = tuple(tuple(way._replace(weight=_OPEN * way.weight) for way in ways) for ways in literal)
            said = {name_term(text.lower(), vocabulary.analyzer) for each in own for text in each.meant}
            vocabulary.prefetch(each.text.lower() for each in name.others)
            others = [other_name(each) for each in name.others if _says_more(each.text, said, vocabulary)]
            if (formed := in_other_form(own)) and usage(formed, vocabulary):
                others.insert(0, Way(Phrase(formed), FORM, formed, SYNONYM_WEIGHT))
            if literal or others:
                typed = " ".join(each.node.text for each in own)
                yield Concept(typed, literal, tuple(others[:_MOST_NAMES]), _named(words, name))
        elif name is None and word.names:
            closed = _closed(words[index : index + 2], vocabulary)
            yield Concept(word.node.text, word.literal, (Way(Term(closed), SYNONYM, closed, TIED),) if closed else ())


def _is_compound(words: Sequence[QueryWord], name: Name) -> bool:
    """Whether a name is one that is also written as one word."""
    closed = "".join(word.meant[0].lower() for word in words)
    return len(words) > 1 and any(other.text.lower() == closed for other in name.others)


def _named(words: Sequence[QueryWord], name: Name) -> Phrase | None:
    """A name of several words as it stands in the query, with what stands between them."""
    texts = [word.meant[0] for word in words[name.words[0] : name.words[-1] + 1]]
    return Phrase(" ".join(texts)) if len(texts) > 1 else None


def _closed(pair: Sequence[QueryWord], vocabulary: Vocabulary) -> str:
    """The one word that a word and a dropped stop word after it make ("log in"), where articles mostly write it so."""
    if len(pair) < 2 or pair[1].kept or not all(isinstance(word.node, Term) for word in pair):
        return ""
    first, second = (word.node.text.lower() for word in pair)
    closed = joined(first, second) if second in all_stop_words(vocabulary.analyzer).words else ""
    if not closed or not vocabulary.frequency(closed):
        return ""
    return closed if vocabulary.frequency(closed) > vocabulary.adjacent((first, second)) else ""


def _says_more(text: str, said: set[str], vocabulary: Vocabulary) -> bool:
    """Whether articles have a name, and it is not what was typed with more words to it."""
    longer = said.issubset(name_term(part, vocabulary.analyzer) for part in text.lower().split())
    return not longer and usage(text, vocabulary) > 0
