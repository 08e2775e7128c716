"""Orders and their lines: drafts, what was placed, and how it was liked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import OrderLineRow, OrderRow, OrderStepRow
from crm_store.order_events import OrderEvents
from crm_store.stock import Stock
from one_to_one.order_states import BOUGHT, OrderState, may_follow


@dataclass(frozen=True, slots=True)
class Line:
    """One product of an order, before it is written down. Amounts are of one piece."""

    product: str
    title: str  # as shown to the customer
    price: Decimal
    cost: Decimal
    quantity: Decimal = Decimal(1)
    options: Mapping[str, str] = field(default_factory=dict)  # module -> option code
    receiver: str | None = None  # whom it is a present for; None: as it was, or the customer


WEBHOOK = "webhook"
"""Who moves an order when the shop's own system answers: it isn't told what it said itself."""

KNOWING = ("customer", "company", "refill")
"""Who moves an order so that the customer is told right away, by whatever moved it."""

CHANGE = "changed"
"""What an event and a step are called when an order was changed."""

CHANGED = ("total", "cost", "fees", "details", "priced_until", "proposal_id", "currency")
"""What an order takes over from the draft of its change, beside the lines."""

UNRATED = (
    select(OrderLineRow)
    .join(OrderRow, OrderRow.id == OrderLineRow.order_id)
    .where(
        OrderRow.customer_id == bindparam("customer"),
        OrderRow.state.in_(BOUGHT),
        OrderRow.asked_at.is_(None),
        OrderLineRow.rating.is_(None),
    )
    .order_by(OrderRow.at, OrderLineRow.id)
    .limit(1)
)


class Orders:
    """What customers bought, or are about to."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._lines: dict[int, list[OrderLineRow]] = {}  # of each order, as read or written last

    async def draft(
        self,
        customer: str,
        proposal: int | None,
        lines: Sequence[Line],
        at: datetime,
        currency: str,
        *,
        changes: int | None = None,
    ) -> OrderRow:
        """An order that waits for the customer's yes; `changes`: the placed order that it would change."""
        row = OrderRow(
            customer_id=customer,
            proposal_id=proposal,
            at=at,
            state="draft",
            currency=currency,
            changes_id=changes,
        )
        row.total = row.cost = row.fees = Decimal(0)
        self._session.add(row)
        await self._session.flush()
        await self.change(row, lines)
        return row

    async def change(self, order: OrderRow, lines: Sequence[Line]) -> None:
        """Write other lines in place of those there are, and sum them up; each stays for whom it was."""
        lines = _for_whom_they_were(lines, await self.lines(order))
        await self._session.execute(delete(OrderLineRow).where(OrderLineRow.order_id == order.id))
        goods = sum((line.price * line.quantity for line in lines), Decimal(0))
        order.total = goods + (order.fees or Decimal(0))
        order.cost = sum((line.cost * line.quantity for line in lines), Decimal(0))
        self._lines[order.id] = [_row(order, line) for line in lines]
        self._session.add_all(self._lines[order.id])
        await self._session.flush()

    async def get(self, order: int, customer: str) -> OrderRow | None:
        """An order of this customer; None: it isn't theirs."""
        row = select(OrderRow).where(OrderRow.id == order, OrderRow.customer_id == customer)
        return await self._session.scalar(row)

    async def lines(self, order: OrderRow) -> list[OrderLineRow]:
        """The lines of an order, in the order they were written."""
        if order.id not in self._lines:
            rows = select(OrderLineRow).where(OrderLineRow.order_id == order.id).order_by(OrderLineRow.id)
            self._lines[order.id] = list(await self._session.scalars(rows))
        return list(self._lines[order.id])

    async def line(self, line: int, customer: str) -> OrderLineRow | None:
        """A line of this customer's orders; None: it isn't theirs."""
        row = select(OrderLineRow).where(OrderLineRow.id == line, OrderLineRow.customer_id == customer)
        return await self._session.scalar(row)

    async def place(self, order: OrderRow, at: datetime, who: str = "customer") -> bool:
        """The customer said yes; False: it was no draft any more, and nothing is placed twice."""
        return await self.move(order, OrderState.PLACED, at, who)

    async def cancel(self, order: OrderRow, at: datetime, who: str = "customer") -> bool:
        """The customer said no after all; False: it can't be called back."""
        return await self.move(order, OrderState.CANCELLED, at, who)

    async def move(
        self, order: OrderRow, state: OrderState, at: datetime, who: str, note: str | None = None
    ) -> bool:
        """Bring an order into another state, once; False: its state doesn't allow it (any more)."""
        await self._session.flush()
        before = order.state
        if not may_follow(before, state) or not await self._moved(order, state, at):
            await self._session.refresh(order)
            return False
        if state is OrderState.CANCELLED:
            await self._put_back(order)
        self._session.add(
            OrderStepRow(
                customer_id=order.customer_id,
                order_id=order.id,
                state=state,
                at=at,
                who=who,
                note=note if note is None else note[:200],
                tell_at=None if who in KNOWING else at,
            )
        )
        await self._session.flush()
        await self._session.refresh(order)
        never_heard_of = before == OrderState.DRAFT and state is OrderState.CANCELLED
        if who != WEBHOOK and not never_heard_of:
            await OrderEvents(self._session).record(order, state, at)
        return True

    async def replace(self, order: OrderRow, by: OrderRow, at: datetime, who: str = "customer") -> bool:
        """A placed order becomes what a draft of its change says; False: it moved on, and stays as it is.

        The draft's row keeps what the order was, as "replaced".
        """
        await self._session.flush()
        lines, other = await self.lines(order), await self.lines(by)
        still = (
            update(OrderRow)
            .where(OrderRow.id == order.id, OrderRow.state == OrderState.PLACED)
            .values({name: getattr(by, name) for name in CHANGED})
            .returning(OrderRow.id)
            .execution_options(synchronize_session=False)
        )
        was = {name: getattr(order, name) for name in CHANGED}
        if await self._session.scalar(still) is None:
            await self._session.refresh(order)
            return False
        for name, value in was.items():
            setattr(by, name, value)
        by.state, by.at, by.changes_id = OrderState.REPLACED, at, order.id
        for line in lines:
            line.order_id = by.id
        for line in other:
            line.order_id = order.id
        self._session.add(
            OrderStepRow(customer_id=order.customer_id, order_id=order.id, state=CHANGE, at=at, who=who)
        )
        await self._session.flush()
        await self._session.refresh(order)
        await OrderEvents(self._session).record(order, CHANGE, at)
        return True

    async def replaced(self, order: OrderRow) -> list[OrderRow]:
        """What an order was before each of its changes, oldest first."""
        rows = select(OrderRow).where(OrderRow.changes_id == order.id, OrderRow.state == OrderState.REPLACED)
        return list(await self._session.scalars(rows.order_by(OrderRow.at, OrderRow.id)))

    async def _moved(self, order: OrderRow, state: OrderState, at: datetime) -> bool:
        """Change the state, unless somebody else was quicker."""
        moved = (
            update(OrderRow)
            .where(OrderRow.id == order.id, OrderRow.state == order.state)
            .values(state=state, at=at if state is OrderState.PLACED else OrderRow.at)
            .returning(OrderRow.id)
            .execution_options(synchronize_session=False)
        )
        return await self._session.scalar(moved) is not None

    async def _put_back(self, order: OrderRow) -> None:
        """Give back what an order took from the shelf."""
        for line in await self.lines(order):
            taken = (line.specification or {}).get("stock", {})
            await Stock(self._session).give_back({item: Decimal(units) for item, units in taken.items()})

    async def steps(self, order: OrderRow) -> list[OrderStepRow]:
        """The states an order came into, oldest first."""
        rows = select(OrderStepRow).where(OrderStepRow.order_id == order.id).order_by(OrderStepRow.id)
        return list(await self._session.scalars(rows))

    async def untold(self, at: datetime, limit: int) -> list[OrderStepRow]:
        """Moves of orders that the customer wasn't told of yet, oldest first."""
        rows = select(OrderStepRow).where(OrderStepRow.tell_at <= at)
        return list(await self._session.scalars(rows.order_by(OrderStepRow.id).limit(limit)))

    async def unreminded(self, since: datetime, until: datetime, limit: int) -> list[OrderRow]:
        """Orders placed in this time that wait to be made, and of which nobody was reminded of anything."""
        rows = (
            select(OrderRow)
            .where(
                OrderRow.state == OrderState.PLACED,
                OrderRow.at > since,
                OrderRow.at <= until,
                OrderRow.reminded_at.is_(None),
            )
            .order_by(OrderRow.id)
            .limit(limit)
        )
        return list(await self._session.scalars(rows))

    async def placed(self, customer: str, limit: int = 20) -> list[OrderRow]:
        """Orders that were placed here and not cancelled, newest first."""
        rows = (
            select(OrderRow)
            .where(OrderRow.customer_id == customer, OrderRow.state.in_(BOUGHT))
            .order_by(OrderRow.at.desc(), OrderRow.id.desc())
            .limit(limit)
        )
        return list(await self._session.scalars(rows))

    async def made_by_others(self, customer: str, limit: int) -> list[dict[str, str]]:
        """How the things are made up that other customers ordered last, without whose they are."""
        rows = (
            select(OrderLineRow.options)
            .join(OrderRow, OrderRow.id == OrderLineRow.order_id)
            .where(OrderRow.customer_id != customer, OrderRow.state.in_(BOUGHT))
            .order_by(OrderRow.at.desc(), OrderLineRow.id.desc())
            .limit(limit)
        )
        return [dict(options) for options in await self._session.scalars(rows)]

    async def listed(self, customer: str) -> list[OrderRow]:
        """Every order in any state, oldest first."""
        rows = select(OrderRow).where(OrderRow.customer_id == customer).order_by(OrderRow.at, OrderRow.id)
        return list(await self._session.scalars(rows))

    async def all_lines(self, customer: str) -> list[OrderLineRow]:
        """The lines of all orders of a customer."""
        rows = select(OrderLineRow).where(OrderLineRow.customer_id == customer).order_by(OrderLineRow.id)
        return list(await self._session.scalars(rows))

    async def unrated(self, customer: str) -> OrderLineRow | None:
        """The oldest line nobody asked about yet; None: nothing to ask."""
        return await self._session.scalar(UNRATED, {"customer": customer})

    async def asked(self, order: OrderRow, at: datetime) -> None:
        """ "How was it?" was asked about this order."""
        order.asked_at = at
        await self._session.flush()

    async def rate(self, line: OrderLineRow, rating: str, words: str | None, at: datetime) -> None:
        """How a product was liked: liked, ok or disliked, with the customer's words."""
        line.rating, line.rated_at = rating, at
        line.rating_words = words if words is None else words[:500]

    async def ratings(self, customer: str) -> list[OrderLineRow]:
        """The lines a customer rated, oldest rating first."""
        rows = (
            select(OrderLineRow)
            .where(OrderLineRow.customer_id == customer, OrderLineRow.rating.is_not(None))
            .order_by(OrderLineRow.rated_at, OrderLineRow.id)
        )
        return list(await self._session.scalars(rows))


def _for_whom_they_were(lines: Sequence[Line], before: Sequence[OrderLineRow]) -> list[Line]:
    """Lines that don't say for whom they are, as those they replace: by place, else by product."""
    if not any(old.receiver for old in before):
        return list(lines)
    of = {old.product: old.receiver for old in before}
    same = len(lines) == len(before)
    return [
        replace(line, receiver=line.receiver or (before[n].receiver if same else of.get(line.product)))
        for n, line in enumerate(lines)
    ]


def _row(order: OrderRow, line: Line) -> OrderLineRow:
    return OrderLineRow(
        receiver=line.receiver,
        order_id=order.id,
        customer_id=order.customer_id,
        product=line.product,
        title=line.title,
        options=dict(line.options),
        quantity=line.quantity,
        price=line.price,
        cost=line.cost,
    )
