"""A page as a reader meets it: what stands where, by XPath."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import lxml.html  # type: ignore[import-untyped]
from flask.testing import FlaskClient

__all__ = ["Page", "parameters", "visit"]


class Page:
    """One HTML document and the status it came with."""

    def __init__(self, html: str, status: int) -> None:
        self.html = html
        self.status = status
        self._tree = lxml.html.document_fromstring(html)

    def all(self, xpath: str) -> list[Any]:
        return list(self._tree.xpath(xpath))

    def one(self, xpath: str) -> Any:
        found = self.all(xpath)
        assert len(found) == 1, f"{len(found)} of {xpath}"
        return found[0]

    def text(self, xpath: str) -> str:
        return " ".join(str(self.one(xpath).text_content()).split())

    def texts(self, xpath: str) -> list[str]:
        return [" ".join(str(each.text_content()).split()) for each in self.all(xpath)]

    def link(self, text: str, within: str = "//body") -> str:
        """The address of the only link with `text` in it."""
        found = [each for each in self.all(f"{within}//a[@href]") if text in " ".join(each.text_content().split())]
        assert len(found) == 1, f"{len(found)} links say {text!r}"
        return str(found[0].get("href"))


def visit(client: FlaskClient, address: str, **options: Any) -> Page:
    """The page at `address`."""
    response = client.get(address, **options)
    assert response.mimetype == "text/html", response.mimetype
    return Page(response.text, response.status_code)


def parameters(address: str) -> dict[str, str]:
    """The query parameters of `address`."""
    return dict(parse_qsl(urlsplit(address).query))
