"""A stand-in for the action server: answers Rasa's webhook and remembers what it was asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class StandInActions:
    """What the server does with the next action, and the requests it has had."""

    port: int
    status: int = 200  # 500: every action fails
    marker: int | None = None  # the message id it claims to have answered; None: the right one
    requests: list[dict[str, Any]] = field(default_factory=list)

    @property
    def last(self) -> dict[str, Any]:
        """The latest request."""
        return self.requests[-1]

    @property
    def understood(self) -> dict[str, Any]:
        """The latest message as the bot understood it."""
        message: dict[str, Any] = self.last["tracker"]["latest_message"]
        return message

    def answer(self, request: dict[str, Any]) -> bytes:
        """What a real action returns: the marker alone."""
        self.requests.append(request)
        metadata = request["tracker"]["latest_message"]["metadata"]
        marker = metadata["message"] if self.marker is None else self.marker
        return json.dumps({"events": [], "responses": [{"custom": {"message": marker}}]}).encode()


@contextmanager
def stand_in_actions(port: int = 0) -> Iterator[StandInActions]:
    """Run it in a thread; port 0: any free one."""
    server = _Server(("127.0.0.1", port), _Handler)
    server.actions = StandInActions(server.server_port)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.actions
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    actions: StandInActions


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server
    timeout = 5

    def do_GET(self) -> None:
        """`/health`."""
        self._send(200, b'{"status": "ok"}')

    def do_POST(self) -> None:
        """`/webhook`."""
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        body = self.server.actions.answer(request)
        self._send(self.server.actions.status, body)

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (named so in the library)
        """Tests need no access log."""
