"""The staff console among few messages and among a million: a search for two characters, and pages.

Stores are filled with conversations of ten messages in words of a shop; then pages are fetched from the
application itself, without a network in between. Each store has words that are in every tenth message, in
some, and in one.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

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

COLUMNS = (
    "id, customer_id, contact_id, direction, channel, sender, at, language, text, buttons, state, attempts, "
    "intent, confidence, ranking, entities, action, words"
)


def measure(options: BenchOptions, sizes: Sequence[int] = SIZES) -> Iterator[Figure]:
    """Fill a store of each size, search it and fetch pages from it."""
    for messages in sizes:
        with tempfile.TemporaryDirectory(prefix="dripwise-console-") as folder:
            options.say(f"{messages:,} messages …")
            home = Path(folder)
            path = home / "dripwise.db"
            migrate(f"sqlite+aiosqlite:///{path}")
            began = time.monotonic()
            fill(path, messages)
            size = path.stat().st_size / 1e6
            options.say(f"  filled in {time.monotonic() - began:.0f} s, {size:,.0f} MB")
            taken = asyncio.run(_taken(home, messages))
        for name, times in taken.items():
            yield Figure(f"{name}.{messages}", statistics.median(times), "ms", source="median")
            yield Figure(f"{name}_p95.{messages}", _p95(times), "ms", source="p95")


def fill(path: Path, messages: int) -> None:
    """Write so many messages, as conversations."""
    draw = random.Random(SEED)
    talk = _talk()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA foreign_keys = OFF")
        for start in range(0, messages, TOGETHER):
            numbers = range(start + 1, min(start + TOGETHER, messages) + 1)
            rows = [_message(number, messages, draw, talk) for number in numbers]
            marks = ", ".join("?" * len(rows[0]))
            connection.executemany(f"INSERT INTO message ({COLUMNS}) VALUES ({marks})", rows)  # noqa: S608
            connection.commit()
        visits = range(messages // IN_A_VISIT + 1)
        connection.executemany(
            "INSERT INTO contact (id, customer_id, channel, started_at, last_at, ended, closed, "
            "questions_spent) VALUES (?, ?, 'web', ?, ?, 0, 0, 0)",
            [
                (visit + 1, _customer(visit * IN_A_VISIT), at, at)
                for visit in visits
                if (at := _at((visit + 1) * IN_A_VISIT, messages))
            ],
        )
        connection.executemany(
            "INSERT INTO customer (id, language, created_at) VALUES (?, 'zh-Hant', ?)",
            [
                (_customer(number * OF_A_CUSTOMER), _at(0, messages))
                for number in range(messages // OF_A_CUSTOMER + 1)
            ],
        )
        connection.commit()
        connection.execute("PRAGMA optimize")


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


async def _taken(home: Path, messages: int) -> dict[str, list[float]]:
    store = Store(f"sqlite+aiosqlite:///{home / 'dripwise.db'}")
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
