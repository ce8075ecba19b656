"""The OpenSearch engine: the same articles, terms and answers from a cluster, for collections past one machine."""

from harbor_search.engines.opensearch.engine import OpenSearchEngine

__all__ = ["OpenSearchEngine"]
