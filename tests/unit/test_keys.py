"""Keys are made once and kept private."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from crm_store.keys import read_or_make_key


def test_a_key_stays_the_same(tmp_path: Path) -> None:
    assert read_or_make_key(tmp_path, "signing") == read_or_make_key(tmp_path, "signing")


def test_keys_of_different_names_differ(tmp_path: Path) -> None:
    assert read_or_make_key(tmp_path, "signing") != read_or_make_key(tmp_path, "bot_secret")


def test_a_key_can_be_read_by_its_owner_only(tmp_path: Path) -> None:
    read_or_make_key(tmp_path / "keys", "signing")
    assert (tmp_path / "keys" / "signing").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_all_who_make_a_key_at_once_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: read_or_make_key(tmp_path, "signing"), range(8)))
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["signing"]
