"""`order`: looking at orders, moving them on, counting what is on the shelf."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from cli.checking import checked_settings
from cli.customers import read, write
from crm_store.books import Books
from crm_store.models import OrderRow
from crm_store.order_book import WRITTEN, Entry, by_number, entries
from crm_store.order_events import as_told
from crm_store.stock import PARTS
from one_to_one.errors import CantMove, UnknownItem, UnknownOrder
from one_to_one.order_states import OrderState
from one_to_one.pack import read_pack
from one_to_one.stocktaking import counted, is_counted

app = typer.Typer(no_args_is_help=True, help="Look at orders and move them on.")

Number = Annotated[int, typer.Argument(help="The order's number, as the customer was told it.")]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
WHO = "cli"


@app.callback()
def order() -> None:
    """Look at orders and move them on."""


@app.command(name="list")
def list_all(
    state: Annotated[str | None, typer.Option(help="Only in this state.")] = None, as_json: AsJson = False
) -> None:
    """Every order that was placed here, the newest last. Addresses are masked."""
    settings = checked_settings()
    zone = ZoneInfo(read_pack(settings.shop_folder).shop.time_zone)

    async def work(books: Books) -> tuple[list[Entry], dict[str, int]]:
        states = WRITTEN if state is None else [state]
        return await entries(books.session, states=states), await books.order_events.counts()

    found, events = read(settings, work)
    if as_json:
        for entry in found:
            typer.echo(json.dumps(_masked(as_told(entry.order, entry.lines)), ensure_ascii=False))
        return
    table = Table("order", "state", "placed", "what", "total", "margin", "to", "handed on")
    for entry in found:
        table.add_row(*_cells(entry, zone))
    console = Console()
    console.print(table)
    if events.get("waiting") or events.get("failed"):
        console.print(f"To hand on: {events.get('waiting', 0)} waiting, {events.get('failed', 0)} given up.")


def _cells(entry: Entry, zone: ZoneInfo) -> list[str]:
    told = _masked(as_told(entry.order, entry.lines))
    details = told["details"]
    return [
        str(entry.order.id),
        entry.order.state,
        f"{entry.order.at.astimezone(zone):%Y-%m-%d %H:%M}",
        ", ".join(f"{line['quantity']} × {line['title']}" for line in told["lines"]),
        f"{told['total']} {entry.order.currency}",
        told["margin"],
        f"{details.get('delivery', '')} {details.get('address', '')}".strip(),
        "" if entry.order.handed_at is None else f"{entry.order.handed_at.astimezone(zone):%m-%d %H:%M}",
    ]


def _masked(told: dict[str, Any]) -> dict[str, Any]:
    """The same with an address that tells no more than its beginning."""
    details = dict(told["details"])
    if details.get("address"):
        details["address"] = f"{details['address'][:3]}…"
    return told | {"details": details}


@app.command()
def show(number: Number) -> None:
    """One order as JSON, with its address, its way so far, and what was told to the shop's own system."""

    async def work(books: Books) -> dict[str, Any]:
        found = await _order(books, number)
        told = as_told(found, await books.orders.lines(found))
        steps = [
            {"state": step.state, "at": step.at.isoformat(), "who": step.who, "note": step.note}
            for step in await books.orders.steps(found)
        ]
        events = [
            {"id": event.event, "type": event.kind, "state": event.state, "tries": event.attempts}
            | ({"error": event.error} if event.error else {})
            for event in await books.order_events.of_order(found.id)
        ]
        await books.audit.record(WHO, "look", found.customer_id, datetime.now(UTC), order=found.id)
        return told | {"customer": found.customer_id, "steps": steps, "events": events}

    typer.echo(json.dumps(write(checked_settings(), work), ensure_ascii=False, indent=2))


@app.command()
def move(
    number: Number,
    state: Annotated[OrderState, typer.Argument(help="Where it stands now.")],
    note: Annotated[str | None, typer.Option(help="A few words to go with it.")] = None,
) -> None:
    """Say where an order stands: in_production, sent, done or cancelled."""

    async def work(books: Books) -> None:
        found = await _order(books, number)
        before = found.state
        if not await books.orders.move(found, state, datetime.now(UTC), WHO, note):
            raise CantMove(order=number, state=before, wanted=state)

    write(checked_settings(), work)
    typer.echo(f"Order {number} is {state} now.")


@app.command()
def resend(number: Number) -> None:
    """Hand an order on once more, if it wasn't taken yet."""

    async def work(books: Books) -> int:
        return await books.order_events.again((await _order(books, number)).id, datetime.now(UTC))

    typer.echo(f"{write(checked_settings(), work)} to be sent again.")


@app.command()
def stock() -> None:
    """What is left of everything that was ever sold here."""
    settings = checked_settings()
    pack = read_pack(settings.shop_folder)

    async def work(books: Books) -> dict[str, tuple[int, Any]]:
        return dict(await books.stock.left())

    table = Table("item", "counted", "left")
    for item, (had, left) in read(settings, work).items():
        now = counted(pack, [item])[item]
        table.add_row(item, str(now), f"{left if now == had else now:g}")
    Console().print(table)


@app.command()
def count(
    item: Annotated[str, typer.Argument(help="A product, or `module:option`.")],
) -> None:
    """Say that an item was counted anew, and there is as much of it as the pack says."""
    settings = checked_settings()
    pack = read_pack(settings.shop_folder)
    if not is_counted(pack, item):
        raise UnknownItem(item=item)
    units = counted(pack, [item])[item]

    async def work(books: Books) -> None:
        await books.stock.recount(item, units * PARTS, even_if_same=True)

    write(settings, work)
    typer.echo(f"{units} of {item}.")


async def _order(books: Books, number: int) -> OrderRow:
    found = await by_number(books.session, number)
    if found is None:
        raise UnknownOrder(order=number)
    return found
