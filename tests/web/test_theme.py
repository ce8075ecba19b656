"""The publisher's own look: colours that can be read, a logo, links."""

from __future__ import annotations

from pathlib import Path

import pytest

from harbor_search.config import Settings
from harbor_search.config_loading import load_settings
from harbor_search.errors import UserError
from harbor_search.web import create_app
from tests.support.articles import collection
from tests.support.memory_engine import MemoryEngine
from tests.web.page import Page, visit


def shown(**settings: object) -> Page:
    return visit(create_app(Settings(**settings), MemoryEngine(collection())).test_client(), "/")  # type: ignore[arg-type]


def test_colours_come_from_the_settings_file_with_what_follows_from_them(tmp_path: Path) -> None:
    file = tmp_path / "harbor.toml"
    file.write_text('[colors]\naccent = "#7A1F5C"\n[colors_dark]\naccent = "#fbd"\n')
    client = create_app(load_settings(file=file, environment={}), MemoryEngine(collection())).test_client()
    page = visit(client, "/")
    address = page.one("//link[@rel='stylesheet'][2]").get("href")
    answer = client.get(address)
    assert "immutable" in answer.headers["Cache-Control"]
    light, dark = answer.text.split("@media (prefers-color-scheme: dark)")
    assert "--accent: #7a1f5c;" in light and "--accent-ink: #ffffff;" in light and "--accent-deep: #" in light
    assert "--accent: #ffbbdd;" in dark and "--accent-ink: #0b1a1c;" in dark


def test_light_colours_alone_leave_dark_pages_as_they_are() -> None:
    client = create_app(Settings(colors=(("accent", "#7a1f5c"),)), MemoryEngine()).test_client()
    dark = client.get("/theme.css").text.split("@media")[1]
    assert "--accent: #82d3ce;" in dark


def test_without_colours_there_is_no_second_style_sheet() -> None:
    assert len(shown().all("//link[@rel='stylesheet']")) == 1


@pytest.mark.parametrize(
    ("colors", "message"),
    [
        ((("accent", "#ffee00"),), "has a contrast of 1.1 to 1, which many cannot read; it must be at least 4.5"),
        ((("ink-soft", "#999999"),), "ink-soft"),
        ((("accent", "teal"),), "must be a colour such as #0a6068, not 'teal'"),
        ((("accent", "#0a6068;} *{display:none"),), "must be a colour"),
        ((("sparkle", "#000000"),), "there is no colour 'sparkle'"),
    ],
)
def test_colours_that_cannot_be_or_could_not_be_read_are_refused(
    colors: tuple[tuple[str, str], ...], message: str
) -> None:
    with pytest.raises(UserError, match=message):
        create_app(Settings(colors=colors), MemoryEngine())


def test_a_logo_stands_in_place_of_the_lighthouse(tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    client = create_app(Settings(logo=str(logo)), MemoryEngine(collection())).test_client()
    page = visit(client, "/")
    picture = client.get(page.one("//a[@class='brand']/img").get("src"))
    assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")
    assert not page.all("//*[contains(@class, 'brand-mark')]")
    assert visit(create_app(Settings(), MemoryEngine()).test_client(), "/").all("//*[@class='brand-mark']")


@pytest.mark.parametrize(
    ("logo", "message"), [("no.svg", "there is no file"), ("setup.cfg", "must be a file that ends")]
)
def test_a_logo_that_is_no_picture_is_refused(logo: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        create_app(Settings(logo=logo), MemoryEngine())


def test_links_lead_from_the_header() -> None:
    page = shown(links=(("About <us>", "https://example.org/about"), ("Contact", "/contact")))
    header = "//nav[@aria-label='Site']"
    assert page.texts(f"{header}/a") == ["About <us>", "Contact", "All articles"]
    assert page.link("About", header) == "https://example.org/about"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//evil.example", "about", ""])
def test_links_that_lead_nowhere_are_refused(address: str) -> None:
    with pytest.raises(UserError, match="must lead to an address"):
        create_app(Settings(links=(("About", address),)), MemoryEngine())
