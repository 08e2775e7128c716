"""Importing tables of customers and of purchases: in batches, each all or nothing, and never twice.

A second import of the same table finds everything there and adds nothing; one that was interrupted goes on
where it stopped in the same way.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.importing_customers import COLUMNS as ABOUT_CUSTOMERS
from crm_store.importing_customers import Customers
from crm_store.importing_purchases import COLUMNS as ABOUT_PURCHASES
from crm_store.importing_purchases import NEEDED, ORDER, Purchases
from crm_store.mapping import ColumnPlan, plan
from crm_store.refusals import Report
from crm_store.sheets import Sheet, SheetRow
from crm_store.store import Store
from one_to_one.errors import BadTable
from one_to_one.shop import ShopPack

type Progress = Callable[[int, int], None]
"""Called with the rows done and the rows there are."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be imported, and how."""

    file: Path
    refused: Path  # where refused rows are written, if there are any
    at: datetime  # now; aware, UTC
    pack: ShopPack
    given: Sequence[str] = ()  # theirs=ours
    mapping: Path | None = None  # a mapping file
    language: str | None = None  # of customers whose language isn't in the table; None: the shop's first
    currency: str | None = None  # of purchases that name none; None: the shop's

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of times that name none: the shop's."""
        return ZoneInfo(self.pack.shop.time_zone)

    @property
    def tongue(self) -> str:
        """The language of customers whose language isn't in the table."""
        return self.language or self.pack.shop.languages[0].value


class Taker(Protocol):
    """Keeps the rows of one kind of table."""

    async def take(self, session: AsyncSession, rows: Sequence[SheetRow]) -> None:
        """Keep what is new in these rows."""


async def import_purchases(store: Store, order: Order, progress: Progress) -> Report:
    """Take a table of purchases. Raises BadTable."""
    report = Report(order.refused)
    with Sheet(order.file) as sheet:
        columns = plan(order.file, sheet.columns, ABOUT_PURCHASES, order.given, order.mapping)
        _refuse_missing(order.file, columns, NEEDED)
        taker = Purchases(
            report, order.currency or order.pack.shop.currency, order.tongue, order.zone, order.at
        )
        by = [name for name in ORDER if name in columns.of_ours()]
        await _take(store, sheet, columns, by, taker, report, progress)
    return report


async def import_customers(store: Store, order: Order, progress: Progress) -> Report:
    """Take a list of customers. Raises BadTable."""
    report = Report(order.refused)
    wanted = ABOUT_CUSTOMERS | set(order.pack.topics)
    with Sheet(order.file) as sheet:
        columns = plan(order.file, sheet.columns, wanted, order.given, order.mapping)
        _refuse_missing(order.file, columns, ("customer",))
        taker = Customers(report, order.pack, columns.of_ours(), order.tongue, order.zone, order.at)
        await _take(store, sheet, columns, (), taker, report, progress)
    return report


async def _take(
    store: Store,
    sheet: Sheet,
    columns: ColumnPlan,
    by: Sequence[str],
    taker: Taker,
    report: Report,
    progress: Progress,
) -> None:
    started, total = time.perf_counter(), sheet.count
    try:
        for rows in sheet.batches(columns.chosen, by):
            async with store.transaction() as books:
                await taker.take(books.session, [_without_empty(row, columns.empty) for row in rows])
            report.rows += len(rows)
            progress(report.rows, total)
        for line in sheet.unreadable:
            report.rows += 1
            report.refuse_row(line.line, f"unreadable: {line.reason}", line.text)
    finally:
        report.close()
        report.seconds = time.perf_counter() - started


def _without_empty(row: SheetRow, empty: frozenset[str]) -> SheetRow:
    if not empty:
        return row
    return SheetRow(row.line, {name: cell for name, cell in row.cells.items() if cell not in empty})


def _refuse_missing(file: Path, columns: ColumnPlan, needed: Sequence[str]) -> None:
    ours = columns.of_ours()
    missing = [name for name in needed if name not in ours]
    if missing:
        named = ", ".join(missing)
        raise BadTable(file=file, cause=f"no column for {named}; name it with --map THEIRS={missing[0]}")
