"""What the questions brought, per topic: counted, and what to do about it."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.app import run
from cli.checking import checked_settings
from cli.reporting import bearing, growing_old
from crm_store.asked import asked
from crm_store.books import Books
from crm_store.migrating import migrate
from crm_store.questions import Put
from crm_store.showing import show
from crm_store.store import Store
from one_to_one.asked import FEW, Advice, Asked
from one_to_one.facts import Heard, MessageId, Polarity, Source
from one_to_one.ledger import QuestionState
from one_to_one.pack import read_pack
from tests.unit.packs import bakery

NOON = datetime(2026, 5, 3, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TOPICS = {"roast": True, "milk": True, "hobby": False}


async def somebody(books: Books, number: int, topic: str, state: QuestionState | None) -> str:
    """A customer who is asked a question on a day of their own, and reacts; None: not at all."""
    at = NOON + number * DAY
    customer = (await books.customers.create("en", at)).id
    await books.questions.put(customer, topic, at, number, Put(gain=0.4, burden=0.1))
    if state is not None:
        await books.questions.mark(customer, topic, state, at, number)
    return customer


async def tells(books: Books, customer: str, topic: str, value: str, number: int) -> int:
    """They say it themselves; returns the fact's number."""
    at = NOON + number * DAY
    message, _ = await books.messages.receive(customer, "web", f"{customer}-{topic}", at, value)
    source = Source(MessageId(message.id), "web", at)
    return (
        await books.facts.learn(
            customer, Heard(topic, value, Polarity.LIKES, 1.0, value), at=at, source=source
        )
    ).id


async def proposes(books: Books, customer: str, outcome: str, *facts: int, number: int = 0) -> None:
    """A proposal that rests on these facts."""
    at = NOON + number * DAY
    row = await books.proposals.add(customer, None, None, at, "TWD", [{"product": "p", "facts": list(facts)}])
    await books.proposals.settle(row, outcome, at)


async def report(books: Books, since: datetime | None = None) -> dict[str, Asked]:
    return {row.topic: row for row in await asked(books.session, TOPICS, since)}


async def test_each_outcome_is_counted_under_its_topic(store: Store) -> None:
    async with store.transaction() as books:
        reactions = [
            QuestionState.ANSWERED,
            QuestionState.ANSWERED,
            QuestionState.DECLINED,
            QuestionState.NOT_NOW,
            None,
        ]
        for number, state in enumerate(reactions):
            await somebody(books, number, "roast", state)
        roast, milk = (await report(books))["roast"], (await report(books))["milk"]
    assert (roast.asked, roast.answered, roast.declined, roast.not_now, roast.unanswered) == (5, 2, 1, 1, 1)
    assert roast.gain == pytest.approx(0.4)
    assert (milk.asked, milk.gain, milk.advice) == (0, None, Advice.NEVER)


async def test_a_question_put_again_counts_twice_and_once_as_unanswered(store: Store) -> None:
    async with store.transaction() as books:
        customer = await somebody(books, 0, "roast", None)
        await books.questions.put(customer, "roast", NOON + 3 * DAY, 2, Put(wording=1))
        await books.questions.mark(customer, "roast", QuestionState.ANSWERED, NOON + 3 * DAY, 2)
        roast = (await report(books))["roast"]
    assert (roast.asked, roast.answered, roast.unanswered) == (2, 1, 1)


async def test_what_is_told_unasked_is_counted_apart(store: Store) -> None:
    async with store.transaction() as books:
        asked_one = await somebody(books, 0, "roast", QuestionState.ANSWERED)
        await tells(books, asked_one, "roast", "dark", 0)
        other = (await books.customers.create("en", NOON)).id
        await tells(books, other, "roast", "light", 0)
        roast = (await report(books))["roast"]
    assert (roast.answered, roast.told_unasked) == (1, 1)


async def test_what_it_was_worth_is_how_often_proposals_with_it_are_accepted(store: Store) -> None:
    async with store.transaction() as books:
        one = await somebody(books, 0, "roast", QuestionState.ANSWERED)
        fact = await tells(books, one, "roast", "dark", 0)
        for outcome in ("accepted", "accepted", "accepted", "rejected"):
            await proposes(books, one, outcome, fact)
        for outcome in ("accepted", "ignored"):
            await proposes(books, one, outcome)
        roast = (await report(books))["roast"]
    assert roast.used == 4
    assert (roast.accepted_with, roast.accepted_without) == (0.75, 0.5)
    assert roast.realised == pytest.approx(0.25)


async def test_only_what_came_since_a_day_is_counted(store: Store) -> None:
    async with store.transaction() as books:
        for number in range(4):
            customer = await somebody(books, number, "roast", QuestionState.ANSWERED)
            await proposes(books, customer, "accepted", number=number)
        roast = (await report(books, NOON + 2 * DAY))["roast"]
    assert roast.asked == 2


def figures(**changed: Any) -> Asked:
    """A question that does well, but for this."""
    counts = {"asked": 100, "confirmed": 0, "answered": 70, "declined": 5, "not_now": 5, "unanswered": 20}
    worth = {"gain": 0.3, "burden": 0.1, "used": 50, "accepted_with": 0.5, "accepted_without": 0.4}
    usual: dict[str, Any] = {"topic": "roast", "told_unasked": 10} | counts | worth
    return Asked(**usual | changed)


@pytest.mark.parametrize(
    ("changed", "advice"),
    [
        ({}, Advice.KEEP),
        ({"asked": FEW - 1}, Advice.WAIT),
        ({"declined": 20, "not_now": 15}, Advice.DROP_REFUSED),
        ({"answered": 15}, Advice.DROP_SILENT),
        ({"used": 0}, Advice.DROP_UNUSED),
        ({"used": 0, "bears": False}, Advice.KEEP),
        ({"told_unasked": 300}, Advice.DROP_UNASKED),
        ({"accepted_with": 0.2}, Advice.LOOK),
    ],
)
def test_the_advice_follows_from_the_figures(changed: dict[str, Any], advice: Advice) -> None:
    assert figures(**changed).advice is advice


def test_the_owner_reads_it_as_a_table_and_programs_as_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DRIPWISE_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    url = f"sqlite+aiosqlite:///{tmp_path / 'dripwise.db'}"
    migrate(url)
    asyncio.run(_one_question(url))
    assert run(["report", "questions"]) == 0
    said = capsys.readouterr().out
    assert "too few to tell" in said
    topics = read_pack(checked_settings().shop_folder).topics
    assert all(said.count(f" {topic} ") == 2 for topic in topics)  # whole, in both tables
    assert run(["report", "questions", "--json", "--since", "2026-05-03"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (rows[0]["topic"], rows[0]["asked"], rows[0]["declined"]) == ("roast", 1, 1)
    assert run(["report", "questions", "--since", "someday"]) == 1


async def _one_question(url: str) -> None:
    store = Store(url)
    async with store.transaction() as books:
        await somebody(books, 0, "roast", QuestionState.DECLINED)
    await store.close()


async def test_an_answer_grown_old_is_shown_as_stale_and_counted_in_the_report(store: Store) -> None:
    pack = bakery()
    now = NOON + 2 * pack.topics["crust"].half_life
    async with store.transaction() as books:
        old = await somebody(books, 0, "crust", QuestionState.ANSWERED)
        await tells(books, old, "crust", "firm", 0)
        fresh = await somebody(books, 0, "crust", QuestionState.ANSWERED)
        await tells(books, fresh, "crust", "firm", (now - NOON).days)
        shown = [(await show(books, one, now, pack=pack))["questions"] for one in (old, fresh)]
        rows = await asked(books.session, bearing(pack), None, growing_old(pack, now))
    assert [line["state"] for lines in shown for line in lines if line["topic"] == "crust"] == [
        "stale",
        "answered",
    ]
    assert {row.topic: row.stale for row in rows}["crust"] == 1
