"""API keys, which grant access to writing and to insights."""

from harbor_search.keys.keys import KEYS, SCOPES, Key, Keys

__all__ = ["KEYS", "SCOPES", "Key", "Keys"]
