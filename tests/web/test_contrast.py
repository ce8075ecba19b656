"""Text can be read in both colour schemes: contrasts as WCAG 2.2 level AA asks."""

from __future__ import annotations

import pytest

from harbor_search.web.theme import SIGN_ON_GROUND, STYLES, TEXT_ON_GROUND, contrast, palettes

SCHEMES = dict(zip(("light", "dark"), palettes(STYLES.read_text(encoding="utf-8")), strict=True))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_stands_out_from_its_ground(scheme: str, text: str, ground: str) -> None:
    assert contrast(SCHEMES[scheme][text], SCHEMES[scheme][ground]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("sign", "ground"), SIGN_ON_GROUND)
def test_borders_of_fields_and_the_focus_stand_out(scheme: str, sign: str, ground: str) -> None:
    assert contrast(SCHEMES[scheme][sign], SCHEMES[scheme][ground]) >= 3


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
