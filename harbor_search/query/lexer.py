"""From a query's text to tokens, in one pass from left to right.

Nothing but an impossible date is an error here: signs that make no sense where they stand are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from harbor_search.query.characters import count_words, only_word
from harbor_search.query.filters import FILTER_FIELDS, filter_of
from harbor_search.query.nodes import Filter
from harbor_search.query.tokens import Kind, Sign, Token

__all__ = ["FIELD_NAMES", "MAX_DISTANCE", "MAX_SLOP", "lex"]

FIELD_NAMES = {
    "title": "title",
    "heading": "headings",
    "headings": "headings",
    "lead": "lead",
    "body": "body",
    "text": "body",
    "name": "names",
    "names": "names",
    "synonym": "names",
    "synonyms": "names",
}
"""What a reader may write before a colon, in any case, and the field it means."""

MAX_SLOP = 50
"""Words in between, for `"near words"~n`: past a long sentence, nearness says nothing that AND would not."""

MAX_DISTANCE = 2
"""Edits of a fuzzy word: three edits turn nearly any short word into any other."""

_SIGNS = {"+": Sign.MUST, "-": Sign.MUST_NOT}
_OPERATORS = {"AND": Kind.AND, "OR": Kind.OR, "NOT": Kind.NOT}

# Possessive quantifiers and disjoint classes: no pattern ever goes back over what it has read.
_FIELD = re.compile(r"([^\W\d_]++):(?!//)(?=[^\s:)])")
# A comma or semicolon ends a word, unless it stands between digits ("1,000").
_WORD = re.compile(r'(?:[^\s()",;]|(?<=\d)[,;](?=\d))++')
_QUOTED = re.compile(r'"([^"]*+)"')
_VALUE = re.compile(r'([^\s()"]++)')
_SLOP = re.compile(r"~(\d*+)\*?")
# "5~10 mg" is no misspelt word: more digits than one are the number of edits after a letter only.
_FUZZY = re.compile(r"([^~]++)~(\d?(?:\.\d*+)?|(?<=[^\W\d_]~)\d++)")
_SENTENCE_ENDS = ".,;:!?"


def lex(text: str) -> tuple[Token, ...]:
    """The tokens of `text` (with plain signs), parentheses not yet balanced. Takes time linear in the text.

    Raises:
        UserError: a date that cannot be.
    """
    return tuple(_Lexer(text).tokens())


class _Lexer:
    """A cursor over the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.last_quote = text.rfind('"')
        # Who types all in capitals does not mean AND and OR as operators. A text without any other word does.
        words = [word for word in text.split() if word not in _OPERATORS]
        self.shouted = any(word.upper() != word.lower() for word in words) and text == text.upper()

    def tokens(self) -> Iterator[Token]:
        while self.at < len(self.text):
            if self.text[self.at].isspace():
                self.at += 1
            else:
                yield from self._item(self.at, self._sign())

    def _before(self) -> str:
        return self.text[self.at - 1] if self.at else ""

    def _sign(self) -> Sign:
        """The sign at the cursor, passed over. Only a single sign right before a word means anything."""
        sign = _SIGNS.get(self.text[self.at])
        before = self._before()
        after = self.text[self.at + 1 : self.at + 2]
        starts_word = before in ("", "(") or before.isspace()
        if sign is None or not starts_word or not after or after.isspace() or after in "+-)":
            return Sign.NONE
        self.at += 1
        return sign

    def _item(self, start: int, sign: Sign) -> Iterator[Token]:
        """What stands after a sign; a name before a colon that is no field's is a word under the same sign."""
        while found := _FIELD.match(self.text, self.at):
            narrowing = self._filter(found)
            if narrowing is not None:
                yield Token(Kind.FILTER, found[0], start, sign, narrowing=narrowing)
                return
            self.at = found.end()
            field = FIELD_NAMES.get(found[1].lower())
            if field is not None:
                yield from self._operand(Token(Kind.WORD, "", start, sign, field))
                return
            yield Token(Kind.WORD, found[1], start, sign)
            start = self.at
        yield from self._operand(Token(Kind.WORD, "", start, sign))

    def _filter(self, name: re.Match[str]) -> Filter | None:
        """What the field at the cursor narrows the search to, passed over; None where it is no such field."""
        field = name[1].lower()
        if field not in FILTER_FIELDS:
            return None
        value = _QUOTED.match(self.text, name.end()) or _VALUE.match(self.text, name.end())
        if value is None:
            return None
        narrowing = filter_of(field, value[1], name.end())
        if narrowing is not None:
            self.at = value.end()
        return narrowing

    def _operand(self, blank: Token) -> Iterator[Token]:
        """The phrase, parenthesis or word at the cursor, with the position, sign and field of `blank`."""
        character = self.text[self.at]
        if character == '"' and self._opens_phrase():
            yield from self._phrase(blank)
        elif character in "()":
            self.at += 1
            yield replace(blank, kind=Kind.OPEN if character == "(" else Kind.CLOSE, text=character)
        else:
            self.at += character == '"'
            yield from self._word(blank)

    def _opens_phrase(self) -> bool:
        """Whether the quote at the cursor has a partner.

        One right after a letter or digit closes something or stands for inches (6" scar); it opens no phrase.
        """
        return self.at < self.last_quote and not self._before().isalnum()

    def _phrase(self, blank: Token) -> Iterator[Token]:
        end = self.text.index('"', self.at + 1)
        phrase = " ".join(self.text[self.at + 1 : end].split())
        self.at = end + 1
        slop = 0
        if found := _SLOP.match(self.text, self.at):
            slop = _number(found[1], default=0, highest=MAX_SLOP)
            self.at = found.end()
        if count_words(phrase):
            yield replace(blank, kind=Kind.PHRASE, text=phrase, number=slop)

    def _word(self, blank: Token) -> Iterator[Token]:
        found = _WORD.match(self.text, self.at)
        if found is None:
            self.at += 1
            return
        self.at = found.end()
        word = found[0]
        if word in _OPERATORS and not self.shouted and blank.sign is Sign.NONE and blank.field is None:
            yield replace(blank, kind=_OPERATORS[word], text=word)
        elif count_words(word):
            yield _classified(blank, word)


def _classified(blank: Token, raw: str) -> Token:
    """A prefix, a fuzzy word or a plain word.

    What the analyzer would split ("covid-19*") is a plain word: it has no beginning or spelling of its own to vary.
    """
    word = raw.lstrip("*~").rstrip(_SENTENCE_ENDS)
    # With an asterisk on either side, a word is stressed.
    if word.endswith("*") and word == raw.rstrip(_SENTENCE_ENDS) and (stem := only_word(word)):
        return replace(blank, kind=Kind.PREFIX, text=stem)
    if found := _FUZZY.fullmatch(word):
        stem, distance = only_word(found[1]), _number(found[2], default=1, highest=MAX_DISTANCE)
        # With as many edits as letters any word of that length would do.
        if stem and 0 < distance < len(stem):
            return replace(blank, kind=Kind.FUZZY, text=stem, number=distance)
        return replace(blank, text=found[1])
    return replace(blank, text=word.rstrip("*~"))


def _number(digits: str, *, default: int, highest: int) -> int:
    """The number that `digits` spell, at most `highest`; `default` where they spell none."""
    # Nine digits are more than any bound here and few enough for int() to be quick.
    return min(int(digits[:9]), highest) if digits.isdecimal() else default
