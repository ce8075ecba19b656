"""Analysis: from text to the terms that the index knows."""

from harbor_search.analysis.analyzer import ANALYZERS, MAX_TERM_LENGTH, Analyzer, get_analyzer
from harbor_search.analysis.characters import fold
from harbor_search.analysis.tokenizer import Token, tokenize

__all__ = ["ANALYZERS", "MAX_TERM_LENGTH", "Analyzer", "Token", "fold", "get_analyzer", "tokenize"]
