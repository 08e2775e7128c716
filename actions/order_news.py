"""What customers hear of orders without asking: moved on by the shop, something is missing, a yes is wanted.

Only outside quiet hours, and each once. What lies too long is not told any more: it would only confuse.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from actions import approving
from actions.order_lines import expected, summary
from actions.speaking_first import Speaker, may_be_told, send
from crm_store.books import Books
from crm_store.models import OrderRow, OrderStepRow
from crm_store.store import Store
from one_to_one.checkout import assumed, missing
from one_to_one.order_states import OrderState
from one_to_one.quiet import is_quiet

AT_ONCE = 50

STALE = timedelta(days=3)
"""A move that couldn't be told for so long isn't told any more."""

ASKED_FOR = timedelta(days=14)
"""Of orders older than this nobody is reminded."""


@dataclass(frozen=True, slots=True)
class News:
    """Tells customers what is new about orders."""

    store: Store
    speaker: Speaker

    async def look(self, now: datetime) -> int:
        """Tell what is to be told; how much it was."""
        if is_quiet(self.speaker.pack.shop, now):
            return 0
        return await self._moves(now) + await self._reminders(now) + await self._questions(now)

    async def _moves(self, now: datetime) -> int:
        async with self.store.reading() as books:
            numbers = [step.id for step in await books.orders.untold(now, AT_ONCE)]
        told = 0
        for number in numbers:
            async with self.store.transaction() as books:
                step = await books.session.get(OrderStepRow, number, with_for_update=True)
                if step is not None and step.tell_at is not None:
                    step.tell_at = None
                    told += await self._tell_of_move(books, step, now)
        return told

    async def _tell_of_move(self, books: Books, step: OrderStepRow, now: datetime) -> bool:
        order = await books.orders.get(step.order_id, step.customer_id)
        wanted = step.state in self.speaker.pack.shop.checkout.tell
        if order is None or order.state != step.state or not wanted or now - step.at > STALE:
            return False
        turn = await self.speaker.turn(books, order.customer_id, now)
        if turn is None or turn.customer.stopped_at is not None:
            return False
        if not may_be_told(turn) and order.state != OrderState.CANCELLED:
            return False
        lines = await books.orders.lines(order)
        when = turn.words.weekday(max(expected(turn, order, lines, order.at), now))
        ways = [turn.button("order_show", f"order:{order.id}:show"), *turn.buttons("human")]
        fields = summary(turn, order, lines) | {"when": when}
        turn.add(turn.text(f"placed.told.{order.state}", **fields), ways)
        await send(turn)
        return True

    async def _reminders(self, now: datetime) -> int:
        terms = self.speaker.pack.shop.checkout
        async with self.store.reading() as books:
            waiting = await books.orders.unreminded(now - ASKED_FOR, now - terms.remind_after, AT_ONCE)
            numbers = [(order.id, order.customer_id) for order in waiting]
        reminded = 0
        for number, customer in numbers:
            async with self.store.transaction() as books:
                order = await books.session.get(OrderRow, number, with_for_update=True)
                if order is not None and order.state == OrderState.PLACED and order.reminded_at is None:
                    order.reminded_at = now
                    reminded += await self._remind(books, order, customer, now)
        return reminded

    async def _remind(self, books: Books, order: OrderRow, customer: str, now: datetime) -> bool:
        """Remind of the first thing that is missing, and wait for it as if it had been asked for."""
        terms = self.speaker.pack.shop.checkout
        waits = missing(terms, assumed(terms, order.details or {}))
        turn = await self.speaker.turn(books, customer, now) if waits else None
        if turn is None or not may_be_told(turn):
            return False
        lines = await books.orders.lines(order)
        ways = [turn.button("order_show", f"order:{order.id}:show"), *turn.buttons("human")]
        turn.add(turn.text(f"placed.reminder.{waits[0]}", **summary(turn, order, lines)), ways)
        if turn.focus is None:
            turn.wait_for("detail", f"{order.id}:{waits[0]}")
        await send(turn)
        return True

    async def _questions(self, now: datetime) -> int:
        """Ask those who decide in companies for the yes that nobody was asked for, as it was quiet."""
        async with self.store.reading() as books:
            numbers = [approval.id for approval in await books.companies.untold()]
        asked = 0
        for number in numbers[:AT_ONCE]:
            async with self.store.transaction() as books:
                asked += await self._ask(books, number, now)
        return asked

    async def _ask(self, books: Books, number: int, now: datetime) -> bool:
        approval = await books.companies.approval(number)
        if approval is None or approval.state != "waiting" or approval.told_at is not None:
            return False
        turn = await self.speaker.turn(books, approval.customer_id, now)
        return turn is not None and await approving.ask_deciders(turn, approval)
