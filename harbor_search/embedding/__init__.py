"""Embedding of texts as vectors that are close if their meanings are, by a local model.

The libraries that read models are imported when a model is opened.
"""

from harbor_search.embedding.model import EmbeddingModel, model_fingerprint, open_model

__all__ = ["EmbeddingModel", "model_fingerprint", "open_model"]
