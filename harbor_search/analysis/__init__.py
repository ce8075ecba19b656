"""Analysis: from text to the terms that the index knows."""

from harbor_search.analysis.analyzer import ANALYZERS, MAX_TERM_LENGTH, Analyzer, get_analyzer
from harbor_search.analysis.characters import fold
from harbor_search.analysis.languages import LANGUAGES, joined_names, stemmer_of
from harbor_search.analysis.stopwords import STOP_WORDS
from harbor_search.analysis.tokenizer import Token, tokenize

__all__ = [
    "ANALYZERS",
    "LANGUAGES",
    "MAX_TERM_LENGTH",
    "STOP_WORDS",
    "Analyzer",
    "Token",
    "fold",
    "get_analyzer",
    "joined_names",
    "stemmer_of",
    "tokenize",
]
