"""People with Telegram, before the fake of its Bot API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from tests.journey.shop_running import until

PATIENCE_SECONDS = 60.0
"""How long an answer may take on a busy machine, a restart of a process included."""


@dataclass
class Phone:
    """One person's Telegram."""

    api: httpx.Client
    user: int
    language_code: str = "en"

    def say(self, text: str) -> None:
        """Type something."""
        body = {"user": self.user, "text": text, "language_code": self.language_code}
        self.api.post("/control/say", json=body).raise_for_status()

    def tap(self, **button: str) -> None:
        """Tap the newest button of this title or data."""
        self.api.post("/control/tap", json={"user": self.user, **button}).raise_for_status()

    def loses(self, messages: int) -> None:
        """Telegram is down for so many of the messages that come next."""
        down = {"method": "sendMessage", "times": messages, "status": 502, "description": "Bad Gateway"}
        self.api.post("/control/fail", json=down).raise_for_status()

    def chat(self) -> list[dict[str, Any]]:
        """The chat as it is shown."""
        shown: list[dict[str, Any]] = self.api.get("/control/chat", params={"user": self.user}).json()
        return shown

    def said(self) -> list[str]:
        """What the shop said."""
        return [line["text"] for line in self.chat() if line["from"] == "bot"]

    def hears(self, act: Callable[[], None], words: str = "") -> list[str]:
        """Do something; what the shop says then, once there is an answer that contains `words`."""
        before = len(self.said())
        act()
        until(
            lambda: any(words in text for text in self.said()[before:]),
            PATIENCE_SECONDS,
            f"no answer with {words!r} in {self.said()[before:]}",
        )
        return self.said()[before:]
