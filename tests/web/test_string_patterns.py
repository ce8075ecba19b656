"""Parts of pages are made by formatting text, and come out as their templates' macros would make them."""

from __future__ import annotations

import pytest
from jinja2 import DictLoader, Environment
from markupsafe import Markup

from harbor_search.web.string_patterns import pattern

MACROS = """
{% macro item(name, link) %}<li class="{a}"><a href="{{ link }}" title="{{ name }}">{{ name }}</a> {0} 100%</li>{% endmacro %}
{% macro plain() %}<br>{% endmacro %}
"""


@pytest.fixture
def environment() -> Environment:
    return Environment(loader=DictLoader({"parts.html": MACROS}), autoescape=True)


@pytest.mark.parametrize("values", [("One", "/one"), ("{1} &amp; %s", "/x?a={0}&amp;b=%d"), ("", "")])
def test_a_pattern_makes_what_the_macro_makes(environment: Environment, values: tuple[str, str]) -> None:
    macro = environment.get_template("parts.html").module.item  # type: ignore[attr-defined]
    assert pattern(environment, "parts.html", "item")(*values) == str(macro(*map(Markup, values)))


def test_a_pattern_without_values_is_its_text(environment: Environment) -> None:
    assert pattern(environment, "parts.html", "plain")() == "<br>"
