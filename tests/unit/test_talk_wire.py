"""The wire between the bot and the actions: names, calls, markers and failures."""

from __future__ import annotations

import asyncio
import string
from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.index import STEPS
from actions.server import Spoken, app_of, call_of, described, warm_up
from one_to_one import catalogue
from one_to_one.errors import UnknownCustomer
from one_to_one.language import Language
from one_to_one.replies import PAYLOAD_BYTES
from settings import ROOT
from tests.unit.talking import TEXTS, Said, Talk


def latest(message: int, intent: str, *entities: Mapping[str, Any]) -> dict[str, Any]:
    """The latest message as Rasa's tracker has it."""
    return {
        "text": "…",
        "intent": {"name": intent, "confidence": 0.9},
        "entities": list(entities),
        "metadata": {"message": message},
    }


def test_every_action_of_the_domain_is_there_and_no_other() -> None:
    domain = yaml.safe_load((ROOT / "bot" / "domain.yml").read_text(encoding="utf-8"))
    assert sorted(domain["actions"]) == sorted(step.name for step in STEPS)


async def test_an_action_answers_with_the_number_of_the_message(talk: Talk) -> None:
    message = await talk.receive("你好")
    step = next(step for step in STEPS if step.name == "action_greet")
    dispatcher = CollectingDispatcher()
    tracker = Tracker(talk.customer, {}, latest(message, "greet"), [], False, None, {}, None)
    assert await Spoken(talk.desk, step).run(dispatcher, tracker, {}) == []
    assert [said["custom"] for said in dispatcher.messages] == [{"message": message}]
    assert all(not said["text"] for said in dispatcher.messages)


def test_a_call_without_the_number_of_its_message_is_an_error() -> None:
    with pytest.raises(KeyError):
        call_of("c1", {"intent": {"name": "greet"}, "metadata": {}})


def test_a_failure_is_described_without_the_words_of_others() -> None:
    said = "什麼都有"
    with pytest.raises(ValueError, match=said) as failed:
        raise ValueError(said)
    assert said not in described(failed.value)
    assert "ValueError" in described(failed.value)
    assert "c1" in described(UnknownCustomer(customer="c1"))


async def test_the_server_has_a_webhook_and_a_health_check(talk: Talk) -> None:
    app = app_of(talk.desk)
    assert {route.path for route in app.router.routes} == {"webhook", "health"}


async def test_once_warmed_up_no_customer_waits_for_the_shop_to_be_made(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "_catalogues", {})
    warm_up(talk.desk)
    monkeypatch.setattr(catalogue, "_made", None)
    assert await talk.says("推薦我一款", "propose")


async def test_every_payload_offered_fits_a_button(talk: Talk) -> None:
    for topic, code in (("oxidation", "green"), ("avoid", "nuts")):
        await talk.says("…", "inform", Said("…", topic, code))
    for words, intent in (("推薦", "propose"), ("1", "choose"), ("你記得我什麼", "know_me"), ("?", "help")):
        await talk.says(words, intent)
        assert all(len(payload.encode()) <= PAYLOAD_BYTES for _, payload in talk.buttons)
        assert all(title for title, _ in talk.buttons)


async def test_two_messages_at_once_are_both_answered(talk: Talk) -> None:
    first = await talk.receive("你好")
    second = await talk.receive("我愛綠茶")
    call = ("inform", 1.0, [Said("綠茶", "oxidation", "green").entity("我愛綠茶")])
    await asyncio.gather(talk.serve("action_greet", first), talk.serve("action_inform", second, call))
    assert await talk.heard_back(first)
    assert await talk.heard_back(second)


OURS = sorted(
    path.stem
    for path in (ROOT / "data" / "texts" / "en").glob("*.yml")
    if path.stem not in ("widget", "notices", "telegram")
)


def places(text: str) -> set[str]:
    """The names of the fields of a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("file", OURS)
def test_texts_have_the_same_keys_and_fields_in_every_language(file: str) -> None:
    keys = {tag: {key for key in TEXTS.keys(tag) if key.split(".")[0] == file} for tag in Language}
    assert keys[Language.ENGLISH] == keys[Language.TRADITIONAL] == keys[Language.SIMPLIFIED]
    for key in keys[Language.ENGLISH]:
        fields = [set().union(*map(places, TEXTS.variants(tag, key))) for tag in Language]
        assert fields[0] == fields[1] == fields[2], key
