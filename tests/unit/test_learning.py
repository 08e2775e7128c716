"""Learning from all customers by the command, and using what was learned at the next message."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from channels.learning import learn_forever
from cli.app import run
from cli.learning import alone
from crm_store.migrating import migrate
from one_to_one.crowd_counts import count, load, save
from one_to_one.crowd_shelf import FILE, CrowdShelf, learnable
from settings import Settings
from tests.bench.customers import fill
from tests.unit.packs import pack, product, topic
from tests.unit.test_crowd import CHOOSERS, PACK

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DRIPWISE_HOME", str(tmp_path))
    return tmp_path


def test_the_command_learns_from_the_store(home: Path) -> None:
    fill(home / "dripwise.db", 40, 6)
    assert run(["learn"]) == 0
    counts = load(home / FILE)
    assert counts.people == 40
    assert ("roast", "dark") in counts.columns


def test_it_learns_again_only_when_it_is_due(home: Path) -> None:
    fill(home / "dripwise.db", 40, 6)
    assert run(["learn", "--if-due"]) == 0
    first = load(home / FILE).counted_at
    assert run(["learn", "--if-due"]) == 0
    assert load(home / FILE).counted_at == first
    assert run(["learn"]) == 0
    assert load(home / FILE).counted_at > first


def test_an_empty_store_teaches_nothing(home: Path) -> None:
    migrate(Settings().store_url)
    assert run(["learn"]) == 0
    assert CrowdShelf(PACK, home).learned() is None


def test_one_learns_at_a_time(tmp_path: Path) -> None:
    with alone(tmp_path) as first, alone(tmp_path) as second:
        assert (first, second) == (True, False)


def test_the_shelf_has_the_newest_and_nothing_when_there_is_none(tmp_path: Path) -> None:
    shelf = CrowdShelf(PACK, tmp_path)
    assert shelf.learned() is None
    save(count(CHOOSERS, NOW), tmp_path / FILE)
    first = shelf.learned()
    assert first is not None
    assert first.customers == 100
    assert shelf.learned() is first
    save(count(CHOOSERS[:50], NOW), tmp_path / FILE)
    later = (NOW + timedelta(days=1)).timestamp()
    os.utime(tmp_path / FILE, (later, later))
    again = shelf.learned()
    assert again is not None
    assert again.customers == 50
    (tmp_path / FILE).unlink()
    assert shelf.learned() is None


def test_what_cannot_be_read_is_as_if_nothing_was_learned(tmp_path: Path) -> None:
    (tmp_path / "crowd").mkdir()
    (tmp_path / FILE).write_bytes(b"nothing")
    assert CrowdShelf(PACK, tmp_path).learned() is None


def test_nothing_sensitive_is_learned_from() -> None:
    shop = pack(
        topics=[topic("milk", "oat"), topic("health", "ill", sensitive=True), topic("name")],
        products=[product("a")],
    )
    assert learnable(shop) == ["milk"]


async def test_the_web_process_has_it_looked_at_again_and_again(tmp_path: Path) -> None:
    mark = tmp_path / "seen"
    command = (sys.executable, "-c", f"open({str(mark)!r}, 'a').write('x')")
    working = asyncio.create_task(learn_forever(command, seconds=0.01))
    async with asyncio.timeout(120):
        while not mark.exists() or len(mark.read_text()) < 2:  # noqa: ASYNC110 - another process has no event
            await asyncio.sleep(0.01)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
