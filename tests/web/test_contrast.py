"""Text can be read in both colour schemes: contrasts as WCAG 2.2 level AA asks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import harbor_search.web

STYLES = (Path(harbor_search.web.__file__).parent / "static" / "harbor.css").read_text(encoding="utf-8")

TEXT_ON_GROUND = [
    *(
        (text, ground)
        for text in ("ink", "ink-soft", "accent", "accent-deep")
        for ground in ("paper", "surface", "tint")
    ),
    ("mark-ink", "mark"),
    ("ink", "mark"),
    ("accent", "mark"),
    ("accent-ink", "accent"),
    ("accent-ink", "accent-deep"),
    ("hero-ink", "hero"),
    ("hero-soft", "hero"),
]
SIGN_ON_GROUND = [(sign, ground) for sign in ("focus", "line-strong") for ground in ("paper", "surface")]


def schemes() -> dict[str, dict[str, str]]:
    """Light and dark: the name of each colour -> its six digits."""
    roots = re.findall(r":root \{(.*?)\}", STYLES, re.DOTALL)
    light, dark = (dict(re.findall(r"--([\w-]+): #([0-9a-f]{6});", root)) for root in roots[:2])
    return {"light": light, "dark": light | dark}


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2) of six hexadecimal digits."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_stands_out_from_its_ground(scheme: str, text: str, ground: str) -> None:
    colours = schemes()[scheme]
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("sign", "ground"), SIGN_ON_GROUND)
def test_borders_of_fields_and_the_focus_stand_out(scheme: str, sign: str, ground: str) -> None:
    colours = schemes()[scheme]
    assert contrast(colours[sign], colours[ground]) >= 3
