"""The action server, over a connection that stays open."""

import asyncio
import logging
from typing import Any, Optional

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

logger = logging.getLogger(__name__)

ACTION_SECONDS = 12.0  # an action that takes longer has failed
HEALTH_SECONDS = 2.0
LISTEN = {"event": "followup", "name": "action_listen"}
"""A turn has one action; with this Rasa needn't ask its rules what comes after it."""
KEEP_SECONDS = 4.0  # less than the server keeps an idle connection, so that we never write into a closed one


class ActionServer(EndpointConfig):
    """Like Rasa's endpoint, but opens one connection instead of one per action, and logs no bodies."""

    def __init__(self, origin: str) -> None:
        super().__init__(origin + "/webhook")
        self._health = origin + "/health"
        self._session: Optional[aiohttp.ClientSession] = None

    async def request(self, method: str = "post", json: Any = None, **_: Any) -> Any:
        """Run one action. Raises ClientResponseError or aiohttp's errors, all of which Rasa knows."""
        limit = aiohttp.ClientTimeout(total=ACTION_SECONDS)
        try:
            async with self._open().request(method, self.url, json=json, timeout=limit) as answer:
                if answer.status >= 400:  # the body may hold the whole request: it must not reach a log
                    raise ClientResponseError(answer.status, answer.reason, b"")
                result = await answer.json()
        except asyncio.TimeoutError:
            raise aiohttp.ServerTimeoutError("the action took too long") from None
        return {**result, "events": [*result.get("events", ()), LISTEN]}

    async def is_healthy(self) -> bool:
        """Whether the action server answers."""
        try:
            limit = aiohttp.ClientTimeout(total=HEALTH_SECONDS)
            async with self._open().get(self._health, timeout=limit) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, asyncio.TimeoutError):
            return False

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(keepalive_timeout=KEEP_SECONDS, limit=64)
            self._session = aiohttp.ClientSession(connector=connector)
        return self._session
