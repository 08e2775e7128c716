"""A customer of the tea house, and a shop that serves its pages, each with a store of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from crm_store.migrating import migrate
from crm_store.store import Store
from one_to_one.roles import Role
from tests.unit.colleagues import settled
from tests.unit.serving import asked
from tests.unit.shopfronts import Front
from tests.unit.talking import Talk


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that others are copied from."""
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture
def own_store(empty_store: Path, tmp_path: Path) -> Store:
    """An empty store of the test's own."""
    path = tmp_path / "talk.db"
    path.write_bytes(empty_store.read_bytes())
    return Store(f"sqlite+aiosqlite:///{path}")


@pytest.fixture
async def talk(own_store: Store) -> AsyncIterator[Talk]:
    """Somebody who never talked with the shop before."""
    yield Talk(own_store)
    await own_store.close()


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    """A shop that serves its pages, with a store of its own."""
    made = Front(tmp_path)
    yield made
    await made.store.close()


@pytest.fixture
async def browser(front: Front) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who asks it for English pages."""
    async with asked(front.shopfront) as one:
        one.headers["Accept-Language"] = "en"
        yield one


@pytest.fixture
async def reviewer(front: Front, browser: httpx.AsyncClient) -> httpx.AsyncClient:
    """A reviewer who has entered."""
    await settled(front, browser, Role.REVIEWER)
    return browser
