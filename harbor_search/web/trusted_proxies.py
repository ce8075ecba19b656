"""The proxies that are believed when they say who asks."""

from __future__ import annotations

import ipaddress

from harbor_search.errors import UserError

__all__ = ["Network", "trusted_networks"]

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def trusted_networks(text: str) -> tuple[Network, ...]:
    """The addresses and networks in `text`, separated by commas.

    Raises:
        UserError: one of them is neither.
    """
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise UserError(
            f"trusted_proxies: {error}; write addresses or networks such as 127.0.0.0/8, with commas between",
            where="trusted_proxies",
        ) from None
