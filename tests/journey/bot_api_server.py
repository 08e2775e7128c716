"""The wire of the fake Bot API: `/bot<token>/<method>` for the bot, `/control/…` for people and tests."""

from __future__ import annotations

import argparse
import asyncio
import json
import ssl
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from tests.journey.bot_api import BotApi, Json, Refusal

OPENED_SECONDS = 60.0
"""The most that the thread of the fake takes to listen, on a busy machine."""


class BotApiServer:
    """Serves one BotApi on the loopback interface."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self.url = ""
        self._writers: set[asyncio.StreamWriter] = set()

    async def open(self, port: int = 0) -> asyncio.Server:
        """Listen; `url` is known afterwards."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        return server

    def hang_up(self) -> None:
        """Close every connection."""
        for writer in self._writers:
            writer.transport.abort()

    async def bring_updates(self) -> None:
        """Deliver to the webhook, in order, each update until it is taken, for ever."""
        nobody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # loopback only; the real list takes long to read
        async with httpx.AsyncClient(trust_env=False, verify=nobody) as client:
            while True:
                self.api.changed.clear()
                while self.api.webhook and self.api.updates:
                    await self._bring(client, self.api.updates[0])
                await self.api.changed.wait()

    async def _bring(self, client: httpx.AsyncClient, update: Json) -> None:
        hook = self.api.webhook
        header = {"X-Telegram-Bot-Api-Secret-Token": hook["secret"]}
        try:
            answer = await client.post(hook["url"], json=update, headers=header)
        except httpx.HTTPError:
            await asyncio.sleep(0.05)
            return
        if answer.status_code == httpx.codes.OK:
            self.api.updates.remove(update)
        else:
            await asyncio.sleep(0.05)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while await self._exchange(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line, *rest = head.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in rest)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        status, answer = await self._answer(line.split()[1], headers.get("content-type", ""), body)
        data = json.dumps(answer).encode()
        start = f"HTTP/1.1 {status} -\r\ncontent-type: application/json\r\n"
        writer.write(f"{start}content-length: {len(data)}\r\n\r\n".encode() + data)
        await writer.drain()
        return True

    async def _answer(self, target: str, content_type: str, body: bytes) -> tuple[int, Any]:
        address = urlsplit(target)
        try:
            if address.path.startswith("/control/"):
                asked = json.loads(body) if body else dict(parse_qsl(address.query))
                return 200, self._control(address.path.removeprefix("/control/"), asked)
            token, _, method = address.path.removeprefix("/bot").partition("/")
            params = dict(parse_qsl(address.query)) | parameters(content_type, body)
            return 200, {"ok": True, "result": await self.api.call(token, method, params)}
        except Refusal as refusal:
            return refusal.status, as_error(refusal)

    def _control(self, verb: str, asked: Json) -> Any:
        """What a test or a person asks of the fake."""
        user = int(asked.pop("user", 1))
        match verb:
            case "chat":
                return self.api.shown(user)
            case "say" | "send" | "tap" | "edit" | "block" | "unblock":
                return getattr(self.api, verb)(user, **asked)
            case "fail" | "drop":
                getattr(self.api, verb)(**asked)
                return {"ok": True}
            case "mend":
                self.api.troubles.clear()
                return {"ok": True}
            case "untold":
                return len(self.api.updates)
            case "calls":
                return [call.method for call in self.api.calls]
            case "refused":
                return [[refusal.status, refusal.description] for refusal in self.api.refused]
        raise Refusal(404, f"no control {verb!r}")


def parameters(content_type: str, body: bytes) -> Json:
    """The parameters of a call, whichever way they were sent."""
    if content_type.startswith("application/json"):
        sent: Json = json.loads(body)
        return sent
    if not content_type.startswith("multipart/"):
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    typed = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(typed + body)
    named: Json = {}
    for part in message.iter_parts():
        data = part.get_payload(decode=True)
        assert isinstance(data, bytes)
        named[str(part.get_param("name", header="content-disposition"))] = (
            data if part.get_filename() else data.decode()
        )
    return with_files(named)


def with_files(named: Json) -> Json:
    """`attach://name` replaced by the file that came under that name."""
    return {
        name: named.get(value.removeprefix("attach://"), value)
        if isinstance(value, str) and value.startswith("attach://")
        else value
        for name, value in named.items()
    }


def as_error(refusal: Refusal) -> Json:
    """A refusal as the Bot API writes it."""
    error: Json = {"ok": False, "error_code": refusal.status, "description": refusal.description}
    return error | ({"parameters": refusal.parameters} if refusal.parameters else {})


@asynccontextmanager
async def serving(port: int = 0) -> AsyncIterator[BotApiServer]:
    """A fake Bot API in this event loop."""
    running = BotApiServer(BotApi())
    server = await running.open(port)
    bringing = asyncio.create_task(running.bring_updates())
    try:
        yield running
    finally:
        bringing.cancel()
        server.close()
        running.hang_up()


@contextmanager
def beside(port: int = 0) -> Iterator[str]:
    """A fake Bot API in a thread of its own, steered over HTTP; its address."""
    opened, done = threading.Event(), threading.Event()
    address: list[str] = []

    async def run() -> None:
        async with serving(port) as running:
            address.append(running.url)
            opened.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=lambda: asyncio.run(run()), name="bot api")
    thread.start()
    opened.wait(OPENED_SECONDS)
    try:
        yield address[0]
    finally:
        done.set()
        thread.join()


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description="A fake of Telegram's Bot API with phones to chat with.")
    parser.add_argument("--port", type=int, default=8500)
    port = parser.parse_args().port

    async def run() -> None:
        async with serving(port) as running:
            print(f"DRIPWISE_TELEGRAM_BASE_URL={running.url} DRIPWISE_TELEGRAM_TOKEN={running.api.token}")
            await asyncio.Event().wait()

    asyncio.run(run())
