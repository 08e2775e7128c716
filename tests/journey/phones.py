"""People with Telegram, before the fake of its Bot API."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.journey.shop_running import until

PATIENCE_SECONDS = 180.0
"""How long an answer may take on a busy machine, a restart of a process included."""

ON_ITS_WAY = """
SELECT count(*) FROM message JOIN identity ON identity.customer_id = message.customer_id
WHERE identity.channel = 'telegram' AND identity.external_id = ? AND message.state = 'waiting'
"""
"""What a Telegram user said and nobody has answered, and what was answered and isn't sent yet."""


@dataclass
class Phone:
    """One person's Telegram, at a shop whose store is in this file."""

    api: httpx.Client
    store: Path
    user: int
    language_code: str = "en"

    def say(self, text: str) -> None:
        """Type something."""
        body = {"user": self.user, "text": text, "language_code": self.language_code}
        self.api.post("/control/say", json=body).raise_for_status()

    def tap(self, **button: str) -> None:
        """Tap the newest button of this title or data."""
        self.api.post("/control/tap", json={"user": self.user, **button}).raise_for_status()

    @contextmanager
    def cut_off(self) -> Iterator[None]:
        """Telegram takes no message during the block."""
        down = {"method": "sendMessage", "times": 1_000_000, "status": 502, "description": "Bad Gateway"}
        self.api.post("/control/fail", json=down).raise_for_status()
        yield
        self.api.post("/control/mend", json={}).raise_for_status()

    def chat(self) -> list[dict[str, Any]]:
        """The chat as it is shown."""
        shown: list[dict[str, Any]] = self.api.get("/control/chat", params={"user": self.user}).json()
        return shown

    def said(self) -> list[str]:
        """What the shop said."""
        return [line["text"] for line in self.chat() if line["from"] == "bot"]

    def rests(self) -> None:
        """Wait until nothing is on its way: all that was said has been answered, and all answers are here."""
        until(lambda: self._waiting() == 0, PATIENCE_SECONDS, "something is still on its way")

    def hears(self, act: Callable[[], None], words: str = "") -> list[str]:
        """Do something once all before it is over; what the shop says then, up to what contains `words`."""
        self.rests()
        before = len(self.said())
        act()
        until(
            lambda: any(words in text for text in self.said()[before:]),
            PATIENCE_SECONDS,
            f"no answer with {words!r} in {self.said()[before:]}",
        )
        return self.said()[before:]

    def _waiting(self) -> int:
        """What is on its way, in either direction; Telegram is asked first, as it lets go of what we have."""
        untold = int(self.api.get("/control/untold").json())
        with closing(sqlite3.connect(f"file:{self.store}?mode=ro", uri=True, timeout=60)) as store:
            [(waiting,)] = store.execute(ON_ITS_WAY, (str(self.user),)).fetchall()
        return untold + int(waiting)
