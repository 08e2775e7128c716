"""The same pages, written to a real customer store: slower, and what the shop itself would write."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from crm_store.books import Books
from crm_store.merging import merge
from crm_store.models import OrderRow
from crm_store.orders import Line
from crm_store.store import Store
from one_to_one.facts import Fact, Heard, Source
from one_to_one.history import Ordered, Rating, Shown
from one_to_one.ledger import Question, QuestionState
from one_to_one.shop import ShopPack
from tests.bench.lives.pages import PROPOSALS

SILENCE = timedelta(minutes=30)


@dataclass(slots=True)
class StorePages:
    """Pages of one customer record in the customer store. Each call is a transaction of its own."""

    pack: ShopPack
    store: Store
    runner: asyncio.Runner
    born: datetime
    customer: str = field(default="")
    contact: int = 0
    channel: str = ""

    def __post_init__(self) -> None:
        """The record is made."""

        async def create(books: Books) -> str:
            return (await books.customers.create("en", self.born)).id

        self.customer = self._do(create)

    def _do[T](self, work: Callable[[Books], Awaitable[T]]) -> T:
        async def transaction() -> T:
            async with self.store.transaction() as books:
                return await work(books)

        return self.runner.run(transaction())

    def begin(self, channel: str, now: datetime) -> int:
        async def begin(books: Books) -> int:
            await books.contacts.end(self.customer)
            contact = await books.contacts.current(self.customer, channel, now, SILENCE)
            await books.facts.drop_provisional(self.customer, contact.id)
            return contact.id

        self.contact, self.channel = self._do(begin), channel
        return self.contact

    def spent(self) -> int:
        async def spent(books: Books) -> int:
            latest = await books.contacts.latest(self.customer)
            return 0 if latest is None else latest.questions_spent

        return self._do(spent)

    def spend(self) -> None:
        async def spend(books: Books) -> None:
            latest = await books.contacts.latest(self.customer)
            if latest is not None:
                await books.contacts.spend_question(latest)

        self._do(spend)

    def facts(self) -> Sequence[Fact]:
        return self._do(lambda books: books.facts.believed(self.customer, contact=self.contact))

    def learn(self, heard: Heard, now: datetime, *, stated: bool = True, provisional: bool = False) -> Fact:
        source = Source(None, self.channel, now)
        return self._do(
            lambda books: books.facts.learn(
                self.customer,
                heard,
                at=now,
                source=source,
                contact=self.contact,
                stated=stated,
                provisional=provisional,
            )
        )

    def end(self, fact: Fact, now: datetime) -> None:
        self._do(lambda books: books.facts.end(fact, now))

    def times_said(self, fact: Fact) -> int:
        return self._do(lambda books: books.facts.times_said(fact))

    def ledger(self) -> Mapping[str, Question]:
        return self._do(lambda books: books.questions.ledger(self.customer))

    def mark(self, topic: str, state: QuestionState, now: datetime) -> None:
        terms = self.pack.topics[topic].terms
        self._do(lambda books: books.questions.mark(self.customer, topic, state, now, self.contact, terms))

    def offer(self, products: Sequence[str], now: datetime) -> None:
        items = [{"product": product} for product in products]
        currency = self.pack.shop.currency
        self._do(lambda books: books.proposals.add(self.customer, self.contact, None, now, currency, items))

    def settle(self, outcome: str, now: datetime) -> None:
        async def settle(books: Books) -> None:
            for proposal in await books.proposals.recent(self.customer, PROPOSALS):
                if proposal.outcome == "open":
                    await books.proposals.settle(proposal, outcome, now)

        self._do(settle)

    def shown(self) -> Sequence[Shown]:
        named = {"changed": "other"}
        recent = self._do(lambda books: books.proposals.recent(self.customer, PROPOSALS))
        return [
            Shown(item["product"], one.at, named.get(one.outcome, one.outcome))
            for one in recent
            for item in one.items
        ]

    def order(self, product: str, options: Mapping[str, str], now: datetime) -> None:
        async def order(books: Books) -> None:
            line = Line(product, product, Decimal(1), Decimal(1), Decimal(1), dict(options))
            row = await books.orders.draft(self.customer, None, [line], now, self.pack.shop.currency)
            await books.orders.place(row, now)

        self._do(order)

    def ordered(self) -> Sequence[Ordered]:
        async def ordered(books: Books) -> list[Ordered]:
            placed = {row.id: row.at for row in await books.orders.placed(self.customer)}
            lines = await books.orders.all_lines(self.customer)
            return [
                Ordered(o.product, dict(o.options), placed[o.order_id], _rating(o.rating), o.id)
                for o in lines
                if o.order_id in placed
            ]

        return self._do(ordered)

    def unrated(self) -> Ordered | None:
        async def unrated(books: Books) -> Ordered | None:
            line = await books.orders.unrated(self.customer)
            if line is None:
                return None
            order = await books.session.get_one(OrderRow, line.order_id)
            return Ordered(line.product, dict(line.options), order.at, None, line.id)

        return self._do(unrated)

    def asked(self, line: int, now: datetime) -> None:
        async def asked(books: Books) -> None:
            row = await books.orders.line(line, self.customer)
            order = None if row is None else await books.orders.get(row.order_id, self.customer)
            if order is not None:
                await books.orders.asked(order, now)

        self._do(asked)

    def rate(self, line: int, rating: Rating, now: datetime) -> None:
        async def rate(books: Books) -> None:
            row = await books.orders.line(line, self.customer)
            if row is not None:
                await books.orders.rate(row, rating.value, None, now)

        self._do(rate)

    def absorb(self, other: StorePages, now: datetime) -> None:
        """Two records are one customer."""
        evidence = {"how": "simulated"}
        self._do(lambda books: merge(books, self.customer, other.customer, evidence, now))


def _rating(word: str | None) -> Rating | None:
    return Rating(word) if word else None
