"""The running shop that journey tests share, and a factory for tests that need one to themselves."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.journey.bot_api import TOKEN
from tests.journey.bot_api_server import beside
from tests.journey.phones import Phone
from tests.journey.shop_running import RunningShop

type OpenShop = Callable[..., RunningShop]


def _served(running: RunningShop) -> Iterator[RunningShop]:
    """The shop, started and ready; stopped afterwards."""
    try:
        running.start()
        running.wait_ready()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    """One shop for the whole session, ready; don't kill its processes, open one of your own for that."""
    running = RunningShop(
        tmp_path_factory.mktemp("shop"),
        DRIPWISE_MESSAGES_PER_MINUTE="6000",
        DRIPWISE_SESSIONS_PER_MINUTE="6000",
    )
    yield from _served(running)


@pytest.fixture(scope="session")
def bot_api() -> Iterator[str]:
    """The address of a fake of Telegram."""
    with beside() as url:
        yield url


@pytest.fixture(scope="session")
def telegram_shop(bot_api: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    """One shop with Telegram for the whole session, whose processes may be killed."""
    running = RunningShop(
        tmp_path_factory.mktemp("telegram"),
        DRIPWISE_TELEGRAM_TOKEN=TOKEN,
        DRIPWISE_TELEGRAM_BASE_URL=bot_api,
    )
    yield from _served(running)


@pytest.fixture
def phone(telegram_shop: RunningShop, bot_api: str) -> Iterator[Callable[[int, str], Phone]]:
    """Makes phones: by the number of their user and the language they are set to."""
    store = telegram_shop.home / "dripwise.db"
    with httpx.Client(base_url=bot_api, trust_env=False, timeout=60) as api:
        yield lambda user, language_code: Phone(api, store, user, language_code)


@pytest.fixture
def open_shop(tmp_path: Path) -> Iterator[OpenShop]:
    """Starts a shop with the DRIPWISE_… variables given, waits till it is ready, and stops it after the test.

    `home` may name the home folder; otherwise each has a fresh one.
    """
    with ExitStack() as opened:
        numbers = itertools.count()

        def start(home: Path | None = None, **environment: str) -> RunningShop:
            running = RunningShop(home or tmp_path / f"shop{next(numbers)}", **environment)
            opened.callback(running.stop)
            running.start()
            running.wait_ready()
            return running

        yield start
