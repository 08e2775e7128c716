"""The real bot for tests: `python -m bot` on a free port, with a trained model."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

import httpx

from cli.training import PYTHON
from settings import PREFIX, ROOT
from tests.ports import own_port

SECRET = "a secret for tests"
READY_SECONDS = 300.0


class RunningBot:
    """One bot process and the wire to it."""

    def __init__(self, home: Path, model: Path, actions_port: int) -> None:
        """Nothing starts yet."""
        (home / "keys").mkdir(parents=True)
        (home / "keys" / "bot_secret").write_text(SECRET, encoding="ascii")
        self.log = home / "bot.log"
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(PREFIX)},
            "DRIPWISE_HOME": str(home),
            "DRIPWISE_MODEL": str(model),
            "DRIPWISE_BOT_PORT": str(own_port()),
            "DRIPWISE_ACTIONS_PORT": str(actions_port),
        }
        port = self._environment["DRIPWISE_BOT_PORT"]
        self._wire = httpx.Client(base_url=f"http://127.0.0.1:{port}/webhooks/dripwise", timeout=60)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start it and wait till it answers; the seconds that took."""
        began = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [PYTHON, "-m", "bot"], cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )
        while not self._listens():
            assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
            assert time.monotonic() - began < READY_SECONDS, "the bot doesn't answer"
            time.sleep(0.05)
        return time.monotonic() - began

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(60)

    def kill(self) -> None:
        """SIGKILL."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(60)

    def close(self) -> None:
        """Stop it if it runs, and close the wire."""
        if self.process is not None and self.process.poll() is None:
            self.kill()
        self._wire.close()

    def ready(self) -> httpx.Response:
        """`GET /ready`."""
        return self._wire.get("/ready")

    def send(self, body: bytes, secret: str | None = SECRET) -> httpx.Response:
        """`POST /turn` with these bytes."""
        headers = {b"Content-Type": b"application/json"}
        if secret is not None:
            headers[b"X-Dripwise-Secret"] = secret.encode()
        return self._wire.post("/turn", content=body, headers=headers)

    def turn(self, message: int = 1, customer: str = "c1", **said: object) -> httpx.Response:
        """One turn: `text=` or `payload=`."""
        return self.send(json.dumps({"customer": customer, "message": message} | said).encode())

    def rss_mib(self) -> float:
        """Memory the process holds, in MiB."""
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def _listens(self) -> bool:
        try:
            return self.ready().status_code in {200, 503}
        except httpx.TransportError:
            return False
