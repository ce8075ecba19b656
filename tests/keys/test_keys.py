"""Keys are known by their hashes, are good for what they were made for, and end when they are revoked."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from harbor_search.errors import OperationalError, UserError
from harbor_search.keys import Keys


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "index" / "keys.json")


def test_a_key_is_known_by_its_secret(keys: Keys) -> None:
    key, secret = keys.create("our CMS", ["articles:write"])
    other, _ = keys.create("somebody else", ["insights"])
    assert keys.check(secret) == key
    assert key.scopes == ("articles:write",)
    assert list(keys.all()) == [key.id, other.id]


def test_the_file_has_no_secret_and_is_its_owners_alone(keys: Keys, tmp_path: Path) -> None:
    _, secret = keys.create("our CMS", ["articles:write"])
    file = tmp_path / "index" / "keys.json"
    assert secret not in file.read_text()
    assert secret.rpartition("_")[2] not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "change", [lambda s: s[:-1], lambda s: s + "A", lambda s: s.upper(), lambda s: "", lambda s: "ü"]
)
def test_nothing_but_the_whole_secret_opens(keys: Keys, change: object) -> None:
    _, secret = keys.create("our CMS", ["articles:write"])
    assert keys.check(change(secret)) is None  # type: ignore[operator]


def test_another_secret_with_the_number_of_a_key_opens_nothing(keys: Keys) -> None:
    key, _ = keys.create("our CMS", ["articles:write"])
    assert keys.check(f"hs_{key.id}_{'A' * 43}") is None


def test_who_has_the_keys_open_sees_a_new_one_and_that_one_is_revoked(keys: Keys, tmp_path: Path) -> None:
    server = Keys(tmp_path / "index" / "keys.json")
    assert server.all() == {}
    key, secret = keys.create("our CMS", ["articles:write"])
    assert server.check(secret) == key
    keys.revoke(key.id)
    assert server.check(secret) is None


@pytest.mark.parametrize("scopes", [[], ["everything"], ["articles:write", "x"]])
def test_a_key_is_good_for_something_that_there_is(keys: Keys, scopes: list[str]) -> None:
    with pytest.raises(UserError, match="scope") as caught:
        keys.create("our CMS", scopes)
    assert "articles:write" in caught.value.choices


def test_a_key_that_is_not_there_cannot_be_revoked(keys: Keys) -> None:
    key, _ = keys.create("our CMS", ["insights"])
    with pytest.raises(UserError) as caught:
        keys.revoke("00000000")
    assert caught.value.choices == (key.id,)


def test_a_damaged_file_lets_nobody_in(keys: Keys, tmp_path: Path) -> None:
    _, secret = keys.create("our CMS", ["articles:write"])
    (tmp_path / "index" / "keys.json").write_text('{"keys": [{}]}')
    with pytest.raises(OperationalError, match="damaged"):
        keys.check(secret)
