"""Made-up customers with a past, for tests of what colleagues see of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from crm_store.books import Books
from crm_store.merging import merge
from crm_store.orders import Line
from crm_store.questions import Put
from one_to_one.consent import State
from one_to_one.facts import Heard, MessageId, Polarity, Source
from one_to_one.ledger import QuestionState
from one_to_one.order_states import OrderState
from tests.unit.shopfronts import Front

SILENCE = timedelta(minutes=30)


@dataclass
class Made:
    """A customer in the making: everything they do happens at the clock's time."""

    front: Front
    books: Books
    id: str
    channel: str = "web"

    async def says(self, words: str) -> int:
        """A message; its number."""
        now = self.front.clock()
        contact = await self.books.contacts.current(self.id, self.channel, now, SILENCE)
        row, _ = await self.books.messages.receive(self.id, self.channel, None, now, words)
        row.contact_id = contact.id
        return row.id

    async def tells(
        self, topic: str, value: str, polarity: Polarity = Polarity.LIKES, words: str = "", **how: bool
    ) -> int:
        """A message from which something is learned; the number of the fact."""
        message = await self.says(words or f"{value}!")
        heard = Heard(topic, value, polarity, 0.9, words)
        now = self.front.clock()
        source = Source(MessageId(message), self.channel, now)
        contact = await self.books.contacts.latest(self.id)
        number = None if contact is None else contact.id
        fact = await self.books.facts.learn(self.id, heard, at=now, source=source, contact=number, **how)
        return fact.id

    async def orders(self, product: str, price: str, state: OrderState = OrderState.PLACED) -> int:
        """An order of one thing; its number."""
        line = Line(product, product.title(), Decimal(price), Decimal(1), Decimal(2))
        row = await self.books.orders.draft(self.id, None, [line], self.front.clock(), "TWD")
        if state is not OrderState.DRAFT:
            await self.books.orders.place(row, self.front.clock())
        if state not in (OrderState.DRAFT, OrderState.PLACED):
            await self.books.orders.move(row, state, self.front.clock(), "cli")
        return row.id

    async def complains(self, words: str) -> int:
        """A complaint, with the promise that follows it; its number."""
        message, now = await self.says(words), self.front.clock()
        row = await self.books.complaints.add(self.id, message, words, now)
        due = now + timedelta(days=1)
        await self.books.promises.add(self.id, message, "complaint", "staff", now, due)
        return row.id

    async def is_asked(self, topic: str, state: QuestionState = QuestionState.ASKED) -> None:
        """A question, and what became of it."""
        contact = await self.books.contacts.latest(self.id)
        number = None if contact is None else contact.id
        await self.books.questions.put(self.id, topic, self.front.clock(), number, Put())
        if state is not QuestionState.ASKED:
            await self.books.questions.mark(self.id, topic, state, self.front.clock(), number)

    async def is_shown(self, *products: str) -> None:
        """A proposal."""
        items = [
            {"product": name, "options": {}, "price": "5", "cost": "1", "facts": []} for name in products
        ]
        await self.books.proposals.add(self.id, None, None, self.front.clock(), "TWD", items)


async def arrives(front: Front, books: Books, language: str = "en", channel: str = "web") -> Made:
    """Somebody new."""
    row = await books.customers.create(language, front.clock())
    return Made(front, books, row.id, channel)


async def rich(front: Front, books: Books) -> Made:
    """Somebody with everything: a name, tastes, orders, a complaint, a promise, questions, two channels."""
    made = await arrives(front, books)
    await books.customers.identify(made.id, "web", "browser-1", "session", front.clock())
    await made.tells("name", "Harriet", words="I'm Harriet")
    await made.tells("grain", "rye", words="rye, always")
    await made.tells("contains", "gluten", Polarity.NEVER, "no gluten, I'm allergic")
    await made.tells("crust", "soft", words="perhaps soft", stated=False)
    await books.consents.record(made.id, "sensitive:contains", State.GRANTED, "May I?", front.clock())
    await made.is_asked("filling", QuestionState.DECLINED)
    await made.is_shown("pumpernickel", "rice")
    await made.orders("rice", "8")
    front.clock.turn(hours=24 * 40)
    await made.complains("the crust was <b>burnt</b>")
    await made.orders("pumpernickel", "5", OrderState.DRAFT)
    return made


async def joined(front: Front, books: Books) -> tuple[Made, Made]:
    """Two who were found to be one: who stays, and who came with them."""
    stays = await arrives(front, books)
    await stays.tells("name", "Harriet")
    goes = await arrives(front, books, channel="telegram")
    await books.customers.identify(goes.id, "telegram", "555000111", "telegram", front.clock())
    await goes.tells("grain", "spelt")
    front.clock.turn(hours=1)
    await merge(books, stays.id, goes.id, {"by": "link", "channel": "telegram"}, front.clock())
    return stays, goes
