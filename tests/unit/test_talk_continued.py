"""Half-finished conversations, repeated messages, restarts, and two channels that turn out to be one."""

from __future__ import annotations

import pytest

from crm_store.merging import merge
from crm_store.store import Store
from one_to_one.ledger import QuestionState
from tests.unit.talking import Said, Talk

GREEN = Said("綠茶", "oxidation", "green")
OOLONG = Said("烏龍", "oxidation", "oolong")


async def test_a_repeated_message_finds_its_answer_and_does_nothing(talk: Talk) -> None:
    message = await talk.receive("我愛綠茶")
    call = ("inform", 1.0, [GREEN.entity("我愛綠茶")])
    assert await talk.serve("action_inform", message, call) == message
    before = await talk.heard_back(message)
    assert await talk.serve("action_inform", message, call) == message
    assert await talk.heard_back(message) == before
    async with talk.store.reading() as books:
        assert len(await books.facts.history(talk.customer)) == 1


async def test_a_turn_that_fails_leaves_no_trace(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def break_down(*_: object, **__: object) -> None:
        raise RuntimeError

    message = await talk.receive("我愛綠茶")
    call = ("inform", 1.0, [GREEN.entity("我愛綠茶")])
    with monkeypatch.context() as broken:
        broken.setattr("actions.asking.drip", break_down)
        with pytest.raises(RuntimeError):
            await talk.serve("action_inform", message, call)
    assert await talk.facts() == []
    await talk.serve("action_inform", message, call)
    assert await talk.facts() == [("oxidation", "green", "likes")]


async def test_an_answer_may_come_a_week_later(talk: Talk) -> None:
    await talk.says("你好", "greet")
    await talk.waits(days=7)
    await talk.says("中的")
    assert ("oxidation", "oolong", "likes") in await talk.facts()


async def test_a_draft_is_picked_up_after_a_week_and_a_restart(talk: Talk) -> None:
    await talk.says("推薦烏龍", "propose", OOLONG)
    await talk.says("1", "choose")
    await talk.store.close()
    talk.store = Store(talk.store.url)
    await talk.waits(days=7)
    said = await talk.says("在嗎", "greet")
    assert "炭焙烏龍" in said
    assert "3月11日" in said
    await talk.says("好", "affirm")
    async with talk.store.reading() as books:
        assert len(await books.orders.placed(talk.customer)) == 1


async def test_a_proposal_is_picked_up_once_and_then_let_go(talk: Talk) -> None:
    await talk.says("推薦烏龍", "propose", OOLONG)
    await talk.waits(days=7)
    assert "炭焙烏龍" in await talk.says("在嗎", "greet")
    assert not talk.offers("skip")
    await talk.waits(days=7)
    assert "炭焙烏龍" not in await talk.says("在嗎", "greet")


async def test_a_picked_up_proposal_can_still_be_chosen_from(talk: Talk) -> None:
    await talk.says("推薦烏龍", "propose", OOLONG)
    await talk.waits(days=7)
    await talk.says("在嗎", "greet")
    assert "炭焙烏龍" in await talk.says("第一個", "choose")


async def test_a_question_left_unanswered_doesnt_block_the_next(talk: Talk) -> None:
    await talk.says("你好", "greet")
    for _ in range(3):
        await talk.waits(days=9)
        await talk.says("你好", "greet")
        assert talk.offers("skip")


async def test_a_friend_is_reminded_of_what_we_know(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.says("再見", "goodbye")
    await talk.waits(days=7)
    assert "綠茶" in await talk.says("你好", "greet")


async def test_two_channels_that_are_one_customer_share_memory_and_ledger(talk: Talk) -> None:
    await talk.says("你好", "greet")
    await talk.taps("skip:oxidation")
    telegram = Talk(talk.store, channel="telegram", now=talk.now)
    await telegram.says("我愛花香", "inform", Said("花香", "scent", "floral"))
    async with talk.store.transaction() as books:
        await merge(books, talk.customer, telegram.customer, {"by": "link"}, talk.now)
    telegram.customer = talk.customer
    await telegram.waits(days=2)
    await telegram.says("你好", "greet")
    assert "花香" in "\n".join(row.text for row in telegram.replies)
    assert (await telegram.ledger())["oxidation"].state is QuestionState.DECLINED
    assert "skip:oxidation" not in [payload for _, payload in telegram.buttons]


async def test_a_message_received_before_a_merge_is_answered_after_it(talk: Talk) -> None:
    await talk.says("你好", "greet")
    telegram = Talk(talk.store, channel="telegram", now=talk.now)
    message = await telegram.receive("我愛綠茶")
    async with talk.store.transaction() as books:
        await merge(books, talk.customer, telegram.customer, {"by": "link"}, talk.now)
    await telegram.serve("action_inform", message, ("inform", 1.0, [GREEN.entity("我愛綠茶")]))
    assert ("oxidation", "green", "likes") in await talk.facts()
    assert "綠茶" in await telegram.heard_back(message)


@pytest.mark.parametrize(
    ("language", "script"),
    [
        ("zh-Hant", ["你好", "我愛綠茶", "推薦", "第一個", "好", "謝謝"]),
        ("zh-Hans", ["你好，请问在吗", "我爱绿茶", "推荐", "第一个", "好", "谢谢"]),
        (
            "en",
            ["hello there, anyone in?", "i love green tea", "suggest something please", "1", "yes", "thanks"],
        ),
    ],
)
async def test_a_whole_conversation_in_each_language(talk: Talk, language: str, script: list[str]) -> None:
    talk.language = language
    intents = ["greet", "inform", "propose", "choose", "affirm", "thanks"]
    green = [Said(word, "oxidation", "green") for word in ("綠茶", "绿茶", "green tea") if word in script[1]]
    for words, intent in zip(script, intents, strict=True):
        heard = green if intent == "inform" else []
        await talk.says(words, intent, *heard)
        assert {row.language for row in talk.replies} == {language}
    async with talk.store.reading() as books:
        assert len(await books.orders.placed(talk.customer)) == 1
    assert await talk.facts() == [("oxidation", "green", "likes")]
