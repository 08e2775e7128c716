"""Orders that make themselves: what is due is ordered in time, and told to whoever agreed to be told.

Nothing is charged at a price the customer doesn't know: when it changed, there is a draft and a question.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from crm_store.books import Books
from crm_store.models import CustomerRow, MessageRow, OrderRow, RefillRow
from crm_store.orders import Line
from crm_store.store import Store
from crm_store.unasked import write_first
from one_to_one.checkout import assumed, fees
from one_to_one.language import Language
from one_to_one.pricing import complete, cost, price, still_made
from one_to_one.quiet import is_quiet
from one_to_one.replies import Button, Reply
from one_to_one.shop import ShopPack
from one_to_one.specification import specification
from one_to_one.stocktaking import counted, needs
from one_to_one.texts import Texts
from one_to_one.wording import Wording

AT_ONCE = 50
WHO = "refill"


@dataclass(frozen=True, slots=True)
class Due:
    """What is needed to make orders that are due."""

    store: Store
    pack: ShopPack
    texts: Texts

    async def look(self, now: datetime) -> int:
        """Make what is due, outside quiet hours; how many orders and drafts there came of it."""
        if is_quiet(self.pack.shop, now):
            return 0
        async with self.store.reading() as books:
            rows = await books.refills.due(now, AT_ONCE)
        made = 0
        for row in rows:
            async with self.store.transaction() as books:
                made += await self._make(books, row.id, row.customer_id, now)
        return made

    async def _make(self, books: Books, number: int, customer: str, now: datetime) -> bool:
        refill = await books.refills.get(number, customer)
        if refill is None or not await books.refills.advance(refill, now):
            return False
        who = await books.customers.get(customer)
        options = still_made(self.pack, refill.options)
        product = self.pack.products.get(refill.product)
        if product is None or options != refill.options:
            await self._say(books, who, "refilling.due_gone", refill, now, {"title": refill.product})
            return False
        options = complete(self.pack, product, options)
        words = self._words(who)
        line = Line(
            product=product.id,
            title=words.title(product, options),
            price=price(self.pack, product, options, int(refill.quantity)),
            cost=cost(self.pack, product, options),
            quantity=refill.quantity,
            options=options,
        )
        order = await self._draft(books, refill, line, now)
        fields = {
            "title": line.title,
            "quantity": words.number(line.quantity),
            "total": words.money(order.total),
            "number": order.id,
        }
        if line.price != refill.price:
            return await self._ask(books, who, refill, order, line, now, fields)
        if not await self._place(books, order, now):
            await books.orders.cancel(order, now, WHO)
            await self._say(books, who, "refilling.due_sold_out", refill, now, fields)
            return False
        await self._say(books, who, "refilling.due_placed", refill, now, fields, order)
        return True

    async def _draft(self, books: Books, refill: RefillRow, line: Line, now: datetime) -> OrderRow:
        terms = self.pack.shop.checkout
        order = await books.orders.draft(refill.customer_id, None, [line], now, self.pack.shop.currency)
        order.details, order.refill_id = assumed(terms, refill.details or {}), refill.id
        order.fees = fees(terms, order.details, order.total)
        order.total += order.fees
        order.priced_until = now + max(terms.price_kept, timedelta(days=refill.every_days))
        await books.session.flush()
        return order

    async def _ask(
        self,
        books: Books,
        who: CustomerRow,
        refill: RefillRow,
        order: OrderRow,
        line: Line,
        now: datetime,
        fields: dict[str, object],
    ) -> bool:
        """The price is another one: a draft waits for their yes, and the next time goes by that price."""
        was = self._words(who).money(refill.price)
        refill.price = line.price
        if not who.focus:
            who.focus = {"kind": "order", "ref": str(order.id), "at": now.isoformat()}
        told = {**fields, "was": was, "now": self._words(who).money(line.price)}
        await self._say(books, who, "refilling.due_dearer", refill, now, told, order)
        return True

    async def _place(self, books: Books, order: OrderRow, now: datetime) -> bool:
        wanted: dict[str, Decimal] = {}
        for line in await books.orders.lines(order):
            details = order.details or {}
            line.specification = specification(self.pack, line.product, line.options, line.quantity, details)
            wanted |= needs(self.pack, line.product, line.options, line.quantity)
        if await books.stock.take(wanted, counted(self.pack, wanted)) is not None:
            for line in await books.orders.lines(order):
                line.specification = None  # nothing was taken, so that nothing is given back
            return False
        return await books.orders.place(order, now, WHO)

    async def _say(
        self,
        books: Books,
        who: CustomerRow,
        key: str,
        refill: RefillRow,
        now: datetime,
        fields: dict[str, object],
        order: OrderRow | None = None,
    ) -> None:
        """Tell the customer where they wrote last, if they agreed to be written to."""
        latest = select(MessageRow).where(MessageRow.customer_id == who.id, MessageRow.direction == "in")
        last = await books.session.scalar(latest.order_by(MessageRow.id.desc()).limit(1))
        if last is None:
            return
        [words, *_] = self.texts.variants(Language(who.language), key)
        reply = Reply(words.format(**fields), tuple(self._ways(who, refill, order)))
        await write_first(books, who.id, reply, last.channel, now, last.target)

    def _ways(self, who: CustomerRow, refill: RefillRow, order: OrderRow | None) -> list[Button]:
        ways: list[tuple[str, str]] = []
        if order is not None and order.state == "draft":
            ways += [("confirm", f"confirm:{order.id}"), ("cancel", f"cancel:{order.id}")]
        elif order is not None and order.state == "placed":
            ways.append(("order_cancel", f"order:{order.id}:cancel"))
        ways.append(("refill_pause", f"refill:{refill.id}:pause"))
        ways.append(("privacy_no_unasked", "consent:unasked:no"))
        language = Language(who.language)
        return [Button(self.texts.say(language, f"talk.button.{key}"), payload) for key, payload in ways]

    def _words(self, who: CustomerRow) -> Wording:
        return Wording(self.texts, self.pack, Language(who.language))
