"""`learn`: count what customers say and choose, so that similar ones help with the next."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.checking import checked_settings
from crm_store import insight
from crm_store.crowd import Learned, is_due, people
from crm_store.store import Store
from one_to_one import alike, insight_shelf
from one_to_one.crowd_counts import Counts, count, load, save
from one_to_one.crowd_shelf import FILE, learnable
from one_to_one.errors import CrowdUnreadable
from one_to_one.exploring import appeal_of
from one_to_one.pack import read_pack
from settings import Settings

app = typer.Typer()


@app.command()
def learn(
    if_due: Annotated[
        bool, typer.Option("--if-due", help="Only when a day has passed, or customers came or went.")
    ] = False,
) -> None:
    """Learn from all customers together. Nothing is kept that fewer than five of them share."""
    settings = checked_settings()
    with alone(settings.home / FILE.parent) as free:
        counts = asyncio.run(learned(settings, datetime.now(UTC), if_due=if_due)) if free else None
    if counts is not None:
        topics = len(counts.topics)
        typer.echo(
            f"Learned from {counts.people:,} customers: {len(counts.columns):,} values of {topics} topics"
        )
    elif not if_due:
        typer.echo("Another process is learning just now.")


async def learned(settings: Settings, now: datetime, *, if_due: bool) -> Counts | None:
    """Count and write down; None when it isn't due."""
    store = Store(settings.store_url)
    file = settings.home / FILE
    try:
        await store.check()
        async with store.reading() as books:
            if if_due and not await is_due(books.session, before(file), now):
                return None
            pack = read_pack(settings.shop_folder)
            counted = count(await people(books.session, learnable(pack)), now)
            together = alike.learned(await insight.orders(books.session))
            appeal = appeal_of(await insight.trials(books.session), pack)
    finally:
        await store.close()
    save(counted, file)
    insight_shelf.save(together, appeal, settings.home / insight_shelf.FILE)
    return counted


def before(file: Path) -> Learned | None:
    """What was learned last; None: nothing, or nothing that can be read."""
    try:
        counts = load(file)
    except CrowdUnreadable:
        return None
    return Learned(counts.people, counts.counted_at)


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Hold the folder while learning; False when another process does."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
