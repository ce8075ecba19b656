"""Whether what the settings say of the site can be: its look, language, links and addresses.

Nothing here loads Flask or compiled code: the process that starts the workers checks the settings before it does, and
stays small.
"""

from __future__ import annotations

from collections.abc import Callable

from harbor_search.config import Settings
from harbor_search.errors import InvalidSettings, UserError
from harbor_search.web.localization import load_language
from harbor_search.web.public_host import public_url
from harbor_search.web.theme import load_colors, load_logo
from harbor_search.web.trusted_proxies import trusted_networks
from harbor_search.web.web_addresses import allowed_origins, site_links

__all__ = ["check_site"]

_READERS: tuple[Callable[[Settings], object], ...] = (
    load_language,
    load_colors,
    load_logo,
    site_links,
    lambda settings: allowed_origins(settings.cors_origins),
    lambda settings: settings.base_url and public_url(settings.base_url),
    lambda settings: trusted_networks(settings.trusted_proxies),
)
"""What reads the settings for the site; each raises `UserError` for what cannot be."""


def check_site(settings: Settings) -> None:
    """See that a site can be made of `settings`.

    Raises:
        InvalidSettings: some of them cannot be; all of these are named.
    """
    faults = []
    for read in _READERS:
        try:
            read(settings)
        except UserError as error:
            faults.append(error)
    if faults:
        raise InvalidSettings(faults)
