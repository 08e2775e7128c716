"""The customer's own hand: consent per purpose, the private mode, topics that rest, a copy of everything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_store.export_links import customer_of_link
from one_to_one.facts import Polarity
from one_to_one.ledger import QuestionState
from one_to_one.replies import EXPORT
from one_to_one.shop import Remembering
from tests.unit.talking import Said, Talk, tea_house

GREEN = Said("綠茶", "oxidation", "green")
FLORAL = Said("花香", "scent", "floral")
NUTS = Said("堅果", "avoid", "nuts", Polarity.NEVER)
NAME = Said("小林", "name", "小林")


def asking_first(talk: Talk) -> Talk:
    """A shop that remembers only after a yes."""
    house = tea_house()
    talk.pack = replace(house, shop=replace(house.shop, remembering=Remembering.OPT_IN))
    return talk


async def state(talk: Talk, purpose: str) -> str | None:
    async with talk.store.reading() as books:
        return (await books.consents.states(talk.customer)).get(purpose)


async def audited(talk: Talk) -> list[str]:
    async with talk.store.reading() as books:
        return [row.what for row in await books.audit.listed(talk.customer)]


async def next_day(talk: Talk) -> None:
    await talk.waits(days=1)
    await talk.says("你好", "greet")


async def test_a_stranger_is_told_what_is_remembered_and_can_say_no_at_once(talk: Talk) -> None:
    said = await talk.says("你好", "greet")
    assert "記著" in said
    await talk.taps("consent:remembering:no")
    await talk.says("我愛綠茶", "inform", GREEN)
    assert (await talk.believed())[0].provisional
    await next_day(talk)
    assert await talk.facts() == []


async def test_stop_remembering_deletes_the_profile_and_keeps_nothing_new(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.waits(days=1)
    said = await talk.says("不要再記我的事了", "withdraw")
    assert "1 件" in said
    assert await talk.facts() == []
    await talk.says("我愛花香", "inform", FLORAL)
    assert await talk.facts() == [("scent", "floral", "likes")]
    await next_day(talk)
    assert await talk.facts() == []
    async with talk.store.reading() as books:
        texts = [row.text for row in await books.messages.history(talk.customer)]
    assert not any("花香" in text or "綠茶" in text for text in texts)


async def test_what_was_said_in_this_contact_still_counts_in_it(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.says("私密模式", "withdraw")
    assert "「綠茶」" in await talk.taps("propose")
    await next_day(talk)
    assert await talk.facts() == []


async def test_no_question_is_asked_to_fill_a_profile_that_is_not_wanted(talk: Talk) -> None:
    await talk.says("不要記我的事", "withdraw")
    for _ in range(3):
        await next_day(talk)
        assert "？" not in (await talk.taps("propose")).splitlines()[-1]
    assert await talk.ledger() == {}


async def test_the_private_mode_can_be_left(talk: Talk) -> None:
    await talk.says("私密模式", "withdraw")
    await talk.says("關掉私密模式", "allow")
    await talk.says("我愛綠茶", "inform", GREEN)
    await next_day(talk)
    assert await talk.facts() == [("oxidation", "green", "likes")]


async def test_forgetting_everything_is_no_permission_to_begin_anew(talk: Talk) -> None:
    await talk.says("不要記我的事", "withdraw")
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.taps("forgetyes")
    assert await state(talk, "remembering") == "revoked"


async def test_a_shop_that_asks_first_keeps_nothing_until_the_yes(talk: Talk) -> None:
    said = await asking_first(talk).says("我愛綠茶", "inform", GREEN)
    assert "要我記住嗎" in said
    assert (await talk.believed())[0].provisional
    await talk.says("好", "affirm")
    await next_day(talk)
    assert await talk.facts() == [("oxidation", "green", "likes")]


async def test_a_no_is_asked_about_once_and_what_was_said_is_used_and_gone(talk: Talk) -> None:
    await asking_first(talk).says("我愛綠茶", "inform", GREEN)
    await talk.says("不用", "deny")
    assert "「綠茶」" in await talk.taps("propose")
    await talk.says("我愛花香", "inform", FLORAL)
    assert not talk.offers("consent")
    await next_day(talk)
    assert await talk.facts() == []


async def test_a_shop_that_asks_first_does_not_say_that_it_remembers(talk: Talk) -> None:
    assert "我會先問你" in await asking_first(talk).says("你好", "greet")


async def test_proposals_without_the_profile_on_request_and_with_it_again(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.says("不要再推薦東西給我", "withdraw")
    assert await state(talk, "personal") == "revoked"
    await talk.waits(days=1)
    said = await talk.taps("propose")
    assert "不看以前記的口味" in said
    assert "「綠茶」" not in said
    await talk.says("可以照我的口味推薦", "allow")
    await talk.waits(days=1)
    assert "綠茶" in (await talk.taps("propose")).splitlines()[0]


async def test_what_they_never_want_is_left_out_whatever_they_allow(talk: Talk) -> None:
    await talk.says("我從不喝花香", "inform", replace(FLORAL, polarity=Polarity.NEVER))
    await talk.says("不要再推薦東西給我", "withdraw")
    await talk.waits(days=1)
    said = await talk.taps("propose")
    assert "翠玉" not in said
    assert "玫瑰" not in said


async def test_messages_unasked_are_off_until_a_yes_and_off_again_on_a_word(talk: Talk) -> None:
    await talk.says("你好", "greet")
    assert await state(talk, "unasked") is None
    await talk.says("可以主動傳訊息給我", "allow")
    assert await state(talk, "unasked") == "granted"
    await talk.says("不要再傳訊息給我", "withdraw")
    assert await state(talk, "unasked") == "revoked"


async def test_something_sensitive_is_withdrawn_by_its_name(talk: Talk) -> None:
    await talk.says("我對堅果過敏", "inform", NUTS)
    await talk.taps(talk.payload("consent"))
    await talk.waits(days=1)
    await talk.says("別記我的忌口", "withdraw")
    assert await state(talk, "sensitive:avoid") == "revoked"
    assert await talk.facts() == []


async def test_withdrawing_in_general_shows_what_there_is_to_withdraw(talk: Talk) -> None:
    said = await talk.says("我要撤回同意", "withdraw")
    assert "推薦" in said
    assert len([payload for _, payload in talk.buttons if payload.startswith("consent:")]) == 4


async def test_the_overview_says_how_each_purpose_stands_and_one_tap_changes_it(talk: Talk) -> None:
    await talk.says("可以主動傳訊息給我", "allow")
    said = await talk.says("隱私設定", "privacy")
    assert "主動傳訊息給你：開著（3月2日起）" in said
    assert "記住你說的口味：開著" in said
    assert "記住忌口：關著" in said
    await talk.taps("consent:unasked:no")
    assert await state(talk, "unasked") == "revoked"
    assert "主動傳訊息給你：關著" in await talk.taps("privacy")


async def test_the_words_shown_are_kept_with_every_decision(talk: Talk) -> None:
    await talk.says("可以主動傳訊息給我", "allow")
    async with talk.store.reading() as books:
        [row] = await books.consents.listed(talk.customer)
    assert "主動傳訊息" in row.words
    assert row.message_id is not None


async def test_every_decision_is_in_the_audit(talk: Talk) -> None:
    await talk.says("可以主動傳訊息給我", "allow")
    await talk.says("不要再問我發酵", "pause")
    await talk.says("匯出我的資料", "export")
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.says("忘了我愛綠茶", "forget", GREEN)
    assert await audited(talk) == ["consent", "pause", "export", "forget"]


@pytest.mark.parametrize("intent", ["pause", "decline", "deny", "nlu_fallback"])
async def test_a_topic_rests_when_named_whatever_is_open(talk: Talk, intent: str) -> None:
    await talk.taps("propose")
    await talk.says("別再問我產地", intent)
    assert (await talk.ledger())["place"].state is QuestionState.PAUSED


@pytest.mark.parametrize(
    ("words", "intent", "again"),
    [
        ("你可不可以少問一點", "help", "可以再問我了"),
        ("拜託不要一直問啦", "decline", "你可以再問我問題"),
        ("别问问题了，烦", "complain", "好吧，可以再问我"),
        ("please, stop asking me things", "decline", "ok, you may ask me again"),
    ],
)
async def test_whoever_wants_no_questions_at_all_gets_none_until_they_say_so(
    talk: Talk, words: str, intent: str, again: str
) -> None:
    await talk.says("你好", "greet")  # a question is open now
    await talk.says(words, intent)
    async with talk.store.reading() as books:
        states = {line.state for line in (await books.questions.ledger(talk.customer)).values()}
    assert states == {QuestionState.PAUSED}
    for days in (1, 30, 400):
        await talk.waits(days=days)
        await talk.says("你好", "greet")
        assert not talk.offers("skip")
    await talk.says(again, "allow")
    await talk.waits(days=1)
    await talk.says("你好", "greet")
    assert talk.offers("skip")


async def test_whoever_wants_no_questions_is_not_asked_how_it_was(talk: Talk) -> None:
    await talk.taps("propose")
    await talk.taps(talk.payload("choose"))
    await talk.taps(talk.payload("confirm"))
    await talk.says("不要再問我問題", "pause")
    await talk.waits(days=20)
    await talk.says("你好", "greet")
    assert not talk.offers("rate")


async def test_no_more_questions_about_one_topic_rests_that_one(talk: Talk) -> None:
    await talk.says("別再問我問題，發酵的都別問", "pause")
    async with talk.store.reading() as books:
        lines = (await books.questions.ledger(talk.customer)).values()
    assert [line.topic for line in lines if line.state is QuestionState.PAUSED] == ["oxidation"]


async def test_dont_ask_me_this_again_is_about_the_open_question(talk: Talk) -> None:
    await talk.taps("propose")
    [asked] = [name for name, line in (await talk.ledger()).items() if line.state is QuestionState.ASKED]
    await talk.says("以後別問這個了", "pause")
    assert (await talk.ledger())[asked].state is QuestionState.PAUSED


async def test_what_rests_stays_at_rest_when_it_comes_up_by_itself(talk: Talk) -> None:
    await talk.says("別再問我發酵", "pause")
    await talk.says("我愛綠茶", "inform", GREEN)
    assert (await talk.ledger())["oxidation"].state is QuestionState.PAUSED
    assert await talk.facts() == [("oxidation", "green", "likes")]


async def test_a_topic_is_opened_again_by_word_or_tap(talk: Talk) -> None:
    await talk.says("別再問我發酵", "pause")
    await talk.taps(talk.payload("pause"))
    assert (await talk.ledger())["oxidation"].state is QuestionState.UNASKED
    await talk.says("別再問我發酵", "pause")
    await talk.says("發酵可以再問", "allow")
    assert (await talk.ledger())["oxidation"].state is QuestionState.UNASKED


async def test_each_topic_can_be_put_to_rest_from_the_list(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.says("你記得我什麼", "know_me")
    await talk.taps(talk.payload("pause"))
    assert (await talk.ledger())["oxidation"].state is QuestionState.PAUSED


async def test_the_list_says_why_and_what_for(talk: Talk) -> None:
    await talk.taps("propose")
    await talk.says("綠的", "inform", GREEN)
    said = await talk.says("你記得我什麼", "know_me")
    assert "我問過你；用途：好替你挑" in said


async def test_the_list_says_since_when_and_when_last(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.waits(days=10)
    await talk.says("我愛綠茶", "inform", GREEN)
    assert "3月2日起，最近一次3月12日" in await talk.says("你記得我什麼", "know_me")


async def test_the_list_says_what_has_grown_old(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.waits(days=800)
    assert "再確認" in await talk.says("你記得我什麼", "know_me")


async def test_one_topic_is_forgotten_by_name_and_never_everything(talk: Talk) -> None:
    await talk.says("我叫小林，愛綠茶", "inform", GREEN, NAME)
    said = await talk.says("忘記我的份量", "forget")
    assert "份量" in said
    assert not talk.offers("forgetyes")
    await talk.says("忘記我的稱呼", "forget")
    assert await talk.facts() == [("oxidation", "green", "likes")]


async def test_what_is_forgotten_leaves_no_version_behind(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.waits(days=2)
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.says("忘了我愛綠茶", "forget", GREEN)
    async with talk.store.reading() as books:
        assert await books.facts.history(talk.customer) == []


async def test_a_copy_of_everything_is_behind_a_link_that_only_they_have(talk: Talk) -> None:
    said = await talk.says("匯出我的資料", "export")
    [html] = [line.split("：")[-1] for line in said.splitlines() if line.endswith(".html")]
    token = html.rpartition("/")[2].removesuffix(".html")
    async with talk.store.reading() as books:
        assert await customer_of_link(books, token, talk.now) == talk.customer
        assert await customer_of_link(books, token + "x", talk.now) is None
    await talk.waits(minutes=16)
    async with talk.store.reading() as books:
        assert await customer_of_link(books, token, talk.now) is None


async def test_on_telegram_the_copy_comes_as_files(talk: Talk) -> None:
    talk.channel = "telegram"
    said = await talk.says("匯出我的資料", "export")
    assert "http" not in said
    assert talk.replies[-1].document == EXPORT


async def test_everything_forgotten_says_what_the_law_keeps(talk: Talk) -> None:
    await talk.taps("propose")
    await talk.taps(talk.payload("choose"))
    await talk.taps(talk.payload("confirm"))
    said = await talk.taps("forgetyes")
    assert "訂單 1 筆" in said


async def an_order(talk: Talk) -> None:
    await talk.taps("propose")
    await talk.taps(talk.payload("choose"))
    await talk.taps(talk.payload("confirm"))


async def test_after_the_first_order_they_are_asked_whether_we_may_write_first(talk: Talk) -> None:
    await an_order(talk)
    assert "主動傳訊息" in talk.replies[-1].text
    await talk.says("好", "affirm")
    assert await state(talk, "unasked") == "granted"


async def test_stop_remembering_is_no_answer_to_whether_we_may_write(talk: Talk) -> None:
    await an_order(talk)
    await talk.says("不要再記我的事了", "withdraw")
    assert await state(talk, "remembering") == "revoked"
    assert await state(talk, "unasked") is None


async def test_a_no_to_being_written_to_is_final(talk: Talk) -> None:
    await an_order(talk)
    await talk.taps(talk.payload("consent", 1))
    assert await state(talk, "unasked") == "denied"
    for _ in range(3):
        await talk.waits(days=1)
        await an_order(talk)
        assert "主動傳訊息" not in talk.replies[-1].text


async def test_who_stopped_the_channel_sees_it_in_the_overview(talk: Talk) -> None:
    await talk.says("可以主動傳訊息給我", "allow")
    async with talk.store.transaction() as books:
        (await books.customers.get(talk.customer)).stopped_at = talk.now
    assert "主動傳訊息給你：關著" in await talk.taps("privacy")


async def test_an_allergy_is_forgotten_even_where_its_word_is_read_as_a_taste(talk: Talk) -> None:
    await talk.says("我對堅果過敏", "inform", Said("堅果", "avoid", "nuts", "never"))
    await talk.taps("consent:avoid:yes")
    assert await talk.facts() == [("avoid", "nuts", "never")]
    await talk.says("忘掉堅果", "forget", Said("堅果", "scent", "roasted"))
    assert await talk.facts() == []


async def test_taking_back_one_consent_is_no_answer_to_the_question_of_another(talk: Talk) -> None:
    await talk.says("我對堅果過敏", "inform", Said("堅果", "avoid", "nuts", "never"))
    await talk.taps("consent:avoid:yes")
    async with talk.store.transaction() as books:
        customer = await books.customers.get(talk.customer)
        customer.focus = {"kind": "consent", "ref": "unasked", "at": talk.now.isoformat()}
    await talk.says("別記我的忌口", "withdraw")
    async with talk.store.reading() as books:
        states = await books.consents.states(talk.customer)
    assert states["sensitive:avoid"] == "revoked"
    assert "unasked" not in states
