"""What generators are told in a text is no text; what they are told about in code is."""

from __future__ import annotations

from pathlib import Path

import pytest

from harbor_search.ingest import Read, Skipped
from harbor_search.ingest.template_marks import without_shortcodes
from tests.ingest.reading import read_bytes, read_one, texts

LEFT = "Rest the knee.\n\nCool it."


@pytest.mark.parametrize("text", [
    "{{< toc >}}\n\nRest the knee.\n\n{{% notice tip %}}\nCool it.\n{{% /notice %}}",
    '{{< figure\n  src="a.png"\n  title="A knee" >}}\n\nRest [the knee]({{< ref "knee.md" >}}).\n\nCool it.',
    'import Tabs from "@site/tabs";\nimport { A,\n  B } from "b";\nimport "./c.css"\n\nRest the knee.\n\nCool it.',
    "export const meta = {\n  title: 'x',\n};\n\nRest the knee.\n\n<Tabs>\n\nCool it.\n\n</Tabs>\n\n{/* hidden */}",
    "Rest the knee.\n\n:::tip\n\nCool it.\n\n:::",
    "Rest the knee.\n\n::: {.callout-note}\nCool it.\n:::",
    "Rest the knee.\n\n!!! note\n    Cool it.\n",
    "Rest the knee.\n\n??? tip\n    Cool it.\n",
    "Rest the knee.\n\n> [!WARNING]\n> Cool it.",
    "[TOC]\n\nRest the knee.\n\nCool it.",
    "* TOC\n{:toc}\n\nRest the knee.\n{: .lead #a}\n\nCool it.{: .x}",
    "[[_TOC_]]\n\nRest ==the== knee.[^1]\n\nCool it.\n\n*[ABC]: some letters",
    "{% include nav.html %}\n\nRest the knee.\n\n{% if page.x %}Cool it.{% endif %}{% comment %}Not this.{% endcomment %}",
    "Rest [[knees|the knee]].\n\n![[knee.png]]\n\nCool [[it]]. %%unseen%%",
    '{% hint style="info" %}\nRest the knee.\n{% endhint %}\n\nCool it.',
    "Rest the knee. {.lead}\n\n<%= render 'x' %>Cool it.",
])  # fmt: skip
def test_marks_of_every_generator_are_no_text(tmp_path: Path, text: str) -> None:
    assert texts(read_one(tmp_path, "a.md", f"---\ntitle: T\n---\n{text}")) == [LEFT]


@pytest.mark.parametrize("text", [
    "```\n{{ page.heron }}\nimport A from 'a';\n:::tip\n[TOC]\n```",
    "~~~jinja\n{% include 'a' %}\n~~~",
    "Write `{{ weasel }}` and ``{% if `a` %}`` there.",
    "Text.\n\n    {{ indented }}\n    import B from 'b';\n",
])  # fmt: skip
def test_code_keeps_its_braces(tmp_path: Path, text: str) -> None:
    [read] = texts(read_one(tmp_path, "a.md", f"# T\n\n{text}"))
    for mark in (
        "{{ page.heron }}",
        "import A",
        "[TOC]",
        "{% include 'a' %}",
        "{{ weasel }}",
        "{{ indented }}",
        "import B",
    ):
        assert (mark in text) == (mark in read)


def test_the_title_of_a_box_and_the_text_of_a_note_stay(tmp_path: Path) -> None:
    text = '!!! danger "Never alone"\n    Call somebody.\n\nSee below.[^a]\n\n[^a]: Or above.\n\nTea\n: a drink'
    assert texts(read_one(tmp_path, "a.md", f"# T\n\n{text}")) == [
        "Never alone\n\nCall somebody.\n\nSee below.\n\nOr above.\n\nTea a drink"
    ]


def test_a_page_of_html_below_front_matter_is_read_without_what_its_engine_fills_in(tmp_path: Path) -> None:
    page = "---\ntitle: Who we are\ndate: 2023-02-03\n---\n{% include nav.html %}<h2>{{ page.title }} Our house</h2><p>Four nurses look after the valley.</p>"
    outcome = read_bytes(tmp_path, "about.html", page)
    assert isinstance(outcome, Read)
    assert (outcome.article.title, str(outcome.article.published)) == ("Who we are", "2023-02-03")
    assert [(s.heading, s.text) for s in outcome.article.body] == [("Our house", "Four nurses look after the valley.")]


@pytest.mark.parametrize("page", [
    "<html><body>{% block content %}<p>Words words.</p>{% endblock %}</body></html>",
    '{{ define "main" }}<h1>{{ .Title }}</h1><p>Words.</p>{{ end }}',
    "<html><body><?php include 'x'; ?><p>Words.</p></body></html>",
])  # fmt: skip
def test_the_frame_of_pages_is_skipped(tmp_path: Path, page: str) -> None:
    outcome = read_bytes(tmp_path, "a.html", page)
    assert isinstance(outcome, Skipped) and outcome.reason == "it is a template and no page"


def test_a_page_about_templates_is_no_template(tmp_path: Path) -> None:
    page = "<title>T</title><p>Begin with a line of this kind:</p><pre>{% extends 'a' %}</pre><p>Then go on.</p>"
    assert "{% extends 'a' %}" in read_one(tmp_path, "a.html", page).body[0].text


def test_shortcodes_in_square_brackets_go_and_their_text_stays() -> None:
    text = '[caption id="a" width="300"]<img src="x"> A porter.[/caption] [gallery ids="1,2"] See [the list] and [1].'
    assert without_shortcodes(text) == '<img src="x"> A porter.  See [the list] and [1].'
