"""The wire from the channels to the bot."""

from __future__ import annotations

from typing import Protocol

import httpx

from crm_store.models import MessageRow
from one_to_one.errors import BotDown, DripwiseError

CONNECT_SECONDS = 2.0
READY_SECONDS = 3.0
CONNECTIONS = 64
SECRET_HEADER = "X-Dripwise-Secret"  # noqa: S105 - the name of a header


class BotRefused(DripwiseError):
    """The bot can't read message {message}: {cause}. Trying again won't help."""


class Bot(Protocol):
    """What answers messages. An answer is in the store when the turn is over."""

    async def turn(self, message: MessageRow) -> None:
        """Answer one message. Raises BotDown (try again later) or BotRefused (don't)."""
        ...

    async def ready(self) -> bool:
        """Whether a message would be answered now."""
        ...


class RasaBot:
    """The bot over loopback HTTP, by connections that are kept open."""

    def __init__(self, port: int, secret: str, seconds: float) -> None:
        """`seconds` is the longest a turn may take."""
        self.url = f"http://127.0.0.1:{port}"
        self._http = httpx.AsyncClient(
            base_url=self.url,
            headers={SECRET_HEADER: secret},
            timeout=httpx.Timeout(seconds, connect=CONNECT_SECONDS),
            limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
            trust_env=False,
        )

    async def turn(self, message: MessageRow) -> None:
        """Answer one message. Raises BotDown or BotRefused."""
        response = await self._post(_wired(message))
        if response.status_code == httpx.codes.BAD_REQUEST:
            raise BotRefused(message=message.id, cause=_detail(response))
        if response.status_code != httpx.codes.OK or _answered(response) != message.id:
            raise BotDown(url=self.url, cause=f"{response.status_code} {_detail(response)}")

    async def ready(self) -> bool:
        """Whether the model is loaded and the actions answer."""
        try:
            response = await self._http.get("/webhooks/dripwise/ready", timeout=READY_SECONDS)
        except httpx.HTTPError:
            return False
        return response.status_code == httpx.codes.OK

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _post(self, body: dict[str, str | int]) -> httpx.Response:
        try:
            try:
                return await self._http.post("/webhooks/dripwise/turn", json=body)
            except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
                # A kept connection that the bot closed meanwhile. A turn can be repeated without harm.
                return await self._http.post("/webhooks/dripwise/turn", json=body)
        except httpx.HTTPError as error:
            raise BotDown(url=self.url, cause=f"{type(error).__name__}") from error


def _wired(message: MessageRow) -> dict[str, str | int]:
    said: dict[str, str | int] = (
        {"text": message.text} if message.payload is None else {"payload": message.payload}
    )
    return {"customer": message.customer_id, "message": message.id, **said}


def _answered(response: httpx.Response) -> int | None:
    body = _json(response)
    number = body.get("message")
    return number if isinstance(number, int) else None


def _detail(response: httpx.Response) -> str:
    return str(_json(response).get("detail", ""))[:200]


def _json(response: httpx.Response) -> dict[str, object]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
