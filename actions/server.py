"""The action server: the bot's webhook, on the loopback address only."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from rasa_sdk.interfaces import ActionNotFoundException
from sanic import HTTPResponse, Request, Sanic
from sanic import json as as_json
from sanic.exceptions import SanicException

from actions.desk import Call, Desk
from actions.index import STEPS
from actions.order_news import News
from actions.refill_due import Due
from actions.speaking_first import Speaker
from actions.turn import Step
from crm_store import chores
from crm_store.keys import read_or_make_key
from crm_store.store import Store
from one_to_one.answers import read_words
from one_to_one.crowd_shelf import CrowdShelf
from one_to_one.errors import DripwiseError
from one_to_one.insight_shelf import InsightShelf
from one_to_one.pack import read_pack
from one_to_one.planner import next_question
from one_to_one.proposals import propose
from one_to_one.texts import Texts
from settings import ROOT, Settings

type App = Sanic[Any, Any]

PAYING = "paying"
"""The key by which links to pay are signed; the shop's own payment page has it too."""

REFILL_SECONDS = 30
REFILLING_EVERY = timedelta(minutes=5)
NEWS_EVERY = timedelta(minutes=1)

log = logging.getLogger("actions")


class Spoken(Action):  # type: ignore[misc]
    """One step of the conversation as Rasa calls it."""

    def __init__(self, desk: Desk, step: Step) -> None:
        self._desk, self._step = desk, step

    def name(self) -> str:
        """What the bot's rules call it."""
        return self._step.name

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """Serve the message and return its number as the marker that it is answered."""
        call = call_of(tracker.sender_id, tracker.latest_message)
        message = await self._desk.serve(self._step, call)
        dispatcher.utter_message(json_message={"message": message})
        return []


def call_of(customer: str, latest: Mapping[str, Any]) -> Call:
    """The message as the bot understood it. Raises KeyError when the bot didn't say which message it is."""
    intent = latest.get("intent") or {}
    return Call(
        message=int(latest["metadata"]["message"]),
        customer=customer,
        intent=str(intent.get("name") or ""),
        confidence=float(intent.get("confidence") or 0.0),
        entities=tuple(latest.get("entities") or ()),
        ranking=tuple(latest.get("intent_ranking") or ()),
    )


def now() -> datetime:
    """The present, aware, UTC."""
    return datetime.now(UTC)


def desk_of(settings: Settings) -> Desk:
    """Everything a turn needs, read from disk. Raises BadPack and UnknownShop."""
    pack = read_pack(settings.shop_folder)
    return Desk(
        store=Store(settings.store_url),
        pack=pack,
        texts=Texts.read(ROOT / "data" / "texts"),
        answers=read_words(ROOT / "data" / "nlu"),
        clock=now,
        silence=timedelta(minutes=settings.contact_minutes),
        origin=settings.origin,
        key=read_or_make_key(settings.keys, "signing"),
        signing_key=read_or_make_key(settings.keys, PAYING),
        shelf=CrowdShelf(pack, settings.home),
        insight=InsightShelf(settings.home),
    )


def warm_up(desk: Desk) -> None:
    """Make what is kept of a shop, which takes seconds for a large one, before the first customer comes."""
    at, crowd = desk.clock(), None if desk.shelf is None else desk.shelf.learned()
    insight = replace(desk.insight(), crowd=crowd)
    next_question(desk.pack, (), {}, 0, at, insight=insight)
    propose(desk.pack, (), (), (), at, insight=insight)


def app_of(desk: Desk) -> App:
    """The web application: `/webhook` and `/health`."""
    executor = ActionExecutor()
    for step in STEPS:
        executor.register_action(Spoken(desk, step))
    app = Sanic("dripwise_actions", configure_logging=False)
    app.ctx.executor = executor
    app.add_route(webhook, "/webhook", methods=["POST"])
    app.add_route(health, "/health")
    app.error_handler.add(Exception, refuse)

    @app.after_server_start
    async def refill(running: App) -> None:
        running.add_task(refill_forever(desk))

    @app.after_server_stop
    async def close(_: App) -> None:
        await desk.store.close()

    return app


async def refill_forever(desk: Desk) -> None:
    """Make the orders that are due, and tell what is new about others, in whichever process comes first.

    What fails is tried again.
    """
    due = Due(desk.store, desk.pack, desk.texts)
    news = News(desk.store, Speaker(desk.pack, desk.texts, desk.answers, desk.signing_key))
    while True:
        await asyncio.sleep(REFILL_SECONDS)
        try:
            if await chores.take(desk.store, "refilling", REFILLING_EVERY, desk.clock()):
                await due.look(desk.clock())
                await chores.done(desk.store, "refilling", desk.clock())
            if await chores.take(desk.store, "order news", NEWS_EVERY, desk.clock()):
                await news.look(desk.clock())
                await chores.done(desk.store, "order news", desk.clock())
        except Exception as error:  # noqa: BLE001 - it must go on; the log has the cause
            log.error("refilling stumbled and goes on: %s", described(error))


async def webhook(request: Request) -> HTTPResponse:
    """Run one action for the bot."""
    try:
        result = await request.app.ctx.executor.run(request.json)
    except ActionNotFoundException as error:
        return as_json({"error": str(error), "action_name": error.action_name}, status=404)
    return as_json(result.model_dump() if result else None)


async def health(_: Request) -> HTTPResponse:
    """Whether the server takes calls."""
    return as_json({"status": "ok"})


def described(error: BaseException) -> str:
    """Where and how it failed. What an outside library says may quote the customer, and stays out."""
    where = "".join(traceback.format_tb(error.__traceback__))
    what = str(error) if isinstance(error, DripwiseError) else ""
    return f"{type(error).__name__} {what}\n{where}"


def _message_of(request: Request) -> object:
    """The number of the message that a call was about; None when the call is malformed."""
    try:
        return request.json["tracker"]["latest_message"]["metadata"]["message"]
    except (KeyError, TypeError, SanicException):
        return None


async def refuse(request: Request, error: Exception) -> HTTPResponse:
    """Any failure is a 5xx without the customer's words; the inbox tries again. The log gets the cause."""
    if isinstance(error, SanicException):
        return as_json({"error": type(error).__name__}, status=error.status_code)
    log.error("message %s failed: %s", _message_of(request), described(error))
    return as_json({"error": type(error).__name__}, status=500)
