"""Keys: who may do what is not for everybody."""

from harbor_search.keys.keys import KEYS, SCOPES, Key, Keys

__all__ = ["KEYS", "SCOPES", "Key", "Keys"]
