"""`import`: customers and purchases from a table, with progress and a report."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from cli.checking import checked_settings
from crm_store import importing
from crm_store.importing import Order
from crm_store.migrating import migrate
from crm_store.refusals import Report
from crm_store.store import Store
from one_to_one.pack import read_pack
from settings import Settings

app = typer.Typer(no_args_is_help=True, help="Customers and purchases from a .csv or .parquet file.")

File = Annotated[Path, typer.Argument(help="A .csv or .parquet file.")]
Map = Annotated[
    list[str] | None, typer.Option("--map", help="THEIRS=OURS: which column is which; repeatable.")
]
MapFile = Annotated[Path | None, typer.Option("--mapping", help="A YAML file of columns and values.")]
Tongue = Annotated[str | None, typer.Option("--language", help="Of customers whose language isn't told.")]
Money = Annotated[str | None, typer.Option("--currency", help="Of purchases that name none, such as TWD.")]

type Import = Callable[[Store, Order, importing.Progress], Awaitable[Report]]


@app.command()
def customers(file: File, given: Map = None, mapping: MapFile = None, language: Tongue = None) -> None:
    """Customers and what is known about them; twice is like once."""
    settings = checked_settings()
    _run(settings, importing.import_customers, _order(settings, file, given, mapping, language, None))


@app.command()
def purchases(
    file: File,
    given: Map = None,
    mapping: MapFile = None,
    language: Tongue = None,
    currency: Money = None,
) -> None:
    """Purchases made elsewhere, as orders; twice is like once."""
    settings = checked_settings()
    _run(settings, importing.import_purchases, _order(settings, file, given, mapping, language, currency))


def _order(
    settings: Settings,
    file: Path,
    given: list[str] | None,
    mapping: Path | None,
    language: str | None,
    currency: str | None,
) -> Order:
    now = datetime.now(UTC)
    refused = settings.home / "imports" / f"{file.stem}-{now:%Y%m%dT%H%M%S}-refused.csv"
    pack = read_pack(settings.shop_folder)
    return Order(file, refused, now, pack, given or (), mapping, language, currency)


def _run(settings: Settings, kind: Import, order: Order) -> None:
    settings.home.mkdir(parents=True, exist_ok=True)
    migrate(settings.store_url)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    with bar:
        task = bar.add_task(order.file.name, total=None)
        report = asyncio.run(
            _import(settings, kind, order, lambda done, all_: bar.update(task, completed=done, total=all_))
        )
    show(report, Console())


async def _import(settings: Settings, kind: Import, order: Order, progress: importing.Progress) -> Report:
    store = Store(settings.store_url)
    try:
        return await kind(store, order, progress)
    finally:
        await store.close()


def show(report: Report, console: Console) -> None:
    """Print what was taken and what was refused, with the reasons."""
    added = ", ".join(f"{count:,} {what}" for what, count in sorted(report.added.items()) if count)
    speed = report.rows / report.seconds if report.seconds else 0
    console.print(f"{report.rows:,} rows in {report.seconds:.1f} s ({speed:,.0f} rows/s).")
    console.print(f"New: {added or 'nothing'}. Known already: {report.known:,} rows.")
    _refusals(console, "rows refused", report.refused_rows)
    _refusals(console, "values refused, their rows kept", report.refused_values)
    if report.refused_rows or report.refused_values:
        console.print(f"Each with its line: {report.refused_file}")


def _refusals(console: Console, title: str, counts: Counter[str]) -> None:
    if not counts:
        return
    table = Table(title=f"{counts.total():,} {title}", title_justify="left")
    table.add_column("reason")
    table.add_column("count", justify="right")
    for reason, count in counts.most_common():
        table.add_row(reason, f"{count:,}")
    console.print(table)
