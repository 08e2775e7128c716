"""Bringing the store to the newest revision. The steps are in `migrations/versions`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from crm_store.connecting import tuned
from one_to_one.errors import StoreTooNew, StoreUnreachable

FOLDER = Path(__file__).resolve().parent / "migrations"
DRIVERS = ("sqlite+aiosqlite", "postgresql+psycopg")
LOCK = 0x64726970  # any number, as long as every migration asks for the same


def migrate(url: str, revision: str = "head") -> None:
    """Bring the store at `url` to the newest revision; make it when there is none. Twice is like once.

    Raises StoreUnreachable, or StoreTooNew when a later version of Dripwise made it.
    """
    refuse_unknown(url)
    try:
        engine = tuned(create_engine(sync_url(url)))
        with engine.begin() as connection:
            _queue(connection)
            _refuse_newer(connection)
            command.upgrade(configured(connection), revision)
        engine.dispose()
    except (SQLAlchemyError, OSError) as error:
        raise StoreUnreachable(url=safe_url(url), cause=cause(error)) from error


def configured(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without a file."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@cache
def known_revisions() -> frozenset[str]:
    """Every revision this version of the code has a step for."""
    script = ScriptDirectory.from_config(configured())
    return frozenset(step.revision for step in script.walk_revisions())


def safe_url(url: str) -> str:
    """The URL as it may be shown: without its password."""
    return make_url(url).render_as_string(hide_password=True)


def sync_url(url: str) -> str:
    """The same store for a driver that blocks."""
    return url.replace("sqlite+aiosqlite:", "sqlite:", 1)


def cause(error: BaseException) -> str:
    """The first line of what the database said, without SQL and without secrets."""
    inner = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return str(inner).strip().partition("\n")[0]


def current_revision(connection: Connection) -> str | None:
    """The revision a store is at; None: it has no tables of ours."""
    return MigrationContext.configure(connection).get_current_revision()


def refuse_unknown(url: str) -> None:
    """Raises StoreUnreachable when a URL is none of ours."""
    try:
        driver = make_url(url).drivername
    except ArgumentError as error:
        raise StoreUnreachable(url="DRIPWISE_DATABASE_URL", cause="it isn't a database URL") from error
    if driver not in DRIVERS:
        raise StoreUnreachable(
            url=safe_url(url), cause=f"{driver} isn't supported, only {' and '.join(DRIVERS)}"
        )


def refuse_missing(url: str) -> None:
    """Raises StoreUnreachable when the SQLite file isn't there: opening it would make an empty one."""
    named = make_url(url)
    file = named.database if named.get_backend_name() == "sqlite" else None
    if file and not Path(file).exists():
        raise StoreUnreachable(url=safe_url(url), cause="there is no such file; `./dripwise up` makes it")


def _queue(connection: Connection) -> None:
    """One migration at a time: SQLite's BEGIN IMMEDIATE sees to that by itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def _refuse_newer(connection: Connection) -> None:
    found = current_revision(connection)
    if found is not None and found not in known_revisions():
        raise StoreTooNew(found=found)
