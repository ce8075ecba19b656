"""Patterns: the parts that a page has many times, each filled in by one formatting of text.

A template's macro takes microseconds for every value that it is given. Here it is called once, with marks in the place
of the values, and what it makes is kept as a format: the HTML stays in the templates, and in the site's language.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from jinja2 import Environment
from markupsafe import Markup

__all__ = ["pattern"]

_MARK = "\0{}\0"
"""Stands for an argument; no template has this character."""

_MARKS = re.compile("\0([0-9]+)\0")


def pattern(environment: Environment, template: str, macro: str) -> Callable[..., str]:
    """What makes the HTML of a macro from its arguments by position, which must be HTML already.

    The macro may put them anywhere, but not look at them.
    """
    made = getattr(environment.get_template(template).module, macro)
    marks = [Markup(_MARK.format(number)) for number in range(len(made.arguments))]
    html = str(made(*marks)).replace("{", "{{").replace("}", "}}")
    return _MARKS.sub(r"{\1}", html).format
