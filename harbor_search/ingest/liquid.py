"""Liquid and its kin (Jinja, Twig): branches that a published site does not take, and what it does not read."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

__all__ = ["RAW", "with_raw", "without_untrue_branches"]

RAW = r"\{%-?\s*raw\s*-?%\}(?:(?!\{%-?\s*raw\b)[\s\S])*?\{%-?\s*endraw\s*-?%\}"
"""What stands between these marks is text, whatever it looks like."""

_TAG = re.compile(
    r"\{%-?\s*(?P<end>end)?(?P<kind>if|unless|case|for|ifchanged|tablerow|else|elsif|elif)\b"
    r"(?P<condition>(?:[^%{]|%(?!\})|\{(?!%))*?)-?%\}",
    re.IGNORECASE,
)
_STAGE = r"(?:jekyll\.environment|site\.env(?:ironment)?|(?:eleventy\.)?env\.[\w.]+)"
_PUBLIC = r"[\"']prod(?:uction)?[\"']"
_NOT_PUBLIC = r"[\"'](?:dev(?:elopment)?|drafts?|staging|local|preview|test)[\"']"
_UNTRUE = re.compile(
    rf"false|nil|none|(?:site|page|post)\.(?:show_?)?drafts?|{_STAGE}\s*(?:==\s*{_NOT_PUBLIC}|!=\s*{_PUBLIC})",
    re.IGNORECASE,
)
_TRUE = re.compile(rf"true|{_STAGE}\s*(?:==\s*{_PUBLIC}|!=\s*{_NOT_PUBLIC})", re.IGNORECASE)


@dataclass(slots=True)
class _Block:
    """A block that is open: where a branch of it that is not taken begins, and whether one was that surely is."""

    kind: str
    hidden_from: int | None = None
    is_taken: bool = False

    def begin(self, at: int, condition: bool | None) -> None:
        """Begin the next branch, of this condition; None: nothing is known of it."""
        if self.is_taken or condition is False:
            self.hidden_from = at
        self.is_taken = self.is_taken or condition is True


@cache
def with_raw(code: re.Pattern[str]) -> re.Pattern[str]:
    """A pattern of what Liquid does not read, and of what `code` matches."""
    return re.compile(f"{RAW}|{code.pattern}", code.flags)


def without_untrue_branches(text: str, unread: re.Pattern[str]) -> str:
    """`text` without the branches that are not taken on a published site; within matches of `unread` nothing is one."""
    if "{%" not in text:
        return text
    pieces = []
    at = 0
    for start, end in sorted(_untrue_branches(text, unread)):
        if end > at:
            pieces.append(text[at : max(start, at)])
            at = end
    return "".join([*pieces, text[at:]])


def _untrue_branches(text: str, unread: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    shown = [found.span() for found in unread.finditer(text)]
    blocks: list[_Block] = []
    open_kinds: Counter[str] = Counter()
    for tag in _TAG.finditer(text):
        span = bisect_right(shown, (tag.start(), len(text))) - 1
        if span >= 0 and tag.start() < shown[span][1]:
            continue
        kind = tag["kind"].lower()
        if tag["end"]:
            while open_kinds[kind]:
                block = blocks.pop()
                open_kinds[block.kind] -= 1
                if block.kind == kind:
                    if block.hidden_from is not None:
                        yield block.hidden_from, tag.end()
                    break
        elif kind not in ("else", "elsif", "elif"):
            blocks.append(_Block(kind))
            open_kinds[kind] += 1
            blocks[-1].begin(tag.start(), _is_true(kind, tag["condition"]))
        elif blocks:
            block = blocks[-1]
            before, block.hidden_from = block.hidden_from, None
            block.begin(tag.start(), _is_true("if", tag["condition"]) if kind != "else" else None)
            if before is not None:
                yield before, tag.end()


def _is_true(kind: str, condition: str) -> bool | None:
    """Whether a branch of this condition is taken on a published site; None where that is open."""
    condition = condition.strip()
    if kind not in ("if", "unless"):
        return None
    if condition == "0":  # It is true in Liquid, and false in Jinja.
        return False if kind == "if" else None
    known = True if _TRUE.fullmatch(condition) else False if _UNTRUE.fullmatch(condition) else None
    return known if kind == "if" or known is None else not known
