"""Customers of a running shop who chat over its API and try again when it doesn't answer."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass

import httpx

PATIENCE_SECONDS = 240.0
"""How long an answer may take on a busy machine, a restart of every process included."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of the shop."""

    id: str
    text: str
    payloads: tuple[str, ...]
    titles: tuple[str, ...]


class Customer:
    """Somebody with a browser; each message has an id of their own, so it may be sent again."""

    def __init__(self, url: str, language: str = "en") -> None:
        self._web = httpx.Client(base_url=url, timeout=90, trust_env=False)
        self._numbers = itertools.count(1)
        session = self._persist("/api/chat/sessions", {"language": language})
        self.id = str(session["customer"])
        self._web.headers["Authorization"] = f"Bearer {session['token']}"

    def say(self, text: str) -> list[Heard]:
        """Say something, again and again till the shop takes it; what it replied."""
        return self.repeat(next(self._numbers), text)

    def repeat(self, number: int, text: str) -> list[Heard]:
        """Send the message of that number (again)."""
        answer = self._persist("/api/chat/messages", {"id": str(number), "text": text})
        replies = answer["replies"]
        assert isinstance(replies, list)
        return [_heard(reply) for reply in replies]

    def history(self) -> list[tuple[str, str, str]]:
        """Who said what so far: side, sender and text, oldest first."""
        items = self._web.get("/api/chat/messages").raise_for_status().json()["messages"]
        return [(item["side"], item["sender"], item["text"]) for item in items]

    def close(self) -> None:
        """Close the browser."""
        self._web.close()

    def _persist(self, path: str, body: dict[str, str]) -> dict[str, object]:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = self._web.post(path, json=body)
                if answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                    found: dict[str, object] = answer.raise_for_status().json()
                    return found
            except httpx.TransportError:
                pass  # the web process is being restarted
            assert time.monotonic() < deadline, f"{path} isn't answered"
            time.sleep(0.1)


def _heard(reply: dict[str, object]) -> Heard:
    buttons = reply["buttons"]
    assert isinstance(buttons, list)
    return Heard(
        str(reply["id"]),
        str(reply["text"]),
        tuple(button["payload"] for button in buttons),
        tuple(button["title"] for button in buttons),
    )
