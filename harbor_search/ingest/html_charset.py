"""The text of an HTML file, in the encoding that it declares."""

from __future__ import annotations

import codecs
import re

from harbor_search.ingest.decoding import decode_as
from harbor_search.ingest.outcome import Unreadable

__all__ = ["decode_html"]

PRESCAN = 4096
"""Bytes in which a declaration is looked for; the HTML standard demands it within the first 1024."""

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
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
_CHARSETS = frozenset(
    "utf-8 gb18030 big5 big5hkscs euc_jp iso2022_jp cp932 cp949 koi8-r koi8-u mac-roman cp866 cp874".split()
    + [f"cp{number}" for number in range(1250, 1259)]
    + [f"iso8859-{number}" for number in range(2, 17)]
)


def decode_html(data: bytes) -> str:
    """The text of an HTML file: by its byte order mark, else as it declares, else as UTF-8.

    Raises:
        Unreadable: empty, binary, an encoding that is not known, or bytes that are not in it.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = decode_as(data, "utf-16")
    elif data.startswith(codecs.BOM_UTF8):
        text = decode_as(data, "utf-8-sig")
    else:
        text = decode_as(data, _declared(data[:PRESCAN]))
    return _XML_LINE.sub("", text)


def _declared(head: bytes) -> str:
    found = _DECLARED.search(head) or _XML.search(head)
    if not found:
        return "utf-8"
    label = found[1].decode("ascii", "replace")
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        name = ""
    name = _MEANT.get(name, name)
    if name not in _CHARSETS:
        raise Unreadable(f"it declares the encoding {label!r}, which is not known; convert it to UTF-8")
    return name
