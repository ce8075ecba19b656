"""Clean text: NFC, no control characters, one kind of line end, whitespace that means something."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["key", "tidy", "tidy_line", "visible"]

_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\u2028]")
_GAPS = re.compile(r"\n{3,}")


def _replacements() -> dict[int, str]:
    """Controls go. Those of the C1 block are Windows-1252 text that was once taken for Latin-1, as browsers know."""
    table = dict.fromkeys((*range(9), *range(14, 32), 127), "")
    for code in range(0x80, 0xA0):
        table[code] = bytes([code]).decode("cp1252", "ignore")
    # Soft hyphens and byte order marks part words invisibly; direction overrides let a title rearrange its page.
    table |= dict.fromkeys((0xAD, 0xFEFF, 0x202D, 0x202E, *range(0xD800, 0xE000)), "")
    return table | {0x2029: "\n\n"}


_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp", "Zs"))
_TABLE = _replacements()


def tidy(text: str) -> str:
    """`text` with paragraphs parted by one blank line, lines trimmed, runs of blanks made one space."""
    if not _is_tidy(text):
        # What prints is in none of the two; long texts with a stray blank are many.
        if not text.replace("\n", "").isprintable():
            text = _LINE_ENDS.sub("\n", text).translate(_TABLE)
        text = unicodedata.normalize("NFC", text)
        text = "\n".join([" ".join(line.split()) for line in text.split("\n")])
        return _GAPS.sub("\n\n", text).strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _is_tidy(text: str) -> bool:
    """Whether `text` needs no more than NFC: what most texts are, found out by the quickest of means."""
    return (
        text.replace("\n", "").isprintable()
        and not ("  " in text or " \n" in text or "\n " in text or "\n\n\n" in text)
        and not text.startswith((" ", "\n"))
        and not text.endswith((" ", "\n"))
    )


def tidy_line(text: str) -> str:
    """`text` as a single line."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip(" ")
    text = tidy(text)
    return " ".join(text.split()) if "\n" in text else text


def visible(text: str) -> bool:
    """Whether a reader would see anything of `text`."""
    first = text[:1]
    if first != " " and first.isprintable() and first:
        return True
    return any(unicodedata.category(character) not in _UNSEEN for character in text)


def key(text: str) -> str:
    """What two copies of a text share whatever became of their case, spaces, quotes and other punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(filter(str.isalnum, folded)) or "".join(folded.split())
