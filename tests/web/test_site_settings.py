"""What the settings say of the site is checked before there is one, and all that cannot be is named at once."""

from __future__ import annotations

import subprocess
import sys

import pytest

from harbor_search.config import Settings
from harbor_search.errors import InvalidSettings
from harbor_search.web import create_app
from tests.support.memory_engine import MemoryEngine


def test_every_setting_of_the_site_that_cannot_be_is_named_at_once() -> None:
    wrong = Settings(
        language="xx",
        colors=(("accent", "#ffff00"),),
        logo="nope.svg",
        links=(("x", "javascript:alert(1)"),),
        cors_origins="https://[",
        base_url="ftp://x",
        trusted_proxies="the proxy",
    )
    with pytest.raises(InvalidSettings) as caught:
        create_app(wrong, MemoryEngine())
    named = {each.where for each in caught.value.faults}
    assert named == {"language", "colors", "logo", "links", "cors_origins", "base_url", "trusted_proxies"}
    assert all(str(each).startswith(each.where) for each in caught.value.faults)


def test_checking_takes_neither_flask_nor_compiled_code() -> None:
    script = (
        "import sys; from harbor_search.config import Settings; from harbor_search.web.site_settings import check_site; "
        "check_site(Settings(language='de')); print(sorted({'flask', 'numba', 'numpy'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
