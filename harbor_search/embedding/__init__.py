"""Embedding: texts to vectors that are close where their meanings are, by a model in a folder on this machine.

The libraries that read models are loaded when one is opened.
"""

from harbor_search.embedding.model import EmbeddingModel, model_fingerprint, open_model

__all__ = ["EmbeddingModel", "model_fingerprint", "open_model"]
