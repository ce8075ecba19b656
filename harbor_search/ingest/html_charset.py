"""The text of an HTML file, in the encoding that it declares."""

from __future__ import annotations

import codecs
import re

from harbor_search.ingest.decoding import Decoded, decode

__all__ = ["decode_html"]

PRESCAN = 4096
"""Bytes in which a declaration is looked for; the HTML standard demands it within the first 1024."""

_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_DECLARED = re.compile(rb"<meta\s[^>]*?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML = re.compile(rb"\A\s*<\?xml\s[^>]*?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_XML_LINE = re.compile(r"\A\s*<\?xml\b[^>]*>")

# As the WHATWG Encoding Standard reads old names. Codecs that are no charsets (zip, rot13) are not asked.
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
_CHARSETS = frozenset(
    "utf-8 gb18030 big5hkscs euc_jp iso2022_jp cp932 cp949 koi8-r koi8-u mac-roman cp866 cp874".split()
    + [f"cp{number}" for number in range(1250, 1259)]
    + [f"iso8859-{number}" for number in range(2, 17)]
)


def decode_html(data: bytes) -> Decoded:
    """The text of an HTML file; a declaration that names no encoding counts for nothing, and a note says so.

    Raises:
        Unreadable: empty or binary.
    """
    label, codec = _declared(data[:PRESCAN])
    text, notes = decode(data, codec)
    if label and not codec:
        notes = (*notes, f"it declares the encoding {label!r}, which is not known")
    return Decoded(_XML_LINE.sub("", text), notes)


def _declared(head: bytes) -> tuple[str, str]:
    """What the page declares and the codec that browsers read it by; empty where there is none."""
    found = _DECLARED.search(_COMMENT.sub(b"", head)) or _XML.search(head)
    if not found:
        return "", ""
    label = found[1].decode("ascii", "replace")
    name = _codec(label) or _codec(label.lower().removeprefix("x-")) or _codec(re.sub(r"(?i)-[ie]$", "", label))
    return label, name


def _codec(label: str) -> str:
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        name = {"sjis": "cp932", "windows-949": "cp949", "ks_c_5601-1987": "cp949"}.get(label.lower(), "")
    name = _MEANT.get(name, name)
    return name if name in _CHARSETS else ""
