"""Addresses on the web, as articles and settings state them: which may become links, which are origins."""

from __future__ import annotations

from urllib.parse import urlsplit

from harbor_search.config import Settings
from harbor_search.errors import UserError

__all__ = ["ANY_ORIGIN", "allowed_origins", "site_links", "web_address"]

ANY_ORIGIN = "*"


def web_address(url: str) -> str:
    """`url` if it is an absolute http or https URL, else ""; nothing else becomes a link."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme in ("http", "https") and parts.hostname else ""


def site_links(settings: Settings) -> tuple[tuple[str, str], ...]:
    """The links of the header: names and addresses.

    Raises:
        UserError: an address that is neither on the web nor a path of this host.
    """
    for name, address in settings.links:
        if not web_address(address) and not (address.startswith("/") and not address.startswith("//")):
            raise UserError(
                f"links: {name!r} must lead to an address such as https://example.org/about or a path such as /about, "
                f"not {address!r}",
                where="links",
            )
    return settings.links


def allowed_origins(text: str) -> frozenset[str]:
    """The origins in `text`, separated by spaces or commas, as browsers send them.

    Raises:
        UserError: an origin is malformed.
    """
    origins = text.replace(",", " ").split()
    for origin in origins:
        parts = urlsplit(origin) if web_address(origin) else None
        if origin != ANY_ORIGIN and (parts is None or origin != f"{parts.scheme}://{parts.netloc}".lower()):
            raise UserError(
                f"cors_origins: {origin!r} is no origin; write one such as https://www.example.org, in small letters "
                "and without a path",
                where="cors_origins",
            )
    return frozenset(origins)
