"""The two bots that `bench turn` compares, each started as its owner would."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import psutil

from cli.ports import free_port
from settings import PREFIX, ROOT
from tests.journey.shop_running import RunningShop, until

BOT_PYTHON = ROOT / ".dripwise" / "bot" / "bin" / "python"
RASA_VERSION = "3.6.21"
STARTED_SECONDS = 300.0
TURN_SECONDS = 60.0
MANY = "1000000"
NUMBERS = itertools.count(1)


class Conversation(Protocol):
    """One customer's talk, over one connection that is closed at the end."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def say(self, text: str) -> int:
        """Say something; how many replies came."""
        ...


class Contestant(Protocol):
    """A bot that can be started, talked with, weighed and stopped."""

    name: str

    def start(self) -> None:
        """Start, and return as soon as it would answer."""
        ...

    def converse(self) -> Conversation:
        """A conversation with a customer it hasn't seen."""
        ...

    def memory(self) -> float:
        """Resident bytes of all its processes."""
        ...

    def stop(self) -> None:
        """Stop every process."""
        ...


class Talk:
    """JSON over one kept connection."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TURN_SECONDS)
        self._headers = {"Content-Type": "application/json"}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def post(self, path: str, body: object) -> object:
        """The answer's JSON; fails unless the status is 2xx."""
        self._connection.request("POST", path, json.dumps(body), self._headers)
        answer = self._connection.getresponse()
        words = answer.read()
        assert 200 <= answer.status < 300, f"{path}: {answer.status} {words[:200]!r}"
        return json.loads(words)


class RasaTalk(Talk):
    """A conversation over Rasa's REST channel."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self._sender = f"customer-{next(NUMBERS)}"

    def say(self, text: str) -> int:
        """Say something; how many replies came."""
        replies = self.post("/webhooks/rest/webhook", {"sender": self._sender, "message": text})
        assert isinstance(replies, list)
        return len(replies)


class ShopTalk(Talk):
    """A conversation over the chat API; the session is opened beforehand."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        session = self.post("/api/chat/sessions", {"language": "en"})
        assert isinstance(session, dict)
        self._headers["Authorization"] = f"Bearer {session['token']}"
        self._connection.close()  # the talk may begin later than an idle connection is kept; it opens again

    def say(self, text: str) -> int:
        """Say something; how many replies came."""
        answer = self.post("/api/chat/messages", {"text": text})
        assert isinstance(answer, dict)
        return len(answer["replies"])


class RasaInit:
    """The bot of `rasa init`, untouched, started with `rasa run`."""

    name = "the bot of `rasa init`"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and return as soon as its port answers (it listens once the model is loaded)."""
        command = [
            str(BOT_PYTHON),
            "-m",
            "rasa",
            "run",
            "--interface",
            "127.0.0.1",
            "--port",
            str(self._port),
        ]
        with (self._folder / "run.log").open("wb") as log:
            self._process = subprocess.Popen(
                command, cwd=self._folder, env=_plain_environment(), stdout=log, stderr=subprocess.STDOUT
            )
        until(self._listens, STARTED_SECONDS, f"rasa doesn't start: see {self._folder / 'run.log'}")

    def converse(self) -> RasaTalk:
        """A conversation with a new sender."""
        return RasaTalk(self._port)

    def memory(self) -> float:
        """Resident bytes."""
        assert self._process is not None
        return resident(self._process.pid)

    def stop(self) -> None:
        """Stop the server."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()

    def _listens(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=5)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status == http.client.OK
        except OSError:
            return False
        finally:
            connection.close()


class Shop:
    """Dripwise, started with `./dripwise up`; its model is trained already."""

    name = "Dripwise"

    def __init__(self, home: Path) -> None:
        limits = {f"{PREFIX}MESSAGES_PER_MINUTE": MANY, f"{PREFIX}SESSIONS_PER_MINUTE": MANY}
        self._running = RunningShop(home, **limits)

    def start(self) -> None:
        """Start, and return when `/health` is ready."""
        self._running.start()
        self._running.wait_ready(STARTED_SECONDS)

    def converse(self) -> ShopTalk:
        """A conversation with a new customer."""
        return ShopTalk(self._running.settings.port)

    def memory(self) -> float:
        """Resident bytes of the supervisor and everything it started."""
        return resident(self._running.pid("up"))

    def stop(self) -> None:
        """Stop everything."""
        self._running.stop()


def rasa_init(say: Callable[[str], None]) -> RasaInit:
    """The bot of `rasa init`, made and trained once and kept below `.dripwise/bench`."""
    folder = ROOT / ".dripwise" / "bench" / f"rasa-{RASA_VERSION}"
    if not folder.is_dir():
        say("Making and training the bot of `rasa init` (once, a few minutes) …")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as draft:
            command = [str(BOT_PYTHON), "-m", "rasa", "init", "--no-prompt", "--init-dir", f"{draft}/bot"]
            Path(draft, "bot").mkdir()
            with (folder.parent / "init.log").open("wb") as log:
                subprocess.run(
                    command,
                    env=_plain_environment(),
                    check=True,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
            Path(draft, "bot").rename(folder)
    return RasaInit(folder)


def dripwise(home: Path, say: Callable[[str], None]) -> Shop:
    """Dripwise with the store in `home`, started once before so that its model is trained."""
    say("Making sure that Dripwise is trained …")
    shop = Shop(home)
    shop.start()
    shop.stop()
    return shop


def resident(pid: int) -> float:
    """Resident bytes of a process and all its descendants."""
    root = psutil.Process(pid)
    return float(sum(process.memory_info().rss for process in (root, *root.children(recursive=True))))


def _plain_environment() -> dict[str, str]:
    """As an owner of the default bot would have it, without telemetry."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith((PREFIX, "PYTHONPATH"))}
    return {**plain, "RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
