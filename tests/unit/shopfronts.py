"""A shopfront for tests: a real SQLite store, a stub bot, and a clock that tests turn."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from channels.shopfront import Shopfront, open_shopfront
from channels.turns import utc_now
from crm_store.migrating import migrate
from crm_store.store import Store
from one_to_one.shop import ShopPack
from one_to_one.texts import Texts
from settings import ROOT, Settings
from tests.unit.packs import bakery
from tests.unit.stub_bot import Script, StubBot, echo

TEXTS = Texts.read(ROOT / "data" / "texts")


class Clock:
    """Stands still until it is turned."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        """Go on by so many hours, minutes or seconds."""
        self.now += timedelta(**by)


@cache
def blank() -> bytes:
    """A migrated, empty SQLite file."""
    with TemporaryDirectory(prefix="dripwise-blank-") as folder:
        path = Path(folder) / "blank.db"
        migrate(f"sqlite+aiosqlite:///{path}")
        return path.read_bytes()


def new_store(home: Path) -> Store:
    """An empty store of its own."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / "dripwise.db"
    path.write_bytes(blank())
    return Store(f"sqlite+aiosqlite:///{path}")


class Front:
    """A shopfront and the parts of it that tests look at."""

    def __init__(
        self,
        home: Path,
        script: Script = echo,
        *,
        pack: ShopPack | None = None,
        real_time: bool = False,
        **settings: object,
    ) -> None:
        self.clock = Clock()
        clock = utc_now if real_time else self.clock
        self.store = new_store(home)
        self.bot = StubBot(self.store, script)
        self.settings = Settings.model_validate({"home": home, **settings})
        self.shopfront: Shopfront = open_shopfront(
            self.settings, self.store, self.bot, pack or replace(bakery(), folder=home / "pack"), TEXTS, clock
        )
