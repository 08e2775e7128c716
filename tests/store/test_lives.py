"""The simulation in memory and the real store lead to the same lives."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crm_store.migrating import migrate
from crm_store.store import Store
from one_to_one.pack import read_pack
from settings import ROOT
from tests.bench.lives.people import World
from tests.bench.lives.running import Plan, born
from tests.bench.lives.scores import Scores
from tests.bench.lives.store_pages import StorePages
from tests.bench.lives.talking import days_pass
from tests.bench.lives.visits import BEGAN, Life

PLAN = Plan(read_pack(ROOT / "data" / "shops" / "coffee"), 12, crowded=False)
WORLD = World(PLAN.pack, PLAN.seed)


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as running:
        yield running


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, runner: asyncio.Runner) -> Iterator[Store]:
    url = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('lives') / 'lives.db'}"
    migrate(url)
    opened = Store(url)
    yield opened
    runner.run(opened.close())


def linked() -> list[int]:
    """A few customers, one of whom uses both channels and links them."""
    lives = {number: born(WORLD, number, PLAN, Scores()) for number in range(40)}
    both = [n for n, life in lives.items() if 1 in life.who.channels and len(life.who.days) < 14]
    return [*both[:2], *(n for n, life in lives.items() if n not in both and len(life.who.days) < 10)][:4]


def seen(life: Life) -> tuple[dict[str, int], list[tuple[str, str, str, bool]], list[tuple[str, str, int]]]:
    """What was counted, what is believed and how the ledger stands, without the numbers of rows."""
    life.upto(365.0)
    pages = life.keepers[0].pages
    facts = [(fact.topic, fact.value, fact.polarity.value, fact.stated) for fact in pages.facts()]
    ledger = [(line.topic, line.state.value, line.tries) for line in pages.ledger().values()]
    return dict(life.scores.counts), sorted(facts), sorted(ledger)


@pytest.mark.parametrize("number", linked())
def test_memory_and_store_decide_alike(number: int, store: Store, runner: asyncio.Runner) -> None:
    in_memory = seen(born(WORLD, number, PLAN, Scores()))
    in_store = seen(born(WORLD, number, PLAN, Scores(), lambda: StorePages(PLAN.pack, store, runner, BEGAN)))
    assert in_memory[0]["contacts"] > 1
    assert in_store == in_memory


def test_somebody_links_two_channels() -> None:
    assert any(1 in born(WORLD, number, PLAN, Scores()).who.channels for number in linked())


def test_days_go_by_for_a_whole_store(tmp_path: Path) -> None:
    database, now = tmp_path / "shop.db", datetime(2026, 3, 5, 12, tzinfo=UTC)
    migrate(f"sqlite+aiosqlite:///{database}")
    store = Store(f"sqlite+aiosqlite:///{database}")

    async def came() -> str:
        async with store.transaction() as books:
            return (await books.customers.create("en", now)).id

    async def when(customer: str) -> datetime:
        async with store.reading() as books:
            return (await books.customers.get(customer)).created_at

    with asyncio.Runner() as runner:
        customer = runner.run(came())
        days_pass(database, 4)
        assert runner.run(when(customer)) == now - timedelta(days=4)
        runner.run(store.close())
