"""Whatever is said, corrected, allowed, forgotten and paused, in whatever order: memory stays in order."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crm_store.store import Store
from one_to_one.facts import Fact, Polarity
from one_to_one.ledger import QuestionState
from tests.unit.shopfronts import new_store
from tests.unit.talking import Said, Talk

SAID = [
    Said("綠茶", "oxidation", "green"),
    Said("紅茶", "oxidation", "black"),
    Said("花香", "scent", "floral"),
    Said("奶香", "scent", "milky"),
    Said("堅果", "avoid", "nuts", "never"),
]
plain = st.sampled_from(SAID)
coloured = st.builds(
    replace,
    st.sampled_from(SAID),
    polarity=st.sampled_from([polarity.value for polarity in Polarity]),
    lasting=st.sampled_from([True, True, True, False]),
    ends=st.sampled_from([False, False, False, True]),
    who=st.sampled_from(["", "", "", "mother"]),
)
WISHES = {
    "withdraw": ["不要再記我的事", "不要再推薦東西給我", "不要再傳訊息給我", "別記我的忌口"],
    "allow": ["可以記住我了", "可以照我的口味推薦", "可以傳訊息給我", "發酵可以再問"],
    "pause": ["別再問我發酵", "別再問我產地"],
    "forget": ["忘記我的香氣", "忘記我的發酵"],
    "know_me": ["你記得我什麼"],
    "export": ["匯出我的資料"],
    "inform": ["以後都這樣", "這次就好"],
}
wishes = st.sampled_from([(intent, text) for intent, texts in WISHES.items() for text in texts])
taps = st.sampled_from(["propose", "forgetyes", "know", "privacy", "holds:lasting", "consent:avoid:yes"])
buttons = st.sampled_from(["forget", "correct", "answer", "consent", "pause", "still"])
pauses = st.sampled_from([1, 40, 60 * 24 * 200])  # minutes
said_steps = st.one_of(plain, plain, coloured).map(lambda said: ("says", said))
other_steps = st.one_of(
    wishes.map(lambda wish: ("wishes", wish)),
    taps.map(lambda payload: ("taps", payload)),
    buttons.map(lambda verb: ("presses", verb)),
    pauses.map(lambda minutes: ("waits", minutes)),
)
steps = st.lists(st.one_of(said_steps, other_steps), min_size=4, max_size=14)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("memory")


@given(steps)
@example([("says", SAID[0]), ("says", SAID[1])])
@example([("says", SAID[0]), ("waits", 40), ("wishes", ("withdraw", "不要再記我的事")), ("says", SAID[2])])
@example([("says", SAID[4]), ("presses", "consent"), ("wishes", ("withdraw", "別記我的忌口")), ("waits", 40)])
@example([("wishes", ("pause", "別再問我發酵")), ("says", SAID[0]), ("waits", 40), ("says", SAID[2])])
@settings(max_examples=25)
def test_memory_stays_in_order(folder: Path, made: Sequence[tuple[str, object]]) -> None:
    asyncio.run(_lived(new_store(folder), made))


async def _lived(store: Store, made: Sequence[tuple[str, object]]) -> None:
    talk = Talk(store)
    await talk.says("你好", "greet")
    paused: set[str] = set()
    for kind, what in made:
        await _do(talk, kind, what)
        await _in_order(talk)
        paused = await _still_paused(talk, paused, kind, what)
    await store.close()


async def _do(talk: Talk, kind: str, what: object) -> None:
    match kind, what:
        case "says", Said() as said:
            await talk.says(f"我要說{said.words}", "inform", said)
        case "wishes", (str(intent), str(text)):
            await talk.says(text, intent)
        case "taps", str(payload):
            await talk.taps(payload)
        case "presses", str(verb) if talk.offers(verb):
            await talk.taps(talk.payload(verb))
        case "waits", int(minutes):
            await talk.waits(minutes=minutes)
        case _:
            await talk.says("好", "affirm")


async def _in_order(talk: Talk) -> None:
    believed = await talk.believed()
    async with talk.store.reading() as books:
        known = await books.facts.as_of(talk.customer, talk.now, talk.now)
        states = await books.consents.states(talk.customer)
        history = await books.facts.history(talk.customer)
    about = [fact for fact in believed if fact.topic in talk.pack.topics]
    kept = [fact for fact in about if not fact.provisional]
    assert {fact.id for fact in kept} <= {fact.id for fact in known}  # the past leads to the present
    likes = Counter(fact.topic for fact in about if fact.polarity is Polarity.LIKES)
    assert likes["oxidation"] <= 1
    assert max(Counter((fact.topic, fact.value) for fact in about).values(), default=0) <= 1
    assert all(fact.words and fact.source.message for fact in kept)
    if states.get("remembering") in ("denied", "revoked"):
        assert all(fact.provisional for fact in history)
    if states.get("sensitive:avoid") != "granted":
        assert not _about("avoid", kept)


def _about(topic: str, facts: Sequence[Fact]) -> list[Fact]:
    return [fact for fact in facts if fact.topic == topic]


async def _still_paused(talk: Talk, paused: set[str], kind: str, what: object) -> set[str]:
    """What rests goes on resting, unless the customer opened it or had everything forgotten."""
    lines = (await talk.ledger()).values()
    now = {line.topic for line in lines if line.state is QuestionState.PAUSED}
    others = [wish for intent, texts in WISHES.items() if intent != "pause" for wish in texts]
    freed = kind in ("taps", "presses") or (isinstance(what, tuple) and what[1] in others)
    assert freed or paused <= now
    return now
