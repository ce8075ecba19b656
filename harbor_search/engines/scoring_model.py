"""The scoring function that settings describe, and what counts when the best are rescored."""

from __future__ import annotations

from dataclasses import replace

from harbor_search.config import Settings
from harbor_search.engines.rescoring import RescoringWeights
from harbor_search.ranking import BM25F

__all__ = ["scoring_model", "rescoring_weights"]


def scoring_model(settings: Settings) -> BM25F:
    """BM25F by the weights of the settings; what these do not set is as it is by default."""
    weights = {
        "title": {"weight": settings.title_weight, "b": settings.title_b},
        "headings": {"weight": settings.headings_weight},
        "lead": {"weight": settings.lead_weight},
        "body": {"b": settings.body_b},
        "names": {"weight": settings.names_weight},
    }
    return BM25F(tuple((name, replace(field, **weights[name])) for name, field in BM25F().fields), settings.k1)


def rescoring_weights(settings: Settings) -> RescoringWeights:
    """What counts in the second look by the settings of the same names."""
    return RescoringWeights(*(float(getattr(settings, name)) for name in RescoringWeights._fields))
