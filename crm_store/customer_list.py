"""The list of customers: looked for by what is known of them, and sorted by what matters, a page at a time.

An order is a row of runs: those it is about come first, by their own key, then all the others. Pages are cut
by the key of their last row, so that the thousandth is as near as the first. Sums of money are of what was
bought, in hundredths of the currency's unit: both databases count these alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Float,
    Numeric,
    and_,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from crm_store.facts import HOLDS
from crm_store.logs import Logs
from crm_store.models import ComplaintRow, ContactRow, CustomerRow, FactRow, IdentityRow, OrderRow
from crm_store.upserting import dialect
from one_to_one.facts import Polarity
from one_to_one.language import CHINESE
from one_to_one.order_states import BOUGHT
from one_to_one.scripts import in_script

BOUGHT_EVER = (*sorted(BOUGHT), "imported")
"""States of orders that count as bought."""

MOST_FOUND = 1000
"""So many of each kind of hit are looked through."""

LARGEST_NUMBER = 2**63 - 1
LEAST_OF_SIGN = 3
"""Characters of a number or handle by which somebody is looked for, at the least."""

LATER = aliased(ContactRow)
OPEN = ComplaintRow.state == literal_column("'open'")
STATES: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in BOUGHT_EVER]
TAKEN = OrderRow.state.in_(STATES)
TAKEN_LED_BY_CUSTOMER: ColumnElement[bool] = literal_column("+customer_order.state").in_(STATES)
"""The plus keeps SQLite from reading all orders by their state, and each of them from the table."""

IS_NAME = FactRow.topic == literal_column("'name'")


class Sort(StrEnum):
    """What the list is ordered by."""

    LAST = "last"  # the latest contact first
    VALUE = "value"  # who bought most first
    COMPLAINT = "complaint"  # open complaints first, the oldest on top


class Run(StrEnum):
    """A part of an order."""

    COMPLAINED = "complained"
    BOUGHT = "bought"
    CONTACTED = "contacted"
    REST = "rest"


RUNS: Mapping[Sort, Sequence[Run]] = {
    Sort.LAST: (Run.CONTACTED, Run.REST),
    Sort.VALUE: (Run.BOUGHT, Run.CONTACTED, Run.REST),
    Sort.COMPLAINT: (Run.COMPLAINED, Run.CONTACTED, Run.REST),
}


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a page ended: the run, and the key of its last row."""

    run: Run
    key: datetime | int
    last: str  # the customer, or the number of the contact


@dataclass(frozen=True, slots=True)
class Entry:
    """One customer of the list."""

    customer: CustomerRow
    channels: Sequence[str]
    last_at: datetime | None
    value: int  # in hundredths
    complaints: int  # open ones
    cut: Cut


@dataclass(frozen=True, slots=True)
class _Found:
    customer: str
    cut: Cut


class CustomerList:
    """All customers, for colleagues."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def page(
        self, sort: Sort, limit: int, after: Cut | None = None, among: Sequence[str] | None = None
    ) -> list[Entry]:
        """A page of the list, behind a cut; with `among` of these customers only."""
        runs = RUNS[sort]
        first = 0 if after is None or after.run not in runs else runs.index(after.run)
        found: list[_Found] = []
        for place, run in enumerate(runs[first:], start=first):
            if len(found) < limit:
                cut = after if after is not None and run is after.run else None
                found += await self._run(run, runs[:place], limit - len(found), cut, among)
        return await self._entries(found)

    async def found(self, typed: str, topics: Sequence[str]) -> list[str]:
        """Who is meant by a name, a number, a handle, an order's number or words they said.

        `topics` are those that hold names.
        """
        typed = typed.strip()
        hits: dict[str, None] = {}
        for some in (
            await self._by_id(typed),
            await self._by_name(typed, topics),
            await self._by_sign(typed),
            await self._by_order(typed),
            await Logs(self._session).speakers(typed, MOST_FOUND),
        ):
            hits |= dict.fromkeys(some)
        return list(hits)

    async def found_by_number(self, typed: str) -> list[str]:
        """Who is meant by our own number of a customer or an order: neither tells who it is."""
        typed = typed.strip()
        return [*dict.fromkeys([*await self._by_id(typed), *await self._by_order(typed)])]

    # --- the runs ---

    async def _run(
        self, run: Run, before: Sequence[Run], limit: int, cut: Cut | None, among: Sequence[str] | None
    ) -> list[_Found]:
        statement, customer = _RUN[run](cut, dialect(self._session))
        statement = statement.limit(limit)
        if among is not None:
            statement = statement.where(customer.in_(among))
        for earlier in before:
            statement = statement.where(~_is_in(earlier, customer))
        rows = (await self._session.execute(statement)).all()
        return [_Found(row[0], Cut(run, row[1], str(row[2]))) for row in rows]

    async def _entries(self, found: Sequence[_Found]) -> list[Entry]:
        people = [one.customer for one in found]
        rows = await self._session.scalars(select(CustomerRow).where(CustomerRow.id.in_(people)))
        customers = {row.id: row for row in rows}
        channels: dict[str, list[str]] = {}
        signs = select(IdentityRow.customer_id, IdentityRow.channel)
        for row in await self._session.execute(
            signs.where(IdentityRow.customer_id.in_(people)).order_by(IdentityRow.id)
        ):
            channels.setdefault(row.customer_id, []).append(row.channel)
        last = await self._by_customer(ContactRow.customer_id, func.max(ContactRow.last_at), people)
        worth = _hundredths(dialect(self._session))
        values = await self._by_customer(OrderRow.customer_id, worth, people, TAKEN)
        open_ones = await self._by_customer(ComplaintRow.customer_id, func.count(), people, OPEN)
        return [
            Entry(
                customers[one.customer],
                list(dict.fromkeys(channels.get(one.customer, ()))),
                last.get(one.customer),
                values.get(one.customer, 0),
                open_ones.get(one.customer, 0),
                one.cut,
            )
            for one in found
            if one.customer in customers
        ]

    async def _by_customer(
        self,
        customer: Any,
        what: ColumnElement[Any],
        people: Sequence[str],
        condition: ColumnElement[bool] | None = None,
    ) -> dict[str, Any]:
        counted = select(customer, what).where(customer.in_(people)).group_by(customer)
        if condition is not None:
            counted = counted.where(condition)
        return {row[0]: row[1] for row in await self._session.execute(counted)}

    # --- who is meant ---

    async def _by_id(self, typed: str) -> Sequence[str]:
        """By a customer's number, or its end, as colleagues see it."""
        if len(typed) < LEAST_OF_SIGN or not typed.isascii() or not typed.isalnum():
            return ()
        meant = select(CustomerRow.id).where(
            CustomerRow.merged_into.is_(None), CustomerRow.id.endswith(typed.lower(), autoescape=True)
        )
        return list(await self._session.scalars(meant.limit(MOST_FOUND)))

    async def _by_name(self, typed: str, topics: Sequence[str]) -> Sequence[str]:
        """By what they are called, in either script of Chinese."""
        if not typed:
            return ()
        spellings = {typed, *(in_script(typed, language) for language in CHINESE)}
        is_called = or_(*(FactRow.value.icontains(one, autoescape=True) for one in sorted(spellings)))
        found: list[str] = []
        for topic in topics:
            of_topic = IS_NAME if topic == "name" else FactRow.topic == topic
            named = select(FactRow.customer_id).where(
                of_topic, HOLDS, FactRow.polarity == literal_column(f"'{Polarity.LIKES}'"), is_called
            )
            found += await self._session.scalars(named.limit(MOST_FOUND))
        return found

    async def _by_sign(self, typed: str) -> Sequence[str]:
        """By what a channel knows them by: a number, a handle, an address."""
        sign = typed.removeprefix("@")
        if len(sign) < LEAST_OF_SIGN:
            return ()
        known = select(IdentityRow.customer_id).where(
            IdentityRow.external_id.icontains(sign, autoescape=True)
        )
        return list(await self._session.scalars(known.limit(MOST_FOUND)))

    async def _by_order(self, typed: str) -> Sequence[str]:
        number = typed.removeprefix("#")
        named = [OrderRow.external_id == number]
        if number.isascii() and number.isdecimal() and int(number) <= LARGEST_NUMBER:
            named.append(OrderRow.id == int(number))
        found: list[str] = []
        for one in named:
            found += await self._session.scalars(select(OrderRow.customer_id).where(one).limit(MOST_FOUND))
        return found


def _hundredths(on: str) -> ColumnElement[int]:
    """The sum of what orders come to, as a whole number."""
    kind = Float if on == "sqlite" else Numeric
    return cast(func.round(func.sum(cast(OrderRow.total, kind)) * 100), BigInteger)


def _is_in(run: Run, customer: Any) -> ColumnElement[bool]:
    """Whether a customer was in a run already."""
    if run is Run.COMPLAINED:
        return exists().where(ComplaintRow.customer_id == customer, OPEN)
    if run is Run.BOUGHT:
        return exists().where(OrderRow.customer_id == customer, TAKEN)
    return exists().where(LATER.customer_id == customer)


def _complained(cut: Cut | None, _on: str) -> tuple[Any, Any]:
    since = func.min(ComplaintRow.at)
    rows = (
        select(ComplaintRow.customer_id, since, ComplaintRow.customer_id)
        .where(OPEN)
        .group_by(ComplaintRow.customer_id)
        .order_by(since, ComplaintRow.customer_id)
    )
    if cut is not None:
        rows = rows.having(tuple_(since, ComplaintRow.customer_id) > tuple_(cut.key, cut.last))
    return rows, ComplaintRow.customer_id


def _bought(cut: Cut | None, on: str) -> tuple[Any, Any]:
    worth = _hundredths(on)
    rows = (
        select(OrderRow.customer_id, worth, OrderRow.customer_id)
        .where(TAKEN_LED_BY_CUSTOMER if on == "sqlite" else TAKEN)
        .group_by(OrderRow.customer_id)
        .order_by(worth.desc(), OrderRow.customer_id.desc())
    )
    if cut is not None:
        rows = rows.having(tuple_(worth, OrderRow.customer_id) < tuple_(cut.key, cut.last))
    return rows, OrderRow.customer_id


def _contacted(cut: Cut | None, _on: str) -> tuple[Any, Any]:
    """By their latest visit: of each customer's visits only that one counts."""
    later = exists().where(
        LATER.customer_id == ContactRow.customer_id,
        or_(
            LATER.last_at > ContactRow.last_at,
            and_(LATER.last_at == ContactRow.last_at, LATER.id > ContactRow.id),
        ),
    )
    rows = (
        select(ContactRow.customer_id, ContactRow.last_at, ContactRow.id)
        .where(~later)
        .order_by(ContactRow.last_at.desc(), ContactRow.id.desc())
    )
    if cut is not None:
        rows = rows.where(tuple_(ContactRow.last_at, ContactRow.id) < (cut.key, int(cut.last)))
    return rows, ContactRow.customer_id


def _rest(cut: Cut | None, _on: str) -> tuple[Any, Any]:
    """Who never wrote, such as those who came by an import."""
    rows: Any = (
        select(CustomerRow.id, literal_column("0"), CustomerRow.id)
        .where(CustomerRow.merged_into.is_(None))
        .order_by(CustomerRow.id)
    )
    if cut is not None:
        rows = rows.where(CustomerRow.id > cut.last)
    return rows, CustomerRow.id


_RUN = {
    Run.COMPLAINED: _complained,
    Run.BOUGHT: _bought,
    Run.CONTACTED: _contacted,
    Run.REST: _rest,
}
