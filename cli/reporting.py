"""`report`: what the shop can learn from how its customers were served."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from cli.checking import checked_settings
from cli.customers import read
from cli.days import beginning_of
from cli.demanded import demand
from crm_store.asked import asked
from crm_store.books import Books
from one_to_one.ageing import HALVINGS
from one_to_one.asked import Asked
from one_to_one.pack import read_pack
from one_to_one.proposals import budget_topics
from one_to_one.shop import ShopPack

app = typer.Typer(no_args_is_help=True, help="What can be learned from how customers were served.")

Since = Annotated[str | None, typer.Option(metavar="DATE", help="Only from this day on, such as 2026-05-03.")]


@app.callback()
def report() -> None:
    """What can be learned from how customers were served."""


app.command()(demand)


@app.command()
def questions(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line and topic.")] = False,
    since: Since = None,
) -> None:
    """Per topic how often it was asked, what came of it, and what that was worth."""
    settings = checked_settings()
    pack = read_pack(settings.shop_folder)
    day = None if since is None else beginning_of(since, ZoneInfo(pack.shop.time_zone))

    async def work(books: Books) -> list[Asked]:
        return await asked(books.session, bearing(pack), day, growing_old(pack, datetime.now(UTC)))

    rows = sorted(read(settings, work), key=lambda row: (-row.asked, row.topic))
    if as_json:
        for row in rows:
            told = asdict(row) | {"realised": row.realised, "advice": row.advice.value}
            typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        Console().print(what_came(rows), worth(rows))


def bearing(pack: ShopPack) -> dict[str, bool]:
    """Each topic, and whether a proposal can depend on it."""
    had = {topic for product in pack.products.values() for topic in product.attributes}
    depends = had | set(pack.modules) | set(budget_topics(pack))
    return {topic: topic in depends for topic in pack.topics}


def growing_old(pack: ShopPack, now: datetime) -> dict[str, datetime]:
    """Each topic, and the time before which an answer must have been given last to be stale at `now`."""
    return {topic.name: now - topic.half_life * HALVINGS for topic in pack.topics.values()}


def what_came(rows: Sequence[Asked]) -> Table:
    """How often each topic was asked about, and what came of it."""
    table = _titled("What came of the questions")
    for name in ("asked", "answered", "declined", "not now", "no answer", "told unasked", "grown old"):
        table.add_column(name, justify="right")
    for row in rows:
        counts = (
            row.asked,
            row.answered,
            row.declined,
            row.not_now,
            row.unanswered,
            row.told_unasked,
            row.stale,
        )
        table.add_row(row.topic, *map(str, counts))
    return table


def worth(rows: Sequence[Asked]) -> Table:
    """What it was worth: the gain expected, proposals that used it, and the share of them accepted."""
    table = _titled("What they were worth")
    for name in ("gain", "used", "accepted with / without"):
        table.add_column(name, justify="right")
    table.add_column("advice")
    for row in rows:
        gain = "" if row.gain is None else f"{row.gain:.2f}"
        with_without = f"{_percent(row.accepted_with)} / {_percent(row.accepted_without)}"
        table.add_row(row.topic, gain, str(row.used), with_without, row.advice.value)
    return table


def _titled(title: str) -> Table:
    """A table of topics, whose names stay whole however narrow the screen is."""
    table = Table(title=title, title_justify="left")
    table.add_column("topic", no_wrap=True)
    return table


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"
