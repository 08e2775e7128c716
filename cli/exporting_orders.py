"""`export orders`: every order as CSV or JSON, for production, purchasing and finance."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from cli.checking import checked_settings
from cli.customers import read
from cli.days import beginning_of
from crm_store.books import Books
from crm_store.order_book import WRITTEN, Entry, entries
from crm_store.order_events import as_told, margin
from one_to_one.amounts import plain
from one_to_one.cells import harmless
from one_to_one.pack import read_pack

COLUMNS = (
    "order", "line", "state", "placed_at", "product", "title", "modules", "quantity", "price", "cost",
    "margin", "currency", "order_total", "order_fees", "order_cost", "order_margin", "delivery", "address",
    "payment", "invoice", "tax_id", "packaging", "label_message", "notes", "handed_at",
)  # fmt: skip
"""One row per line of an order; what is the order's is repeated on each."""

DETAILS = ("delivery", "address", "payment", "invoice", "tax_id", "packaging", "label_message", "notes")


class Format(StrEnum):
    """What an export is for."""

    CSV = "csv"  # spreadsheets
    JSON = "json"  # programs


def orders(
    file: Annotated[Path | None, typer.Argument(help="Where to; without it to the screen.")] = None,
    kind: Annotated[
        Format | None, typer.Option("--format", help="Without it: csv for a file that ends so, else json.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only from this day on, such as 2026-05-03.")
    ] = None,
    state: Annotated[
        list[str] | None, typer.Option(help=f"Only in this state, several times: {', '.join(WRITTEN)}.")
    ] = None,
) -> None:
    """Every order that was placed here, with its exact specification, cost and margin."""
    settings = checked_settings()
    zone = ZoneInfo(read_pack(settings.shop_folder).shop.time_zone)
    day = None if since is None else beginning_of(since, zone)
    for name in state or ():
        if name not in WRITTEN:
            raise typer.BadParameter(f"{name} is no state of an order: {', '.join(WRITTEN)}.")

    async def work(books: Books) -> list[Entry]:
        return await entries(books.session, since=day, states=state or WRITTEN)

    found = read(settings, work)
    ends_so = file is not None and file.suffix == ".csv"
    text = as_csv(found) if kind is Format.CSV or (kind is None and ends_so) else as_json(found)
    if file is None:
        typer.echo(text, nl=False)
    else:
        start = "\ufeff" if text.startswith(COLUMNS[0]) else ""  # spreadsheets take it for UTF-8 then
        file.write_text(start + text, encoding="utf-8", newline="")
        typer.echo(f"{len(found)} orders written to {file}.")


def as_json(found: Iterable[Entry]) -> str:
    """A list of orders as the webhook tells them."""
    told = [
        as_told(entry.order, entry.lines)
        | {"handed_at": entry.order.handed_at.isoformat() if entry.order.handed_at else None}
        for entry in found
    ]
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def as_csv(found: Iterable[Entry]) -> str:
    """One row per line, with a heading; what customers typed can't become a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in found:
        writer.writerows([harmless(cell) for cell in row] for row in _rows(entry))
    return text.getvalue()


def _rows(entry: Entry) -> Iterator[list[str]]:
    order = entry.order
    details = order.details or {}
    whole = [
        order.currency,
        plain(order.total),
        plain(order.fees),
        plain(order.cost),
        plain(margin(order)),
        *(str(details.get(name, "")) for name in DETAILS),
        order.handed_at.isoformat() if order.handed_at else "",
    ]
    for number, line in enumerate(entry.lines, start=1):
        modules = "; ".join(f"{name}={code}" for name, code in line.options.items())
        yield [
            str(order.id),
            str(number),
            order.state,
            order.at.isoformat(),
            line.product,
            line.title,
            modules,
            plain(line.quantity),
            plain(line.price),
            plain(line.cost),
            plain(line.price - line.cost),
            *whole,
        ]
