"""Every setting of Dripwise, in one place.

Settings come from environment variables that begin with `DRIPWISE_`; an unknown one is refused, so that a
misspelt name is noticed at once. The bot has an environment of its own (Python 3.10) and reads only the
three variables that `cli/up` hands to it.
"""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent
"""The checkout: code, shop packs and texts live below it."""

PREFIX = "DRIPWISE_"


class Settings(BaseSettings):
    """What the owner can set. Each field's comment gives its unit."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True)

    home: Annotated[Path, AfterValidator(Path.absolute)] = Path(
        "var"
    )  # folder of all state: database, keys, logs, models
    shop: str = "coffee"  # name of a pack below data/shops, or a path to one
    host: str = "127.0.0.1"  # address the web process listens on; 0.0.0.0 behind a proxy
    port: int = Field(default=8000, ge=1, le=65535)  # the only public port
    bot_port: int = Field(default=5005, ge=1, le=65535)  # loopback only
    actions_port: int = Field(default=5055, ge=1, le=65535)  # loopback only
    database_url: str | None = None  # SQLAlchemy URL; None: SQLite in the home folder
    public_url: str | None = None  # how customers reach the web process, for links; None: http://host:port
    telegram_token: str | None = None  # from BotFather; None: no Telegram
    telegram_base_url: str | None = None  # another Bot API server, without a slash at the end
    telegram_webhook_url: str | None = None  # public URL for updates; None: long polling
    contact_minutes: int = Field(default=30, ge=1)  # minutes of silence that end a contact
    turn_seconds: float = Field(default=15.0, gt=0)  # seconds that one turn of the bot may take
    messages_per_minute: int = Field(default=60, ge=1)  # messages a customer may send on the web in a minute
    sessions_per_minute: int = Field(default=600, ge=1)  # new web sessions one address may open in a minute
    retry_seconds: float = Field(default=2.0, gt=0)  # seconds between looks at messages that wait for the bot
    order_webhook_url: str | None = None  # where orders are handed on to; None: they wait in the store

    @cached_property
    def store_url(self) -> str:
        """The SQLAlchemy URL of the customer store, driver included."""
        if self.database_url is None:
            return f"sqlite+aiosqlite:///{self.home / 'dripwise.db'}"
        for plain in ("postgresql://", "postgres://"):
            if self.database_url.startswith(plain):
                return "postgresql+psycopg://" + self.database_url.removeprefix(plain)
        return self.database_url.replace("sqlite:///", "sqlite+aiosqlite:///", 1)

    @property
    def origin(self) -> str:
        """The address customers open, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def shop_folder(self) -> Path:
        """The folder of the shop pack."""
        inside = ROOT / "data" / "shops" / self.shop
        return inside if inside.is_dir() else Path(self.shop)

    @property
    def keys(self) -> Path:
        """The folder of the keys made at the first start; readable by its owner only."""
        return self.home / "keys"

    @property
    def logs(self) -> Path:
        """The folder of the logs of the three processes."""
        return self.home / "logs"


def unknown_settings() -> list[str]:
    """Variables that begin with our prefix and mean nothing to us: usually a slip of the pen."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    return sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
