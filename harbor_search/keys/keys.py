"""API keys in a file: created, listed and revoked on the command line, checked for each request that needs one.

A key has 256 random bits, so a plain hash is as good as a slow one: they cannot be guessed. The file has only hashes. A
running server notices a change of the file at the next request.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from harbor_search.errors import OperationalError, UserError
from harbor_search.file_stamp import FileStamp, file_stamp

__all__ = ["KEYS", "SCOPES", "Key", "Keys"]

KEYS = "keys.json"
"""The file's name in the folder of the index."""

SCOPES = ("articles:write", "insights")
"""Permissions of a key: writing and deleting articles; reading insights and accepting proposals."""

_SHAPE = re.compile(r"hs_([0-9a-f]{8})_[A-Za-z0-9_-]{43}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Key:
    """The stored form of a key: public id, name, scopes, time of creation (ISO 8601), SHA-256 of the secret."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created: str
    sha256: str


class Keys:
    """The keys in the file `path`, which only its owner can read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._cached: tuple[FileStamp, dict[str, Key]] | None = None

    def create(self, name: str, scopes: Sequence[str]) -> tuple[Key, str]:
        """Create a key; returns it and its secret, which is stored nowhere.

        Raises:
            UserError: there are no scopes, or unknown ones.
            OperationalError: the file cannot be read or written.
        """
        unknown = [scope for scope in scopes if scope not in SCOPES]
        if unknown or not scopes:
            problem = f"there is no scope {unknown[0]!r}" if unknown else "a key needs at least one scope"
            raise UserError(problem, where="scope", choices=SCOPES)
        identifier = secrets.token_hex(4)
        secret = f"hs_{identifier}_{secrets.token_urlsafe(32)}"
        created = datetime.now(UTC).isoformat(timespec="seconds")
        key = Key(identifier, name, tuple(dict.fromkeys(scopes)), created, _digest(secret))
        self._change(lambda keys: {**keys, key.id: key})
        return key, secret

    def revoke(self, identifier: str) -> Key:
        """Revoke the key with this id; further requests with it are refused.

        Raises:
            UserError: there is no such key.
            OperationalError: the file cannot be read or written.
        """
        found = self.all().get(identifier)
        if found is None:
            raise UserError(f"there is no key {identifier!r}", where="key", choices=tuple(self.all()))
        self._change(lambda keys: {number: key for number, key in keys.items() if number != identifier})
        return found

    def all(self) -> dict[str, Key]:
        """All keys by id, the oldest first.

        Raises:
            OperationalError: the file cannot be read.
        """
        try:
            stamp = file_stamp(self._path)
            if stamp is None:
                return {}
            if self._cached is None or self._cached[0] != stamp:
                self._cached = stamp, self._read()
            return self._cached[1]
        except FileNotFoundError:  # removed meanwhile
            return {}
        except OSError as error:
            raise OperationalError(f"{self._path} cannot be read: {error.strerror}") from error

    def check(self, secret: str) -> Key | None:
        """The key with this secret; None if there is none."""
        shape = _SHAPE.fullmatch(secret)
        key = self.all().get(shape[1]) if shape else None
        return key if key and hmac.compare_digest(key.sha256, _digest(secret)) else None

    def _read(self) -> dict[str, Key]:
        try:
            values = json.loads(self._path.read_bytes())
            return {each["id"]: Key(**(each | {"scopes": tuple(each["scopes"])})) for each in values["keys"]}
        except (ValueError, TypeError, KeyError):
            raise OperationalError(f"{self._path} is damaged; remove it and make new keys") from None

    def _change(self, change: Callable[[dict[str, Key]], dict[str, Key]]) -> None:
        new = self._path.with_name(f"{self._path.name}.new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            raise OperationalError(
                f"another command is changing keys, or was killed while it did: remove {new} then, and try again"
            ) from None
        except OSError as error:
            raise OperationalError(f"{self._path} cannot be written: {error.strerror}") from error
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            try:
                keys = [asdict(key) for key in change(self.all()).values()]
                json.dump({"keys": keys}, stream, indent=1)
                stream.flush()
                os.fsync(stream.fileno())
                os.replace(new, self._path)
            except BaseException:
                new.unlink()
                raise


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
