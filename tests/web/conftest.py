"""A site over a small collection, asked through Flask's test client."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from harbor_search.config import Settings
from harbor_search.web import create_app
from tests.support.articles import collection
from tests.support.memory_engine import MemoryEngine


@pytest.fixture
def engine() -> MemoryEngine:
    return MemoryEngine(collection())


@pytest.fixture
def app(engine: MemoryEngine) -> Flask:
    return create_app(Settings(), engine)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
