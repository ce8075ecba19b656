"""What authors write for themselves is not found; what they write about it is."""

from pathlib import Path

import pytest

from harbor_search.ingest import Read
from tests.ingest.reading import read_bytes


def text_of(folder: Path, source: str) -> str:
    outcome = read_bytes(folder, "a.md", f"# T\n\nBefore.\n\n{source}\n\nBehind.\n")
    assert isinstance(outcome, Read)
    text = outcome.article.body[0].text
    assert "Before." in text and "Behind." in text
    return text


@pytest.mark.parametrize("comment", [
    "{% comment %}zebra{% endcomment %}",
    "{% comment %}" + "long " * 3000 + "zebra{% endcomment %}",
    "{% comment %}\n```\nzebra\n```\nzebra {% endcomment %}",
    "{% if false %}zebra{% endif %}",
    '{% if jekyll.environment == "development" %}zebra{% endif %}',
    "{%- if jekyll.environment != 'production' -%}zebra{%- else -%}lion{%- endif -%}",
    "{% unless jekyll.environment == 'production' %}zebra{% endunless %}",
    "{% if site.show_drafts %}zebra{% endif %}",
    "{% if false %}{% if page.image %}lion{% endif %}zebra{% endif %}",
    "{% if false %}{% for each in list %}lion{% else %}zebra{% endfor %}zebra{% endif %}",
    "{% if false %}{% raw %}{% endif %}{% endraw %}zebra{% endif %}",
    "{% if jekyll.environment == 'production' %}lion{% else %}zebra{% endif %}",
    "{% if page.image %}{% if true %}lion{% elsif page.a %}zebra{% else %}zebra{% endif %}{% endif %}",
    "{% if false %}zebra{% elsif site.show_drafts %}zebra{% else %}lion{% endif %}",
    "{% unless jekyll.environment == 'development' %}lion{% else %}zebra{% endunless %}",
    "{% raw %}<div hidden>zebra</div>{% endraw %}",
    "{{- /* zebra */ -}}",
    "{{< comment >}}zebra{{< /comment >}}",
    "{#- zebra -#}",
    "{/* zebra */}",
    "<?php // zebra ?>",
    "Text{>>zebra<<} of a {--zebra--} draft.",
    "%%zebra%%",
    "5 %%zebra 10%% and 5%%zebra%%",
    "<div title=it's class='a' hidden>zebra</div>",
    '<div class="a" style="color: red; display: none">zebra</div>',
    "<div style={{color: 'red', display: 'none'}}>zebra</div>",
    "%%\nzebra\n\nzebra\n%%",
    "::: {.content-hidden}\nzebra\n:::",
    '::: {.content-hidden when-format="html"}\nzebra\n:::',
    '::: {.content-visible when-format="pdf"}\nzebra\n:::',
    '::: {.content-visible unless-format="html"}\nzebra\n:::',
    '::: {.content-visible when-profile="internal"}\nzebra\n:::',
    "::: {.content-hidden}\n::: {.callout-note}\nlion\n:::\nzebra\n:::",
    "::: {.content-hidden}\nzebra\n:::\n\n::: {.callout-note}\nlion",
    "[//]: # (zebra)",
    "<div hidden>zebra\n\n<div>zebra</div>\n\nzebra</div>",
    '<span style="display:none">zebra</span>',
    "<template>zebra</template>",
    "<div data-pagefind-ignore>\n\nzebra\n\n</div>",
    "<!-- noindex -->zebra<!-- /noindex -->",
])  # fmt: skip
def test_a_comment_of_any_kind_is_no_text(tmp_path: Path, comment: str) -> None:
    assert "zebra" not in text_of(tmp_path, comment)


@pytest.mark.parametrize("source", [
    "```\n{% comment %}zebra{% endcomment %}\n```",
    "Write `{/* zebra */}` for a comment.",
    "{% comment %} zebra",
    '<div hidden="until-found">zebra</div>',
    "<div class=hidden-gem>zebra</div>",
    "{% if false %}lion{% else %}zebra{% endif %}",
    "{% if jekyll.environment == 'production' %}zebra{% endif %}",
    "{% if page.draft == false %}zebra{% endif %}",
    "{% unless page.draft %}zebra{% endunless %}",
    "{% if site.drafts_folder %}zebra{% endif %}",
    '::: {.content-hidden when-format="pdf"}\nzebra\n:::',
    '::: {.content-visible when-format="html"}\nzebra\n:::',
    '::: {.content-hidden when-profile="internal"}\nzebra\n:::',
    '::: {.content-visible when-profile="production"}\nzebra\n:::',
    '::: {.callout-note title="of .hidden and .content-hidden"}\nzebra\n:::',
    "{% raw %}{% comment %}zebra{% endcomment %}{% endraw %}",
    "{% raw %}{% if false %}zebra{% endif %}{% endraw %}",
    "Write {% raw %}{{ page.zebra }}{% endraw %} there.",
    "{% highlight liquid %}\n{% if false %}{{ zebra }}{% endif %}\n{% endhighlight %}",
    "{% highlight html %}{% raw %}\n<b>{# zebra #}</b>\n{% endraw %}{% endhighlight %}",
    "<pre>\n{% if false %}\nzebra\n{% endif %}\n</pre>",
    "Write <code>{{ zebra }}</code> there.",
    "{% if page.image %}lion{% else %}zebra{% endif %}",
    "{% if jekyll.environment == 'production' %}{% if page.a %}lion{% else %}zebra{% endif %}{% endif %}",
    "{% if false %}lion{% elsif page.image %}zebra{% endif %}",
    "{% else %}zebra{% endif %}{% endfor %}",
    "100%% zebra",
    "::: {.hidden-gems}\nzebra\n:::",
    "A rise of 5%% zebra and 10%% more.",
    '<p title="The hidden costs">zebra</p>',
    '<div class="box hidden md:block">zebra</div>',
    '<div data-title="display: none of it">zebra</div>',
])  # fmt: skip
def test_code_and_what_is_no_comment_stay(tmp_path: Path, source: str) -> None:
    assert "zebra" in text_of(tmp_path, source)


def test_marks_around_what_liquid_does_not_read_are_no_text(tmp_path: Path) -> None:
    text = text_of(
        tmp_path, "{% raw %}{{ zebra }}{% endraw %} and {% highlight sh %}\nls {{ lion }}\n{% endhighlight %}"
    )
    assert "{{ zebra }}" in text and "ls {{ lion }}" in text
    assert "raw" not in text and "highlight" not in text


def test_marks_of_liquid_in_a_block_of_code_stay(tmp_path: Path) -> None:
    assert "{% highlight sh %}\nls\n{% endhighlight %}" in text_of(
        tmp_path, "```\n{% highlight sh %}\nls\n{% endhighlight %}\n```"
    )


@pytest.mark.parametrize(
    "part",
    [
        "::: {" + ".content-visible when-format=pdf " * 400 + "\n",
        "{% if false %}",
        "{% if false %}{% endfor %}",
        "{% raw %}",
        "{% highlight a %}",
        "<pre>",
        "<code>",
        "::: {.hidden}\n",
    ],
)
def test_what_is_never_closed_hides_nothing(tmp_path: Path, part: str) -> None:
    assert "zebra" in text_of(tmp_path, part + "\n\nzebra")
