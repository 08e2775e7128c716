"""`customer`: looking at customers, exporting, erasing and parting them."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Column, Table

from cli.checking import checked_settings
from cli.customer_tables import print_customer, print_fact
from cli.examples import write_training_data
from cli.receipts import print_certificate
from cli.why import asker_of, print_why, why
from crm_store.books import Books
from crm_store.explaining import explain
from crm_store.export_page import export_html
from crm_store.exporting import export
from crm_store.merging import unmerge
from crm_store.models import CustomerRow, MergeRow
from crm_store.proving import Certificate, Grounds, erase_everywhere, verify_erased
from crm_store.retaining import retain
from crm_store.showing import show
from crm_store.store import Store
from one_to_one.errors import BadDate
from one_to_one.language import Language
from one_to_one.pack import read_pack
from one_to_one.retention import Kept
from one_to_one.texts import Texts
from settings import ROOT, Settings

app = typer.Typer(no_args_is_help=True, help="What is remembered about customers.")

OWN_FOLDERS = ("data", "bot", "actions", "one_to_one", "channels", "cli", "crm_store", "front", "staff")
OWN_FILES = frozenset({".yml", ".py", ".tsv", ".html", ".js", ".css"})

Id = Annotated[str, typer.Argument(metavar="ID", help="A customer's id, from `customer list`.")]


@app.command(name="list")
def listed(
    limit: Annotated[int, typer.Option(help="How many to list.", min=1)] = 50,
    after: Annotated[str, typer.Option(help="Begin behind this id.")] = "",
) -> None:
    """The customers there are, with how much is known about them."""

    async def work(books: Books) -> list[tuple[str, ...]]:
        return [
            await _line(books, row.id, row.language) for row in await books.customers.listed(limit, after)
        ]

    rows = read(checked_settings(), work)
    table = Table(
        Column("id", no_wrap=True, min_width=21),
        "language",
        "name",
        "known as",
        "facts",
        "orders",
        "last contact",
    )
    for row in rows:
        table.add_row(*row)
    Console().print(table if rows else "There are no customers yet.")
    if len(rows) == limit:
        Console().print(f"More: customer list --after {rows[-1][0]}")


@app.command(name="show")
def show_one(
    customer: Id,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for programs.")] = False,
    history: Annotated[bool, typer.Option(help="Also what was believed before, and the messages.")] = False,
    at: Annotated[
        str | None, typer.Option(help="As believed and true on this date, such as 2026-05-03.")
    ] = None,
    explained: Annotated[
        bool, typer.Option("--why", help="Also the ranking behind the next question.")
    ] = False,
    fact: Annotated[
        int | None, typer.Option("--why-fact", help="Only why this fact is believed; numbers: --history.")
    ] = None,
) -> None:
    """Everything that is believed about a customer, and where it is from."""
    settings = checked_settings()
    when = _moment(settings, at) if at else None
    if fact is not None:
        _explain(settings, customer, fact, when or datetime.now(UTC), as_json=as_json)
        return
    asker, pack = asker_of(settings) if explained else None, read_pack(settings.shop_folder)

    async def work(books: Books) -> dict[str, Any]:
        now = when or datetime.now(UTC)
        shown = await show(books, customer, now, history=history, as_known=when is not None, pack=pack)
        return shown if asker is None else shown | {"why": await why(books, customer, asker, now)}

    shown = read(settings, work)
    if as_json:
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    console, zone = Console(), ZoneInfo(pack.shop.time_zone)
    print_customer(shown, console, zone)
    if explained:
        print_why(shown["why"], console, zone)


def _explain(settings: Settings, customer: str, fact: int, now: datetime, *, as_json: bool) -> None:
    pack = read_pack(settings.shop_folder)

    async def work(books: Books) -> dict[str, Any]:
        return await explain(books, customer, fact, pack, now)

    told = read(settings, work)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        print_fact(told, Console(), ZoneInfo(pack.shop.time_zone))


class Format(StrEnum):
    """What an export is for."""

    JSON = "json"  # programs
    HTML = "html"  # people


@app.command(name="export")
def export_one(
    customer: Id,
    file: Annotated[Path | None, typer.Argument(help="Where to; without it to the screen.")] = None,
    kind: Annotated[
        Format | None, typer.Option("--format", help="Without it: html for a file that ends so, else json.")
    ] = None,
) -> None:
    """Everything the store holds about a customer, for themselves: as JSON or as a page to read."""
    settings = checked_settings()
    at = datetime.now(UTC)

    async def work(books: Books) -> dict[str, Any]:
        kept = await books.customers.get(customer)
        await books.audit.record("cli", "export", kept.id, at)
        return await export(books, kept.id)

    held = write(settings, work)
    ends_so = file is not None and file.suffix in (".html", ".htm")
    as_page = kind is Format.HTML or (kind is None and ends_so)
    text = _page(settings, held, at) if as_page else _json(held)
    if file is None:
        typer.echo(text)
    else:
        file.write_text(text + "\n", encoding="utf-8")
        typer.echo(f"Written to {file}.")


def _json(held: dict[str, Any]) -> str:
    return json.dumps(held, ensure_ascii=False, indent=2)


def _page(settings: Settings, held: dict[str, Any], at: datetime) -> str:
    texts, pack = Texts.read(ROOT / "data" / "texts"), read_pack(settings.shop_folder)
    return export_html(held, texts, pack, Language(held["language"]), at)


@app.command(name="erase")
def erase_one(
    customer: Id,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    verify: Annotated[
        bool,
        typer.Option(help="Then search everything there is for what was erased. Exit code 1: found some."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The receipt as one JSON object.")] = False,
) -> None:
    """Forget a customer: every row, line and word, with a receipt. It can't be undone.

    With --verify somebody who was erased earlier is searched for by their id.
    """
    settings = checked_settings()
    if verify and not _is_known(settings, customer):
        certificate = _verified(settings, customer)
    else:
        if not yes:
            typer.confirm(f"Erase everything about {customer}, for good?", abort=True, err=True)
        certificate = _erased(settings, customer, verify)
    if as_json:
        typer.echo(json.dumps(certificate.as_json(), ensure_ascii=False, indent=2))
    else:
        print_certificate(certificate, Console(highlight=False, soft_wrap=True))
    if certificate.proof is not None and certificate.proof.left:
        raise typer.Exit(1)


def _is_known(settings: Settings, customer: str) -> bool:
    async def work(books: Books) -> bool:
        return await books.session.get(CustomerRow, customer) is not None

    return read(settings, work)


def _erased(settings: Settings, customer: str, verify: bool) -> Certificate:
    async def work(store: Store) -> Certificate:
        at, grounds = datetime.now(UTC), _grounds(settings)
        return await erase_everywhere(store, customer, at, grounds, who="cli", verify=verify, say=_say)

    return with_store(settings, work)


def _verified(settings: Settings, customer: str) -> Certificate:
    async def work(store: Store) -> Certificate:
        return await verify_erased(store, customer, _grounds(settings), _say)

    return with_store(settings, work)


def _grounds(settings: Settings) -> Grounds:
    return Grounds(settings.home, [ROOT / "models"], list(_own_texts(settings)))


def _own_texts(settings: Settings) -> Iterator[bytes]:
    """What the shop itself says: its pack, texts, training data and code; made of no customer's words."""
    folders = [settings.shop_folder, *(ROOT / name for name in OWN_FOLDERS)]
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in OWN_FILES and path.is_file():
                yield path.read_bytes()
    with tempfile.TemporaryDirectory(prefix="dripwise-own-") as made:
        write_training_data(read_pack(settings.shop_folder), ROOT / "data" / "nlu", Path(made))
        for path in Path(made).rglob("*.yml"):
            yield path.read_bytes()


def _say(sentence: str) -> None:
    typer.echo(sentence, err=True)


@app.command(name="retain")
def retain_all(
    dry: Annotated[bool, typer.Option("--dry-run", help="Only count what would go.")] = False,
) -> None:
    """Let go of what has been kept long enough, as `retention` in shop.yml says. The shop does it daily."""
    settings = checked_settings()
    retention = read_pack(settings.shop_folder).shop.retention

    async def work(store: Store) -> dict[Kept, int]:
        return await retain(store, retention, datetime.now(UTC), dry=dry)

    gone = with_store(settings, work)
    for kind, days in retention.days.items():
        typer.echo(f"{kind:12} kept {days:5} days: {gone.get(kind, 0)} {'would go' if dry else 'gone'}")


@app.command(name="unmerge")
def unmerge_one(customer: Id) -> None:
    """Undo the latest merge of a customer: each gets back what was theirs."""

    async def work(books: Books) -> MergeRow:
        return await unmerge(books, customer, datetime.now(UTC))

    row = write(checked_settings(), work)
    typer.echo(
        f"{row.absorbed_id} and {row.kept_id} are two customers again (merged {row.merged_at:%Y-%m-%d})."
    )


def read[T](settings: Settings, work: Callable[[Books], Awaitable[T]]) -> T:
    """Do something that only reads."""

    async def run(store: Store) -> T:
        async with store.reading() as books:
            return await work(books)

    return with_store(settings, run)


def write[T](settings: Settings, work: Callable[[Books], Awaitable[T]]) -> T:
    """Do something in one transaction."""

    async def run(store: Store) -> T:
        async with store.transaction() as books:
            return await work(books)

    return with_store(settings, run)


def with_store[T](settings: Settings, work: Callable[[Store], Awaitable[T]]) -> T:
    """Do something with the store, which is closed afterwards."""

    async def run() -> T:
        store = Store(settings.store_url)
        try:
            await store.check()
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(run())


async def _line(books: Books, customer: str, language: str) -> tuple[str, ...]:
    facts = await books.facts.believed(customer)
    named = [fact.value for fact in facts if fact.topic == "name"]
    identities = await books.customers.identities(customer)
    latest = await books.contacts.latest(customer)
    return (
        customer,
        language,
        ", ".join(named),
        ", ".join(dict.fromkeys(row.channel for row in identities)),
        str(len(facts)),
        str(len(await books.orders.listed(customer))),
        "" if latest is None else f"{latest.last_at:%Y-%m-%d %H:%M}",
    )


def _moment(settings: Settings, date: str) -> datetime:
    """The end of a day in the shop's time zone, or the moment that is named."""
    zone = ZoneInfo(read_pack(settings.shop_folder).shop.time_zone)
    try:
        found = datetime.fromisoformat(date)
    except ValueError:
        raise BadDate(date=date) from None
    if len(date) <= len("2026-05-03"):
        found = found.replace(hour=23, minute=59, second=59)
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
