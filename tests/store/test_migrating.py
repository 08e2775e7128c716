"""Making and upgrading the store, and what is said when it can't be opened."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, make_url, text

from crm_store.migrating import configured, migrate, sync_url
from crm_store.models import Base
from crm_store.store import Store
from one_to_one.errors import StoreTooNew, StoreUnreachable


@pytest.fixture
def url(own_url: str) -> str:
    """These tests spoil their stores."""
    return own_url


def no_index_of_words(name: str | None, _kind: str, _parents: object) -> bool:
    """Each database has an index of words of its own kind, which no model tells of."""
    return not (name or "").startswith("message_words")


def test_the_migrations_make_exactly_the_tables_of_the_models(url: str) -> None:
    with create_engine(sync_url(url)).connect() as connection:
        opts = {"compare_type": True, "include_name": no_index_of_words}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_twice_changes_nothing(empty_url: str) -> None:
    migrate(empty_url)
    migrate(empty_url)
    with create_engine(sync_url(empty_url)).connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM alembic_version")) == 1


def test_two_can_migrate_at_once(empty_url: str) -> None:
    failures: list[Exception] = []

    def run() -> None:
        try:
            migrate(empty_url)
        except Exception as error:  # noqa: BLE001 - the test fails with whatever it was
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_every_step_can_be_taken_back_and_again(url: str) -> None:
    engine = create_engine(sync_url(url))
    with engine.begin() as connection:
        command.downgrade(configured(connection), "base")
        assert set(inspect(connection).get_table_names()) <= {"alembic_version", "sqlite_sequence"}
    with engine.begin() as connection:
        command.upgrade(configured(connection), "head")
    test_the_migrations_make_exactly_the_tables_of_the_models(url)


def from_the_future(url: str) -> None:
    with create_engine(sync_url(url)).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))


async def test_a_store_made_by_a_later_version_is_refused(url: str) -> None:
    from_the_future(url)
    store = Store(url)
    with pytest.raises(StoreTooNew, match="9999"):
        await store.check()
    await store.close()


def test_a_store_made_by_a_later_version_is_not_migrated(url: str) -> None:
    from_the_future(url)
    with pytest.raises(StoreTooNew, match="9999"):
        migrate(url)


async def test_a_migrated_store_passes_the_check(store: Store) -> None:
    await store.check()


async def test_a_store_without_tables_is_refused(empty_url: str) -> None:
    database = make_url(empty_url).database
    if empty_url.startswith("sqlite") and database is not None:
        sqlite3.connect(database).execute("VACUUM").connection.close()
    await refused(empty_url, "no tables")


async def test_a_missing_file_is_refused_and_not_made(tmp_path: Path) -> None:
    await refused(f"sqlite+aiosqlite:///{tmp_path / 'none.db'}", "no such file")
    assert files_in(tmp_path) == []


async def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'no' / 'store.db'}"
    await refused(url, "no such file")
    with pytest.raises(StoreUnreachable, match="unable to open"):
        migrate(url)


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "store.db").write_bytes(b"Dear diary, " * 1000)
    url = f"sqlite+aiosqlite:///{tmp_path / 'store.db'}"
    await refused(url, "not a database")
    with pytest.raises(StoreUnreachable, match="not a database"):
        migrate(url)


@pytest.fixture
def damaged(tmp_path: Path, blank: Path) -> None:
    (tmp_path / "store.db").write_bytes(blank.read_bytes()[:4096] + b"\0" * 4096)


async def test_a_damaged_file_is_refused(tmp_path: Path, damaged: None) -> None:
    await refused(f"sqlite+aiosqlite:///{tmp_path / 'store.db'}", "malformed|not a database|no tables")


async def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    await refused(f"sqlite+aiosqlite:///{tmp_path}", "unable to open")


async def test_a_server_that_is_not_there_is_refused_without_telling_the_password() -> None:
    url = "postgresql+psycopg://shop:sesame@127.0.0.1:1/dripwise"
    await refused(url, "127.0.0.1")
    with pytest.raises(StoreUnreachable) as refusal:
        migrate(url)
    assert "sesame" not in str(refusal.value)


async def test_a_database_that_is_not_there_is_refused(template: str, server: object) -> None:
    uri = server.get_uri()  # type: ignore[attr-defined]
    url = make_url(uri).set(drivername="postgresql+psycopg", database="nowhere")
    await refused(url.render_as_string(hide_password=False), "nowhere")


@pytest.mark.parametrize("url", ["dripwise.db", "oracle://shop@host/db", "sqlite+nothing:///x"])
async def test_a_url_that_means_nothing_is_refused(url: str) -> None:
    await refused(url, "URL|supported")
    with pytest.raises(StoreUnreachable):
        migrate(url)


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def refused(url: str, cause: str) -> None:
    store = Store(url)
    with pytest.raises(StoreUnreachable, match=f"(?i){cause}"):
        await store.check()
    await store.close()


def test_the_server_of_these_tests_is_a_real_one(server: object) -> None:
    with psycopg.connect(server.get_uri()) as connection:  # type: ignore[attr-defined]
        [(version,)] = connection.execute("SELECT version()").fetchall()
    assert version.startswith("PostgreSQL")
