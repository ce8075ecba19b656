"""Synonyms: other names of what a query names, from lists in plain text that anybody can change."""

from harbor_search.synonyms.files import ACCEPTED, SHIPPED, SynonymFiles, synonyms_of
from harbor_search.synonyms.groups import SPELLING_WEIGHT, SYNONYM_WEIGHT, Equivalent, Fault, read_groups
from harbor_search.synonyms.thesaurus import Name, Other, Thesaurus

__all__ = [
    "ACCEPTED",
    "SHIPPED",
    "SPELLING_WEIGHT",
    "SYNONYM_WEIGHT",
    "Equivalent",
    "Fault",
    "Name",
    "Other",
    "SynonymFiles",
    "Thesaurus",
    "read_groups",
    "synonyms_of",
]
