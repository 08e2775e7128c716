"""People of a company order what was agreed for their role; dear things wait for a colleague's yes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from actions.order_news import News
from actions.speaking_first import Speaker
from crm_store.companies import new_code
from crm_store.models import MessageRow
from crm_store.store import Store
from one_to_one.order_states import OrderState
from one_to_one.pack import read_pack
from settings import ROOT
from tests.unit.talking import ANSWERS, START, TEXTS, Said, Talk

SHOP = ROOT / "data" / "shops" / "computer"
TERMS = (SHOP / "companies" / "north_wind.yml").read_text(encoding="utf-8")
COMPANY = "north_wind"


async def invitation(store: Store, role: str, people: int = 1) -> str:
    """A code for so many people of the company."""
    async with store.transaction() as books:
        await books.companies.put(COMPANY, TERMS, START)
        return await books.companies.invite(COMPANY, role, people, START, START + timedelta(days=30))


async def person(store: Store, role: str, language: str = "en") -> Talk:
    """Somebody who entered the company in the chat."""
    talk = Talk(store, read_pack(SHOP), language=language)
    code = (await invitation(store, role)).lower()
    await talk.says(f"my code is {code}" if language == "en" else f"我的邀請碼是 {code}")
    return talk


@pytest.fixture
async def designer(talk: Talk) -> Talk:
    """A designer of the company, who speaks English."""
    return await person(talk.store, "designer")


@pytest.fixture
async def head(talk: Talk) -> Talk:
    """Who decides there, and speaks Chinese."""
    return await person(talk.store, "head", "zh-Hant")


async def told(talk: Talk) -> list[MessageRow]:
    """What was said to somebody unasked."""
    async with talk.store.reading() as books:
        return [row for row in await books.messages.history(talk.customer) if row.reply_to is None
                and row.direction == "out"]  # fmt: skip


async def state_of_the_order(talk: Talk) -> str:
    """How the last order stands."""
    async with talk.store.reading() as books:
        return (await books.orders.listed(talk.customer))[-1].state


async def order_two(talk: Talk) -> str:
    """Two of the first agreed thing, which is above a designer's limit."""
    await talk.says("what do you have for me", "propose")
    await talk.says("the first one", "choose")
    await talk.says("two please", "change")
    return await talk.says("yes", "affirm")


async def test_an_invitation_makes_somebody_a_person_of_the_company(talk: Talk) -> None:
    buyer = Talk(talk.store, read_pack(SHOP), language="en")
    said = await buyer.says(f"Hi, {await invitation(talk.store, 'designer')}")
    assert "North Wind Design" in said
    assert "designer" in said
    assert "NT$65,000" in said


async def test_what_was_agreed_for_the_role_is_proposed_with_its_price(designer: Talk) -> None:
    said = await designer.says("recommend something", "propose")
    assert said.startswith("What North Wind Design agreed on")
    assert len([line for line in said.splitlines() if "NT$" in line]) == 2


async def test_whoever_wishes_for_something_else_gets_proposals_like_everybody(designer: Talk) -> None:
    said = await designer.says("something for games", "propose", Said("games", "use", "gaming"))
    assert "North Wind" not in said.splitlines()[0]


async def test_an_invitation_lets_only_so_many_in(talk: Talk) -> None:
    code = await invitation(talk.store, "designer", people=2)
    said = [
        await Talk(talk.store, read_pack(SHOP), channel=f"w{n}", language="en").says(code) for n in range(3)
    ]
    assert ["North Wind" in one for one in said] == [True, True, False]


async def test_an_invitation_that_ran_out_or_was_made_up_lets_nobody_in(talk: Talk) -> None:
    code = await invitation(talk.store, "designer")
    await talk.waits(days=31)
    assert "邀請碼不對" in await talk.says(code)
    assert "邀請碼不對" in await talk.says(new_code())


async def test_guessing_is_stopped(talk: Talk) -> None:
    said = [await talk.says(new_code()) for _ in range(6)]
    assert "試了好幾次" in said[-1]
    assert "試了好幾次" in await talk.says(await invitation(talk.store, "designer"))


async def test_whoever_speaks_of_an_invitation_is_told_what_to_do(talk: Talk) -> None:
    assert "ABCD-EFGH-JKLM" in await talk.says("我有公司邀請碼", "inform")


async def test_an_order_within_the_limit_is_placed_at_once(designer: Talk) -> None:
    await designer.says("what do you have for me", "propose")
    await designer.says("the first one", "choose")
    await designer.says("yes", "affirm")
    assert await state_of_the_order(designer) == OrderState.PLACED


async def test_an_order_above_the_limit_waits_and_whoever_decides_is_asked(
    designer: Talk, head: Talk
) -> None:
    said = await order_two(designer)
    assert "above your limit of NT$65,000" in said
    assert await state_of_the_order(designer) == OrderState.AWAITING
    [question] = await told(head)
    assert question.language == "zh-Hant"
    assert "設計師想訂" in question.text
    assert [button["title"] for button in question.buttons] == ["同意", "不同意"]


async def test_a_yes_in_the_chat_places_the_order_and_tells_whoever_waits(designer: Talk, head: Talk) -> None:
    await order_two(designer)
    await head.says("可以", "affirm")
    assert await state_of_the_order(designer) == OrderState.PLACED
    said = [row.text for row in await told(designer)]
    assert "North Wind Design agreed" in said[0]
    assert any("Ordered" in text or "Done" in text for text in said)


async def test_a_no_drops_the_order_and_tells_whoever_waits(designer: Talk, head: Talk) -> None:
    await order_two(designer)
    [question] = await told(head)
    await head.taps(question.buttons[1]["payload"])
    assert await state_of_the_order(designer) == OrderState.CANCELLED
    assert "didn't agree" in (await told(designer))[-1].text


async def test_a_second_tap_decides_nothing_again(designer: Talk, head: Talk) -> None:
    await order_two(designer)
    [question] = await told(head)
    await head.taps(question.buttons[0]["payload"])
    assert "已經有人同意" in await head.taps(question.buttons[1]["payload"])
    assert await state_of_the_order(designer) == OrderState.PLACED


async def test_nobody_else_decides(designer: Talk, head: Talk) -> None:
    await order_two(designer)
    [question] = await told(head)
    payload = question.buttons[0]["payload"]
    for other in (designer, Talk(designer.store, read_pack(SHOP), channel="other")):
        await other.taps(payload)
    assert await state_of_the_order(designer) == OrderState.AWAITING


async def test_an_order_that_waits_can_be_asked_about_and_taken_back(designer: Talk, head: Talk) -> None:
    await order_two(designer)
    assert "above your limit" in await designer.says("where is my order", "order_status")
    await designer.taps(designer.payload("cancel"))
    assert await state_of_the_order(designer) == OrderState.CANCELLED
    [question] = await told(head)
    assert "自己取消" in await head.taps(question.buttons[0]["payload"])


async def test_at_night_nobody_is_asked_before_their_next_visit(designer: Talk, head: Talk) -> None:
    await designer.waits(hours=12)
    await order_two(designer)
    assert await told(head) == []
    await head.waits(hours=26)
    assert "設計師想訂" in await head.says("早安", "greet")


async def test_when_the_quiet_is_over_whoever_decides_is_asked_once(designer: Talk, head: Talk) -> None:
    await designer.waits(hours=12)
    await order_two(designer)
    news = News(designer.store, Speaker(designer.pack, TEXTS, ANSWERS))
    assert await news.look(designer.now) == 0
    await designer.waits(hours=12)
    assert await news.look(designer.now) == 1
    [question] = await told(head)
    assert "設計師想訂" in question.text
    assert await news.look(designer.now) == 0
    await head.waits(hours=24)
    await head.taps(question.buttons[0]["payload"])
    assert await state_of_the_order(designer) == OrderState.PLACED


async def test_without_anybody_who_decides_a_colleague_is_offered(designer: Talk) -> None:
    assert "Nobody who decides" in await order_two(designer)


async def test_only_agreed_things_pass_for_some_roles(talk: Talk, head: Talk) -> None:
    clerk = await person(talk.store, "clerk")
    await clerk.says("something for games", "propose", Said("games", "use", "gaming"))
    await clerk.says("the first one", "choose")
    said = await clerk.says("yes", "affirm")
    assert "isn't one of the agreed ones" in said
    assert len(await told(head)) == 1


async def test_it_is_known_and_can_be_left(designer: Talk) -> None:
    assert "North Wind Design" in await designer.says("what do you know about me", "know_me")
    await designer.taps(designer.payload("leave"))
    assert "agreed on" not in await designer.says("recommend something", "propose")


async def test_the_invoice_is_made_out_to_the_company(designer: Talk) -> None:
    await designer.says("what do you have for me", "propose")
    assert "12345675" in await designer.says("the first one", "choose")


async def test_in_the_evening_it_is_said_when_it_will_be_asked_and_who_writes_is_asked_at_once(
    designer: Talk, head: Talk
) -> None:
    evening = head.now.replace(hour=14)  # 22:00 at the shop
    designer.now = head.now = evening
    await head.says("hello", "greet")
    await order_two(designer)
    assert "09:30" in designer.replies[-1].text
    assert not await told(head)
    head.now = designer.now
    await head.says("謝謝", "thanks")
    assert any("設計師想訂" in row.text for row in head.replies)
