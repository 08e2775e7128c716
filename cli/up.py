"""`up`: check everything, train when needed, and keep bot, actions and web running."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import httpx
import typer

from cli.checking import checked_settings
from cli.ports import free_port, require_free
from cli.shops import usable_pack
from cli.steps import Steps
from cli.supervising import Service, Supervisor, read_procfile
from cli.switching import point
from cli.training import train_if_needed
from crm_store.keys import read_or_make_key
from crm_store.migrating import migrate
from one_to_one.errors import AlreadyUp, HomeUnusable
from settings import PREFIX, ROOT, Settings

QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "SANIC_HOST": "127.0.0.1",
    "PYTHONUNBUFFERED": "1",
}
"""What every process gets: no telemetry, loopback only, and one thread where several only get in the way."""

BOT_SECRET = "bot_secret"  # noqa: S105 - the name of a file

app = typer.Typer()


@app.command()
def up(
    shop: Annotated[str | None, typer.Option(help="A shop pack: its name or its folder.")] = None,
    port: Annotated[int | None, typer.Option(help="The port customers use.", min=1, max=65535)] = None,
) -> None:
    """Start the shop: bot, actions and web. Ctrl-C stops it."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    settings = checked_settings(shop=shop, port=port)
    with only_one(settings.home):
        open_shop(settings, Steps())


def open_shop(settings: Settings, steps: Steps) -> None:
    """Check, migrate and train, then run the processes till SIGINT or SIGTERM."""
    require_free(settings.host, settings.port)
    with steps.step("Checking the shop pack"):
        usable_pack(settings.shop_folder)
    with steps.step("Opening the customer store"):
        _open_store(settings)
    with steps.step("Making sure the bot is trained") as detail:
        model = train_if_needed(settings, detail)
    settings = settings.model_copy(
        update={"bot_port": free_port(settings.bot_port), "actions_port": free_port(settings.actions_port)}
    )
    supervisor = Supervisor(
        services(point(settings.home, model)),
        folder=ROOT,
        home=settings.home,
        environment=process_environment(settings, os.environ),
        say=steps.say,
    )
    asyncio.run(_run(supervisor, settings, steps))


def services(model: Path) -> list[Service]:
    """The processes of the Procfile; the bot is told which model to load."""
    found = read_procfile(ROOT / "Procfile")
    told = {f"{PREFIX}MODEL": str(model)}
    return [replace(service, environment=told) if service.name == "bot" else service for service in found]


def process_environment(settings: Settings, inherited: Mapping[str, str]) -> dict[str, str]:
    """The environment of the processes: what we inherited, our quiet defaults, and every setting by name."""
    environment = {name: value for name, value in inherited.items() if name != "PYTHONPATH"}
    given = settings.model_copy(update={"shop": _shop_for_all(settings)}).model_dump(exclude_none=True)
    named = {f"{PREFIX}{name.upper()}": str(value) for name, value in given.items()}
    return {**environment, **QUIET, **named}


@contextlib.contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold the home folder for this process; raises AlreadyUp when another `up` has it."""
    note = home / "run" / "up.pid"
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        file = note.open("a+", encoding="utf-8")
    except OSError as error:
        raise HomeUnusable(home=home, cause=error.strerror) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise AlreadyUp(home=home, pid=file.read().strip() or "unknown") from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
        file.truncate(0)


async def _run(supervisor: Supervisor, settings: Settings, steps: Steps) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, supervisor.stop)
    announcing = asyncio.create_task(_announce(settings, steps))
    try:
        await supervisor.run()
    finally:
        announcing.cancel()
        await asyncio.gather(announcing, return_exceptions=True)
    steps.say("Stopped.")


async def _announce(settings: Settings, steps: Steps) -> None:
    """Wait till a message would be answered, then give the address."""
    host = "127.0.0.1" if settings.host == "0.0.0.0" else settings.host  # noqa: S104 - read, not bound
    with steps.step("Starting the bot, the actions and the web page"):
        async with httpx.AsyncClient(base_url=f"http://{host}:{settings.port}", trust_env=False) as web:
            while not await _healthy(web):  # noqa: ASYNC110 - another process, so there is no event to wait for
                await asyncio.sleep(0.25)
    steps.say(f"Dripwise is open at {settings.origin}/  (Ctrl-C stops it; logs in {settings.logs})")


async def _healthy(web: httpx.AsyncClient) -> bool:
    try:
        return (await web.get("/health", timeout=5)).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _shop_for_all(settings: Settings) -> str:
    """The shop as every process finds it, whatever folder it runs in."""
    inside = settings.shop_folder.is_relative_to(ROOT / "data" / "shops")
    return settings.shop if inside else str(settings.shop_folder.absolute())


def _open_store(settings: Settings) -> None:
    """Bring the store up to date and make the secret that web and bot share."""
    migrate(settings.store_url)
    read_or_make_key(settings.keys, BOT_SECRET)


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)
