"""`customer show --why`: the ranking behind the next question."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.app import run
from crm_store.books import Books
from crm_store.migrating import migrate
from crm_store.questions import Put
from crm_store.store import Store
from one_to_one.facts import Heard, Polarity, Source
from one_to_one.ledger import QuestionState

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


class Owner:
    """The owner at the command line, with one customer of the coffee shop."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.url = f"sqlite+aiosqlite:///{home / 'dripwise.db'}"
        self.capsys = capsys
        home.mkdir()
        migrate(self.url)
        self.customer = ""
        self.does(self._create)

    async def _create(self, books: Books) -> None:
        self.customer = (await books.customers.create("zh-Hant", NOW - 900 * DAY)).id

    def does(self, work: Callable[[Books], Awaitable[object]]) -> None:
        """Something happens in the store."""

        async def through() -> None:
            store = Store(self.url)
            async with store.transaction() as books:
                await work(books)
            await store.close()

        asyncio.run(through())

    def marks(self, topic: str, state: QuestionState, days: float) -> None:
        """A question got this state so many days ago."""

        async def work(books: Books) -> None:
            await books.questions.put(self.customer, topic, NOW - days * DAY, 77, Put())
            await books.questions.mark(self.customer, topic, state, NOW - days * DAY, 77)

        self.does(work)

    def asks_why(self) -> dict[str, Any]:
        """What `--why --json` tells."""
        assert run(["customer", "show", self.customer, "--why", "--json"]) == 0
        why: dict[str, Any] = json.loads(self.capsys.readouterr().out)["why"]
        return why

    def row(self, topic: str) -> dict[str, Any]:
        """One line of the ranking."""
        [row] = [one for one in self.asks_why()["ranking"] if one["topic"] == topic]
        return dict(row)


@pytest.fixture
def owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Owner:
    monkeypatch.setenv("DRIPWISE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "220")
    return Owner(tmp_path / "home", capsys)


def test_the_ranking_is_by_value_and_its_first_is_asked_next(owner: Owner) -> None:
    why = owner.asks_why()
    open_ones = [one for one in why["ranking"] if one["excluded"] is None]
    assert why["next"] == open_ones[0]["topic"]
    assert [one["value"] for one in open_ones] == sorted((one["value"] for one in open_ones), reverse=True)
    assert open_ones[0]["value"] == pytest.approx(open_ones[0]["gain"] - open_ones[0]["burden"], abs=2e-4)


def test_each_is_explained_in_every_language_of_the_shop(owner: Owner) -> None:
    first = owner.asks_why()["ranking"][0]
    assert set(first["because"]) == {"zh-Hant", "zh-Hans", "en"}
    assert first["because"]["en"].startswith("because it decides between")
    assert len(first["between"]) == 2


def test_refusals_are_shown_with_the_day_they_end(owner: Owner) -> None:
    owner.marks("milk", QuestionState.DECLINED, 10)
    owner.marks("roast", QuestionState.NOT_NOW, 2)
    owner.marks("name", QuestionState.DECLINED, 10)
    declined, later, name = owner.row("milk"), owner.row("roast"), owner.row("name")
    assert (declined["excluded"], declined["until"][:10]) == ("declined", f"{NOW + 720 * DAY:%Y-%m-%d}")
    assert (later["excluded"], later["until"][:10]) == ("not now", f"{NOW + 5 * DAY:%Y-%m-%d}")
    assert (name["excluded"], name["until"]) == ("declined", None)


def test_a_paused_and_a_sensitive_topic_say_so(owner: Owner) -> None:
    assert owner.row("avoid")["excluded"] == "sensitive: not the first, nor after another one"
    owner.marks("body", QuestionState.PAUSED, 3)
    assert owner.row("body")["excluded"] == "paused by the customer"


def test_an_old_answer_is_ranked_as_one_to_confirm(owner: Owner) -> None:
    async def long_ago(books: Books) -> None:
        at = NOW - 850 * DAY
        heard, source = Heard("roast", "dark", Polarity.LIKES, 1.0, "dark"), Source(None, "web", at)
        await books.facts.learn(owner.customer, heard, at=at, source=source)
        await books.questions.mark(owner.customer, "roast", QuestionState.ANSWERED, at, 1)

    owner.does(long_ago)
    row = owner.row("roast")
    assert row["confirms"]
    assert row["because"]["en"].startswith("because the answer is from")


def test_what_keeps_the_shop_from_asking_at_all_is_told(owner: Owner) -> None:
    async def spoken(books: Books) -> None:
        contact = await books.contacts.current(owner.customer, "web", NOW, timedelta(minutes=30))
        await books.contacts.spend_question(contact)

    owner.does(spoken)
    why = owner.asks_why()
    assert (why["next"], why["silence"]) == (None, "the questions of this contact are spent")


def test_an_open_complaint_keeps_it_from_asking(owner: Owner) -> None:
    async def complain(books: Books) -> None:
        message, _ = await books.messages.receive(owner.customer, "web", "c", NOW - DAY, "burnt")
        await books.complaints.add(owner.customer, message.id, "burnt", NOW - DAY)

    owner.does(complain)
    assert owner.asks_why()["silence"] == "something else is being handled"


def test_the_ranking_is_printed_as_a_table(owner: Owner) -> None:
    assert run(["customer", "show", owner.customer, "--why"]) == 0
    printed = owner.capsys.readouterr().out
    assert "Next question:" in printed
    assert "because it decides between" in printed


def test_without_why_nothing_is_ranked(owner: Owner) -> None:
    assert run(["customer", "show", owner.customer, "--json"]) == 0
    assert "why" not in json.loads(owner.capsys.readouterr().out)
