"""The theme: colours and logo from the settings, checked for sufficient contrast."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from harbor_search.config import Settings, Table
from harbor_search.errors import UserError

__all__ = [
    "LOGO_TYPES",
    "SIGN_ON_GROUND",
    "TEXT_ON_GROUND",
    "Theme",
    "contrast",
    "load_colors",
    "load_logo",
    "load_theme",
    "palettes",
]

STYLES = Path(__file__).parent / "static" / "harbor.css"

LOGO_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}

TEXT_CONTRAST = 4.5
SIGN_CONTRAST = 3.0
"""Minimum contrasts of WCAG 2.2, level AA, for text (1.4.3) and for borders and icons (1.4.11)."""

TEXT_ON_GROUND = (
    *(
        (text, ground)
        for text in ("ink", "ink-soft", "accent", "accent-deep", "visited")
        for ground in ("paper", "surface", "tint")
    ),
    ("mark-ink", "mark"),
    ("ink", "mark"),
    ("accent", "mark"),
    ("accent-ink", "accent"),
    ("accent-ink", "accent-deep"),
    ("hero-ink", "hero"),
    ("hero-soft", "hero"),
    ("lamp-ink", "lamp"),
)
SIGN_ON_GROUND = tuple((sign, ground) for sign in ("focus", "line-strong") for ground in ("paper", "surface"))

Palette = dict[str, str]
"""Name of a colour -> "#" and six hexadecimal digits."""

_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


@dataclass(frozen=True, slots=True)
class Theme:
    """`css` overrides colours of harbor.css (may be empty); `logo` None means the default, the lighthouse.

    `grounds` are the background colours of the page, light and dark, which browsers show around it.
    """

    css: str
    logo: Path | None
    grounds: tuple[str, str]


def load_theme(settings: Settings) -> Theme:
    """The theme that `settings` describe.

    Raises:
        UserError: a colour is malformed or unreadable, or the logo is not an image.
    """
    css, grounds = load_colors(settings)
    return Theme(css, load_logo(settings), grounds)


def load_colors(settings: Settings) -> tuple[str, tuple[str, str]]:
    """`css` and `grounds` of the theme that `settings` describe.

    Raises:
        UserError: a colour is malformed or unreadable.
    """
    light, dark = palettes(STYLES.read_text(encoding="utf-8"))
    own_light = _own("colors", settings.colors, light)
    own_dark = _own("colors_dark", settings.colors_dark, dark)
    light, dark = light | own_light, dark | own_dark
    for setting, palette in (("colors", light), ("colors_dark", dark)):
        _check(setting, palette)
    return "".join(_sheet(own_light, own_dark)), (light["paper"], dark["paper"])


def load_logo(settings: Settings) -> Path | None:
    """The file of the logo; None means the lighthouse.

    Raises:
        UserError: there is no such file, or it is no image.
    """
    name = settings.logo
    if not name:
        return None
    file = Path(name)
    if file.suffix.lower() not in LOGO_TYPES:
        raise UserError(f"logo must be a file that ends in {', '.join(LOGO_TYPES)}, not {name!r}", where="logo")
    if not file.is_file():
        raise UserError(
            f"logo: there is no file {str(file.absolute())!r}; name one, or leave it empty for the lighthouse",
            where="logo",
        )
    return file.absolute()


def palettes(css: str) -> tuple[Palette, Palette]:
    """The light and the dark palette, from the first two `:root` blocks of a style sheet."""
    roots = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", root)) for root in roots[:2])
    return light, light | dark


def contrast(one: str, other: str) -> float:
    """The contrast ratio (WCAG 2.2) of two colours, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _own(setting: str, table: Table, known: Palette) -> Palette:
    own = {}
    for name, value in table:
        if name not in known:
            raise UserError(f"{setting}: there is no colour {name!r}", where=setting, choices=tuple(known))
        if not _HEX.fullmatch(value):
            raise UserError(f"{setting}.{name} must be a colour such as #0a6068, not {value!r}", where=setting)
        digits = value[1:].lower()
        own[name] = "#" + (digits if len(digits) == 6 else "".join(each * 2 for each in digits))
    return _completed(own)


def _completed(own: Palette) -> Palette:
    """`own` with colours derived from its accent: the text on it, and its shade under the pointer."""
    if "accent" not in own:
        return own
    ink = max(("#ffffff", "#0b1a1c"), key=lambda each: contrast(each, own["accent"]))
    # The shade moves away from the text colour, so that the contrast does not shrink.
    towards = 0 if ink == "#ffffff" else 255
    parts = (int(own["accent"][at : at + 2], 16) for at in (1, 3, 5))
    deep = "#" + "".join(f"{round(part + (towards - part) * 0.3):02x}" for part in parts)
    return {"accent-ink": ink, "accent-deep": deep} | own


def _check(setting: str, palette: Mapping[str, str]) -> None:
    for pairs, wanted in ((TEXT_ON_GROUND, TEXT_CONTRAST), (SIGN_ON_GROUND, SIGN_CONTRAST)):
        for text, ground in pairs:
            found = contrast(palette[text], palette[ground])
            if found < wanted:
                raise UserError(
                    f"{setting}: {text} ({palette[text]}) on {ground} ({palette[ground]}) has a contrast of "
                    f"{found:.1f} to 1, which many cannot read; it must be at least {wanted}: make one of them "
                    "darker or lighter",
                    where=setting,
                )


def _sheet(light: Palette, dark: Palette) -> Iterator[str]:
    if light:
        yield f":root {{ {_declarations(light)} }}\n"
    # The light ones come later than the dark ones of harbor.css with equal specificity, and would override them.
    if light or dark:
        base = palettes(STYLES.read_text(encoding="utf-8"))[1]
        restored = {name: base[name] for name in light} | dark
        yield f"@media (prefers-color-scheme: dark) {{ :root {{ {_declarations(restored)} }} }}\n"


def _declarations(palette: Palette) -> str:
    return " ".join(f"--{name}: {value};" for name, value in palette.items())
