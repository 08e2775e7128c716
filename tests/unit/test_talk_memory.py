"""What is remembered, what only for now, and how it is shown, corrected and forgotten."""

from __future__ import annotations

from dataclasses import replace

from one_to_one.facts import Polarity
from one_to_one.ledger import QuestionState
from tests.unit.talking import Said, Talk

GREEN = Said("綠茶", "oxidation", "green")
BLACK = Said("紅茶", "oxidation", "black")
NUTS = Said("堅果", "avoid", "nuts", Polarity.NEVER)


async def test_a_preference_said_in_passing_is_noted(talk: Talk) -> None:
    said = await talk.says("謝謝，對了我愛綠茶", "thanks", GREEN)
    assert ("oxidation", "green", "likes") in await talk.facts()
    assert said


async def test_the_newest_word_counts_and_says_so(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    said = await talk.says("最近改喝紅茶", "inform", BLACK)
    assert "綠茶" in said
    assert "紅茶" in said
    assert await talk.facts() == [("oxidation", "black", "likes")]


async def test_the_same_again_is_known_and_not_noted_twice(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    said = await talk.says("我喜歡綠茶", "inform", GREEN)
    assert "記得" in said or "記著" in said
    assert await talk.facts() == [("oxidation", "green", "likes")]


async def test_a_dislike_is_said_as_one(talk: Talk) -> None:
    said = await talk.says("別給我花香", "inform", Said("花香", "scent", "floral", Polarity.DISLIKES))
    assert "不要花香" in said


async def test_a_short_statement_is_repeated_in_their_words(talk: Talk) -> None:
    said = await talk.says("我不喝花香的", "inform", Said("花香", "scent", "floral", Polarity.DISLIKES))
    assert "不喝花香的" in said
    assert "我不喝" not in said


async def test_a_fact_keeps_the_words_it_was_read_from(talk: Talk) -> None:
    await talk.says("你好，我愛綠茶！再見", "inform", GREEN)
    [fact] = await talk.believed()
    assert fact.words == "我愛綠茶"
    assert fact.source.channel == "web"


async def test_what_they_are_known_for_is_listed_with_day_and_words(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.waits(days=3)
    said = await talk.says("你記得我什麼", "know_me")
    assert "發酵：綠茶" in said
    assert "3月2日" in said
    assert "「我愛綠茶」" in said
    assert talk.offers("forget")
    assert talk.offers("correct")
    assert talk.offers("forgetall")


async def test_a_long_memory_is_told_page_by_page(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    wishes = [("floral", "花香"), ("roasted", "焙火香"), ("milky", "奶香")]
    places = [("alishan", "阿里山"), ("assam", "阿薩姆"), ("uji", "宇治")]
    said = [Said(word, "scent", code) for code, word in wishes]
    await talk.says(
        "花香焙火香奶香阿里山阿薩姆宇治",
        "inform",
        *said,
        *(Said(word, "place", code) for code, word in places),
    )
    first = await talk.taps("know")
    second = await talk.taps(talk.payload("know"))
    assert first.count("・") == 4
    assert second.count("・") == 3


async def test_nothing_known_is_said_plainly(talk: Talk) -> None:
    await talk.says("你記得我什麼", "know_me")
    assert not talk.offers("forget")


async def test_one_thing_can_be_forgotten(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.says("你記得我什麼", "know_me")
    said = await talk.taps(talk.payload("forget"))
    assert "綠茶" in said
    assert await talk.facts() == []


async def test_forget_that_i_can_be_typed(talk: Talk) -> None:
    await talk.says("我愛綠茶和花香", "inform", GREEN, Said("花香", "scent", "floral"))
    await talk.says("忘了我愛綠茶", "forget", GREEN)
    assert await talk.facts() == [("scent", "floral", "likes")]


async def test_a_topic_can_be_forgotten_by_its_name(talk: Talk) -> None:
    await talk.says("我叫小林，愛綠茶", "inform", GREEN, Said("小林", "name", "小林"))
    await talk.says("忘掉我的名字", "forget")
    assert await talk.facts() == [("oxidation", "green", "likes")]


async def test_one_thing_can_be_corrected_by_a_button_or_in_words(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.says("你記得我什麼", "know_me")
    await talk.taps(talk.payload("correct"))
    await talk.taps_titled("烏龍")
    assert await talk.facts() == [("oxidation", "oolong", "likes")]
    await talk.says("你記得我什麼", "know_me")
    await talk.taps(talk.payload("correct"))
    await talk.says("紅的")
    assert await talk.facts() == [("oxidation", "black", "likes")]


async def test_everything_is_forgotten_after_a_yes(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.says("忘記我", "forget")
    assert await talk.facts() != []
    said = await talk.taps("forgetyes")
    assert "1" in said
    assert await talk.facts() == []
    async with talk.store.reading() as books:
        kept = await books.messages.history(talk.customer)
    assert not any("綠茶" in row.text for row in kept)


async def test_everything_stays_after_a_no(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.says("全部忘掉", "forget")
    await talk.says("不要", "deny")
    assert await talk.facts() == [("oxidation", "green", "likes")]


async def test_after_forgetting_they_are_a_stranger(talk: Talk) -> None:
    await talk.says("我叫小林", "inform", Said("小林", "name", "小林"))
    await talk.says("忘記我", "forget")
    await talk.says("確定", "affirm")
    await talk.waits(days=1)
    assert "小林" not in await talk.says("你好", "greet")


async def test_something_sensitive_counts_now_and_stays_only_with_a_yes(talk: Talk) -> None:
    said = await talk.says("我對堅果過敏", "inform", NUTS)
    assert "堅果" in said
    assert talk.offers("consent")
    assert ("avoid", "nuts", "never") in await talk.facts()
    await talk.says("可以", "affirm")
    await talk.waits(days=2)
    await talk.says("你好", "greet")
    assert ("avoid", "nuts", "never") in await talk.facts()


async def test_the_words_of_the_consent_are_kept(talk: Talk) -> None:
    await talk.says("我對堅果過敏", "inform", NUTS)
    shown = talk.replies[-1].text.splitlines()[0]
    await talk.taps(talk.payload("consent"))
    async with talk.store.reading() as books:
        consent = (await books.consents.current(talk.customer))["sensitive:avoid"]
    assert consent.state == "granted"
    assert consent.words == shown


async def test_something_sensitive_is_gone_after_a_no_but_safe_until_then(talk: Talk) -> None:
    await talk.says("我對堅果過敏", "inform", NUTS)
    await talk.taps(talk.payload("consent", 1))
    assert ("avoid", "nuts", "never") in await talk.facts()
    await talk.waits(days=2)
    await talk.says("你好", "greet")
    assert await talk.facts() == []
    assert (await talk.ledger())["avoid"].state is QuestionState.DECLINED


async def test_forgetting_something_sensitive_takes_the_consent_back(talk: Talk) -> None:
    await talk.says("我對堅果過敏", "inform", NUTS)
    await talk.taps(talk.payload("consent"))
    await talk.says("忘了我對堅果過敏", "forget", NUTS)
    async with talk.store.reading() as books:
        assert (await books.consents.current(talk.customer))["sensitive:avoid"].state == "revoked"
    await talk.says("我對堅果過敏", "inform", NUTS)
    assert talk.offers("consent")


async def test_consent_refused_is_not_asked_for_again(talk: Talk) -> None:
    await talk.says("我對堅果過敏", "inform", NUTS)
    await talk.taps(talk.payload("consent", 1))
    await talk.waits(days=2)
    said = await talk.says("我對堅果過敏", "inform", NUTS)
    assert "堅果" in said
    assert not talk.offers("consent")
    assert ("avoid", "nuts", "never") in await talk.facts()


async def test_dont_remember_it_is_a_no_to_consent_and_nothing_more(talk: Talk) -> None:
    await talk.says("我對堅果過敏", "inform", NUTS)
    await talk.says("不用記", "forget")
    assert not talk.offers("forgetyes")
    await talk.waits(days=2)
    await talk.says("你好", "greet")
    assert await talk.facts() == []


async def test_silence_is_no_consent(talk: Talk) -> None:
    await talk.says("我對堅果過敏", "inform", NUTS)
    await talk.waits(days=2)
    await talk.says("你好", "greet")
    assert await talk.facts() == []


async def test_nobody_can_touch_what_is_known_about_somebody_else(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    [fact] = await talk.believed()
    other = Talk(talk.store)
    await other.says("你好", "greet")
    await other.taps(f"forget:{fact.id}")
    assert len(await talk.believed()) == 1


async def test_just_today_changes_nothing_lasting(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.says("今天想喝紅茶", "inform", replace(BLACK, lasting=False))
    assert await talk.facts() == [("oxidation", "green", "likes")]


async def test_a_habit_given_up_is_forgotten_without_a_new_one(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.says("以前喝綠茶，現在不了", "inform", replace(GREEN, ends=True))
    assert await talk.facts() == []
