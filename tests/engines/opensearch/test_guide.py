"""The guide to OpenSearch, followed on a node."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from harbor_search.config import Settings
from tests.support.pages_followed import Reader, follow

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "opensearch.md"


def test_the_guide_can_be_followed_to_its_end(tmp_path: Path, opensearch_settings: Callable[[], Settings]) -> None:
    settings = opensearch_settings()
    reader = Reader(tmp_path)
    reader.environment |= {
        "HARBOR_OPENSEARCH_HOSTS": settings.opensearch_hosts,
        "HARBOR_OPENSEARCH_PREFIX": settings.opensearch_prefix,
    }
    follow(GUIDE, reader)
