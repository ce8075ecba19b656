"""What views need from the application: its settings, its engine, whether it is warm, how pages look and speak."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from harbor_search.config import Settings
from harbor_search.engines import SearchEngine
from harbor_search.web.languages import Language
from harbor_search.web.readiness import Readiness
from harbor_search.web.theme import Theme

__all__ = ["Services", "install", "services"]

_KEY = "harbor_search"


@dataclass(frozen=True, slots=True)
class Services:
    """One application's settings, engine, readiness, and the language and theme of its pages.

    `fingerprint` begins the ETag of each answer.
    """

    settings: Settings
    engine: SearchEngine
    readiness: Readiness
    fingerprint: hashlib.blake2b
    language: Language
    theme: Theme


def install(app: Flask, given: Services) -> None:
    """Make `given` what `services()` answers with inside `app`."""
    app.extensions[_KEY] = given


def services() -> Services:
    """The services of the application that answers the current request."""
    return cast(Services, current_app.extensions[_KEY])
