"""While a colleague has the conversation the assistant is silent, and no message is lost either way."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

import pytest

from crm_store.models import MessageRow
from one_to_one.opening import Opening, Span
from tests.unit.talking import Said, Talk

GREEN = Said("綠茶", "oxidation", "green")


async def take(talk: Talk, name: str = "Mei") -> bool:
    if not talk.customer:
        await talk.says("你好", "greet")
    async with talk.store.transaction() as books:
        customer = await books.customers.get(talk.customer)
        return await books.floor.take(customer, name, talk.now)


async def give_back(talk: Talk, seen: int | None = None, note: str = "") -> None:
    async with talk.store.transaction() as books:
        customer = await books.customers.get(talk.customer)
        await books.floor.give_back(customer, "Mei", talk.now, note=note, seen=seen)


async def theirs(talk: Talk) -> list[MessageRow]:
    async with talk.store.reading() as books:
        recent = await books.messages.recent(talk.customer, 50)
    return [message for message in recent if message.direction == "in" and message.text != "你好"]


async def test_the_assistant_is_silent_while_a_colleague_has_the_conversation(talk: Talk) -> None:
    await take(talk)
    assert await talk.says("幫我挑三款", "propose") == ""
    assert [message.state for message in await theirs(talk)] == ["held"]


async def test_what_is_said_to_a_colleague_is_remembered(talk: Talk) -> None:
    await take(talk)
    await talk.says("我喜歡綠茶", "inform", GREEN)
    assert ("oxidation", "green", "likes") in await talk.facts()


async def test_a_colleague_is_offered_what_the_assistant_would_say(talk: Talk) -> None:
    await take(talk)
    await talk.says("幫我挑三款", "propose")
    async with talk.store.reading() as books:
        suggested = await books.floor.suggested(talk.customer, talk.now)
        assert suggested["reply"]
        assert await books.proposals.latest(talk.customer) is None


async def test_what_a_colleague_did_not_see_is_the_assistants_again(talk: Talk) -> None:
    await take(talk)
    await talk.says("在嗎", "greet")
    [seen] = await theirs(talk)
    await talk.says("營業時間", "hours")
    await give_back(talk, seen.id)
    assert [message.state for message in await theirs(talk)] == ["answered", "waiting"]


async def test_after_handing_back_the_assistant_answers(talk: Talk) -> None:
    await take(talk)
    await talk.says("在嗎", "greet")
    await give_back(talk, note="換成深焙")
    assert await talk.says("營業時間", "hours") != ""
    async with talk.store.reading() as books:
        [handover] = await books.floor.past(talk.customer)
    assert (handover.colleague, handover.note) == ("Mei", "換成深焙")


async def test_the_customer_may_always_go_back_to_the_assistant(talk: Talk) -> None:
    await talk.says("我要找真人", "human")
    assert talk.offers("bot")
    await take(talk)
    assert await talk.taps("bot") != ""
    assert await talk.says("營業時間", "hours") != ""


async def test_a_second_colleague_may_take_it_from_the_first(talk: Talk) -> None:
    assert await take(talk)
    assert not await take(talk)
    assert await take(talk, "Bo")
    async with talk.store.reading() as books:
        latest, first = await books.floor.past(talk.customer)
    assert (latest.colleague, latest.returned_at) == ("Bo", None)
    assert (first.colleague, first.returned_by) == ("Mei", "Bo")


@pytest.mark.parametrize("words", ["我要找真人", "換人來回我"])
async def test_who_wants_a_person_is_listed_until_somebody_has_them(talk: Talk, words: str) -> None:
    await talk.says(words, "human")
    async with talk.store.reading() as books:
        [waiting] = await books.floor.listed()
    assert waiting.handover.taken_at is None
    await take(talk)
    async with talk.store.reading() as books:
        [had] = await books.floor.listed()
    assert had.handover.colleague == "Mei"


def closed(talk: Talk) -> None:
    """The shop opens tomorrow at ten."""
    week = {(talk.now.astimezone(ZoneInfo("Asia/Taipei")).weekday() + 1) % 7: (Span(time(10), time(19)),)}
    shop = replace(talk.pack.shop, opening=Opening(week, "Asia/Taipei"))
    talk.pack = replace(talk.pack, shop=shop)


async def told(talk: Talk) -> list[str]:
    """What the customer was told unasked."""
    async with talk.store.reading() as books:
        recent = await books.messages.recent(talk.customer, 50)
    return [message.text for message in recent if message.sender == "shop"]


async def test_who_writes_when_nobody_is_there_any_more_is_told_once_when_somebody_will_be(
    talk: Talk,
) -> None:
    closed(talk)
    await take(talk)
    await talk.says("在嗎", "greet")
    await talk.says("哈囉", "greet")
    [once] = await told(talk)
    assert "10:00" in once
    assert [message.state for message in await theirs(talk)] == ["held", "held"]


async def test_while_a_colleague_is_there_nothing_is_said(talk: Talk) -> None:
    closed(talk)
    await take(talk)
    async with talk.store.transaction() as books:
        await books.staff.add("Mei", talk.now)
        await books.staff.here("Mei", talk.now)
    await talk.says("在嗎", "greet")
    assert await told(talk) == []


async def test_who_asks_for_a_person_again_is_told_again_when_somebody_will_be(talk: Talk) -> None:
    closed(talk)
    first = await talk.says("我要找真人", "human")
    again = await talk.says("真人呢", "human")
    assert "10:00" in first
    assert first.startswith(again)
