"""Purchases made elsewhere become orders of state "imported", line by line and never twice."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, insert, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.cells import moment, number
from crm_store.known_customers import Known, known_or_new
from crm_store.refusals import Refused, Report
from crm_store.rows import LINES, ORDERS, Values
from crm_store.sheets import SheetRow

COLUMNS = frozenset({"customer", "order", "product", "title", "quantity", "price", "date", "currency"})
NEEDED = ("customer", "product", "quantity", "price", "date")
ORDER = ("customer", "order", "date")
"""Rows are read customer by customer and order by order, wherever they are in the file."""

LONGEST = {"customer": 200, "order": 200, "product": 100, "title": 300}
UNKNOWN: dict[str, Any] = {"options": literal_column("'{}'"), "cost": literal_column("'0'")}
"""What tables of purchases don't tell."""

LIMIT = Decimal(10) ** 9
"""No amount or quantity of one line is as large as this."""


@dataclass(frozen=True, slots=True)
class Bought:
    """One line of a table of purchases. Without an order number, what was bought at one time is one order."""

    key: int
    customer: str
    order: str
    order_key: int  # the same order has the same key in every import
    product: str
    title: str
    quantity: Decimal  # negative: brought back
    price: Decimal  # of one
    at: datetime
    currency: str


@dataclass(slots=True)
class Purchases:
    """Takes purchases batch by batch."""

    report: Report
    currency: str  # when the table names none; ISO 4217
    language: str  # of customers met for the first time
    zone: tzinfo  # of times that name none
    at: datetime  # the time of the import
    _order: tuple[str, str] = ("", "")
    _order_key: int = 0
    _seen: Counter[str] = field(default_factory=Counter)  # equal lines of the current order so far

    async def take(self, session: AsyncSession, rows: Sequence[SheetRow]) -> None:
        """Keep what is new in these rows and count the rest."""
        bought = [each for each in map(self._read, rows) if each is not None]
        there = await _existing(session, LINES, [each.key for each in bought])
        fresh = [each for each in bought if each.key not in there]
        self.report.known += len(bought) - len(fresh)
        self.report.taken += len(bought)
        if fresh:
            await self._write(session, fresh)

    def _read(self, row: SheetRow) -> Bought | None:
        try:
            return self._bought(row)
        except Refused as refused:
            self.report.refuse_row(row.line, str(refused), ", ".join(row.cells.values()))
            return None

    def _bought(self, row: SheetRow) -> Bought:
        cells = row.cells
        for name in NEEDED:
            if name not in cells:
                raise Refused(f"no {name}")
        for name, longest in LONGEST.items():
            if len(cells.get(name, "")) > longest:
                raise Refused(f"{name} of more than {longest} characters")
        at = moment(cells["date"], self.zone)
        quantity, price = _quantity(cells["quantity"]), _price(cells["price"])
        order = cells.get("order") or cells["date"]
        order_key = self._key_of(cells["customer"], order)
        return Bought(
            key=self._line_key(order_key, cells["product"], quantity, price),
            customer=cells["customer"],
            order=order,
            order_key=order_key,
            product=cells["product"],
            title=cells.get("title") or cells["product"],
            quantity=quantity,
            price=price,
            at=at,
            currency=_currency(cells.get("currency") or self.currency),
        )

    def _line_key(self, order: int, product: str, quantity: Decimal, price: Decimal) -> int:
        """The same line of the same order has the same key in every import; a second equal line another."""
        what = f"{order}\n{product}\n{quantity.normalize()}\n{price.normalize()}"
        self._seen[what] += 1
        return hashed("line", what, str(self._seen[what]))

    def _key_of(self, customer: str, order: str) -> int:
        if (customer, order) != self._order:
            self._order = (customer, order)
            self._order_key = hashed("order", customer, order)
            self._seen.clear()
        return self._order_key

    async def _write(self, session: AsyncSession, fresh: list[Bought]) -> None:
        names = {each.customer: self.language for each in fresh}
        customers, new = await known_or_new(session, names, self.at)
        self.report.added["customers"] += len(new)
        orders = await self._orders(session, fresh, customers)
        await session.execute(insert(LINES).values(UNKNOWN), [_line(each, orders) for each in fresh])
        self.report.added["lines"] += len(fresh)
        await _add_up(session, fresh, orders)

    async def _orders(
        self, session: AsyncSession, bought: list[Bought], customers: dict[str, Known]
    ) -> dict[int, Values]:
        """The orders of these lines, by key; made when they aren't there."""
        wanted = {each.order_key: each for each in bought}
        there = await _existing(session, ORDERS, list(wanted))
        fresh = [
            _order(key, each, customers[each.customer]) for key, each in wanted.items() if key not in there
        ]
        if fresh:
            await session.execute(insert(ORDERS), fresh)
            self.report.added["orders"] += len(fresh)
            there |= await _existing(session, ORDERS, [row["imported_key"] for row in fresh])
        return there


def hashed(*parts: str) -> int:
    """63 bits that stand for these texts."""
    digest = hashlib.blake2b("\0".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def _quantity(cell: str) -> Decimal:
    quantity = number(cell)
    if quantity == 0:
        raise Refused("quantity of 0")
    if abs(quantity) >= LIMIT:
        raise Refused("quantity too large")
    return quantity


def _price(cell: str) -> Decimal:
    price = number(cell)
    if price < 0:
        raise Refused("price below 0")
    if price >= LIMIT:
        raise Refused("price too large")
    return price


def _currency(cell: str) -> str:
    if not (len(cell) == 3 and cell.isascii() and cell.isalpha()):
        raise Refused("currency isn't three letters (ISO 4217)")
    return cell.upper()


def _order(key: int, bought: Bought, known: Known) -> Values:
    return {
        "customer_id": known.customer,
        "external_id": bought.order,
        "identity_id": known.identity,
        "imported_key": key,
        "at": bought.at,
        "state": "imported",
        "currency": bought.currency,
        "total": Decimal(0),
        "cost": Decimal(0),
    }


def _line(bought: Bought, orders: dict[int, Values]) -> Values:
    order = orders[bought.order_key]
    return {
        "order_id": order["id"],
        "customer_id": order["customer_id"],
        "imported_key": bought.key,
        "product": bought.product,
        "title": bought.title,
        "quantity": bought.quantity,
        "price": bought.price,
    }


async def _existing(session: AsyncSession, table: Any, keys: list[int]) -> dict[int, Values]:
    columns = [table.c.imported_key, table.c.id, table.c.customer_id]
    columns += [table.c.total] if "total" in table.c else []
    found = await session.execute(select(*columns).where(table.c.imported_key.in_(keys)))
    return {row["imported_key"]: dict(row) for row in found.mappings()}


async def _add_up(session: AsyncSession, bought: list[Bought], orders: dict[int, Values]) -> None:
    """Add the new lines to the totals of their orders."""
    sums: dict[int, Decimal] = {}
    for each in bought:
        key = each.order_key
        before: Decimal = sums[key] if key in sums else orders[key]["total"]
        sums[key] = before + each.quantity * each.price
    rows = [{"number": orders[key]["id"], "sum": total} for key, total in sums.items()]
    statement = update(ORDERS).where(ORDERS.c.id == bindparam("number")).values(total=bindparam("sum"))
    connection = await session.connection()
    await connection.execute(statement, rows)
