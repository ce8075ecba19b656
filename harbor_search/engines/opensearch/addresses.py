"""Where a cluster is, and what its indices are called, as settings say it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from harbor_search.config import Settings
from harbor_search.errors import UserError

__all__ = ["hosts_of", "prefix_of", "without_password"]

_PREFIX = re.compile(r"[^\W_A-Z][^\sA-Z\"*\\<|,>/?:#]{0,99}")
"""What may begin the name of an index, which no other name of ours makes too long."""


def hosts_of(settings: Settings) -> list[str]:
    """The addresses of the nodes.

    Raises:
        UserError: none is named, or one is no address.
    """
    hosts = [host.strip() for host in settings.opensearch_hosts.split(",") if host.strip()]
    if not hosts:
        raise UserError("opensearch_hosts names no host", where="opensearch_hosts")
    for host in hosts:
        if not _is_address(host):
            raise UserError(
                "opensearch_hosts must be addresses such as https://node1:9200, with commas between, not "
                f"{without_password(host)!r}",
                where="opensearch_hosts",
            )
    return hosts


def prefix_of(settings: Settings) -> str:
    """What begins the names of all indices.

    Raises:
        UserError: OpenSearch allows no index of such a name.
    """
    prefix = settings.opensearch_prefix
    if not _PREFIX.fullmatch(prefix) or prefix != prefix.lower():
        raise UserError(
            "opensearch_prefix must begin with a letter or digit and be up to 100 small letters, digits, - . and _, "
            f"not {prefix!r}",
            where="opensearch_prefix",
        )
    return prefix


def without_password(host: str) -> str:
    """An address as messages may show it."""
    return re.sub(r"(?<=//)[^/@]*@|^[^/@]*@", "", host)


def _is_address(host: str) -> bool:
    try:
        parts = urlsplit(host if "://" in host else f"http://{host}")
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
