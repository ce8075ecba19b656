"""The query language: from what a reader typed to the tree of what was asked for.

What a reader can write:

| written | finds articles |
| --- | --- |
| `back pain` | with any of the words; the more and the rarer, the better (strict: with all of them) |
| `"back pain"` | with exactly these words in this order |
| `"pain night"~5` | with these words in this order and up to five others in between |
| `+iron tea` | with "iron"; "tea" makes them better |
| `iron -tea` | without "tea" |
| `iron AND (tea OR coffee) NOT milk` | the same in words; the operators must be in capitals |
| `title:sleep`, `title:"deep sleep"`, `title:(sleep rest)` | with the words in that field |
| `sleep*` | with a word that starts so |
| `diarrea~`, `diarrea~2` | with a word spelt so but for one (two) letters |
| `section:Sleep`, `section:"Health > Sleep"` | of that section |
| `tag:teeth` | with that tag |
| `date:2024`, `date:2024-06..2025`, `date:2024..` | of that time |

Fields are `title`, `headings` (or `heading`), `lead`, `body` (or `text`), `names`; `section`, `tag` and `date` narrow
a search and need no sign. NOT binds closest, then AND, then OR, then standing beside each other: `a b AND c OR d` is
`a ((b AND c) OR d)`. Signs count only at the start of a word, so that `covid-19` is one word. A `+` on a word under
an operator asks for the whole of what the operator joins.

Whatever is typed has a meaning. Signs that make no sense where they stand (a quote or parenthesis without a partner,
an operator without a word) are passed over, and a name before a colon that is no field's is a word; a strict search
refuses them, saying where they stand. In a sentence AND, OR and NOT are words (`sentences`). Of a question in bare
words, those that do not say what it is about are left out of the search ("what can I do about my back pain" asks for
"back pain"), but for questions made of nothing else; of a long text all but the words that say most.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from harbor_search.analysis.query_language import stop_words_in
from harbor_search.analysis.stopwords import ENGLISH, StopWords
from harbor_search.query.bounds import Limits, check_bounds, check_syntax
from harbor_search.query.characters import alternatives_apart, count_words, plain_signs
from harbor_search.query.field_readings import fields_read
from harbor_search.query.grammar import balance, build_tree
from harbor_search.query.lexer import lex
from harbor_search.query.nodes import Everything, Node, Nothing, Phrase, Term
from harbor_search.query.plain import WANTED, PlainQuery, Query, read_plain, tree_of
from harbor_search.query.prose_detection import is_prose, operators_as_words, signs_as_text, stressed_as_words
from harbor_search.query.stop_word_removal import drop_stop_words
from harbor_search.query.term_selection import Weigh, most_telling
from harbor_search.query.tokens import LEAVES, OPERANDS, Kind, Token
from harbor_search.results import Applied

__all__ = ["Parsed", "parse"]

_new = tuple.__new__
"""A named tuple's own way to be made takes longer."""

_NOTHING_APPLIED = Applied()

_SIGNS = frozenset('"()+-*~:')


class Parsed(NamedTuple):
    """A query that was read: a tree and what was dropped on the way, or a plain query, which says both when asked;
    and the function words of its language."""

    query: Query
    dropped: tuple[str, ...] = ()
    prose: tuple[Term | Phrase, ...] = ()
    stop: StopWords = ENGLISH

    @property
    def words(self) -> tuple[Term | Phrase, ...]:
        """The words and phrases of a text without syntax, in order, those that are left out of the search included."""
        query = self.query
        if not isinstance(query, PlainQuery):
            return self.prose
        free = query.reading == WANTED and all(not piece.sign for piece in query.pieces)
        return tuple(piece.node for piece in query.pieces) if free else ()

    @property
    def node(self) -> Node:
        """The tree."""
        return tree_of(self.query)

    @property
    def applied(self) -> Applied:
        """What was done to the query to get there."""
        query = self.query
        if isinstance(query, PlainQuery):
            dropped = query.dropped()
            return Applied(dropped=dropped) if dropped else _NOTHING_APPLIED
        fields = fields_read(query)
        return Applied(dropped=self.dropped, fields=fields) if self.dropped or fields else _NOTHING_APPLIED


def parse(
    text: str, *, limits: Limits, strict: bool, weigh: Weigh | None = None, analyzer: str = ENGLISH.language
) -> Parsed:
    """What a reader typed; `strict` wants all bare words in an article instead of any.

    No text, or signs only, asks for everything; a text without a single word ("?!") for nothing. Of prose with more
    words than `limits` allow, those that say most are searched, as `weigh` tells. Which words say nothing is
    a matter of the language, which the name of the collection's `analyzer` tells. Takes time linear in the text, but
    for such prose, whose words are sorted.

    Raises:
        UserError: syntax that cannot keep its meaning: more words or deeper parentheses than `limits` allow, a date
            that is none; where `strict`, also a quotation mark or parenthesis without its partner and an operator
            without a word. `position` is the offset of the fault.
    """
    if not text.isascii():
        text = plain_signs(text)
    text = alternatives_apart(text)
    stop = ENGLISH if analyzer == ENGLISH.language else stop_words_in(text, analyzer)
    plain = read_plain(text, most_words=limits.terms, strict=strict, stop=stop)
    return _new(Parsed, (plain, (), (), stop)) if plain else _parse_any(plain_signs(text), limits, strict, weigh, stop)


def _parse_any(plain: str, limits: Limits, strict: bool, weigh: Weigh | None, stop: StopWords) -> Parsed:
    """As `parse`, by the whole grammar."""
    tokens = tuple(_without_short_prefix(token, limits.prefix_minimum) for token in lex(plain))
    if strict:
        check_syntax(tokens, plain)
    tokens = balance(tokens)
    if not strict:
        tokens = stressed_as_words(tokens, plain)
        if sum(count_words(token.text) for token in tokens if token.kind in LEAVES) > limits.terms:
            tokens = signs_as_text(tokens)
    if not any(token.kind in OPERANDS for token in tokens):
        tokens = operators_as_words(tokens)
    prose = is_prose(tokens) and not strict
    if prose:
        tokens = tuple(token for token in tokens if token.kind in LEAVES)
    words = tuple(_prose_leaf(token) for token in tokens) if prose else ()
    tokens, dropped = drop_stop_words(tokens, stop)
    if prose:
        tokens, left_out = most_telling(tokens, limits.terms, weigh)
        dropped += left_out
    check_bounds(tokens, limits)
    node = build_tree(tokens, strict=strict) or _without_words(plain)
    return Parsed(node, dropped, words, stop)


def _without_short_prefix(token: Token, minimum: int) -> Token:
    """A plain word in place of a prefix that too many words start with."""
    if token.kind is Kind.PREFIX and len(token.text) < minimum:
        return replace(token, kind=Kind.WORD)
    return token


def _prose_leaf(token: Token) -> Term | Phrase:
    return Phrase(token.text, None, token.number) if token.kind is Kind.PHRASE else Term(token.text)


def _without_words(text: str) -> Node:
    return Everything() if all(character.isspace() or character in _SIGNS for character in text) else Nothing()
