"""`staff`: the colleagues, and saying something to a customer in one's own name."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated

import typer

from cli.checking import checked_settings
from crm_store.books import Books
from crm_store.migrating import migrate
from crm_store.models import MessageRow, StaffRow
from crm_store.speaking import tell
from crm_store.store import Store
from one_to_one.errors import DripwiseError
from one_to_one.replies import Reply
from one_to_one.roles import Role
from staff.who import new_token

app = typer.Typer(no_args_is_help=True, help="Colleagues who answer customers.")


class UnknownColleague(DripwiseError):
    """There is no colleague {name}. `./dripwise staff add "{name}"` adds one."""


class NoName(DripwiseError):
    """A colleague needs a name. Give one that customers may see, such as "Mei"."""


class NothingToSay(DripwiseError):
    """An empty message can't be sent. Give the text in quotes."""


@app.command()
def add(
    name: str,
    role: Annotated[
        Role, typer.Option(help="What they may do; each role may do what those before it may.")
    ] = Role.AGENT,
    masked: Annotated[bool, typer.Option(help="They see customers' names and numbers only in part.")] = False,
) -> None:
    """Add a colleague and print the link by which they enter; again for one who lost their way in."""
    token = new_token()
    place = checked_settings().origin

    async def work(books: Books) -> str:
        row = await invited(books, name.strip(), role, masked, token, datetime.now(UTC))
        return f"{row.name} ({row.role}) can enter for three days with {place}/staff/welcome/{token}"

    typer.echo(in_transaction(work))


async def invited(books: Books, name: str, role: Role, masked: bool, token: str, at: datetime) -> StaffRow:
    """A colleague, new or not, who may choose a password with the token. Raises NoName."""
    if not name:
        raise NoName()
    row = await books.staff.add(name, at)
    row.role, row.masked = role.value, masked
    await books.staff.invite(row, token, at)
    await books.audit.record("cli", "invited a colleague", None, at, colleague=row.name, role=row.role)
    return row


@app.command()
def say(
    customer: str,
    text: str,
    name: Annotated[str, typer.Option("--as", help="The colleague who says it.")],
) -> None:
    """Say something to a customer, where they talked last."""

    async def work(books: Books) -> str:
        row = await say_as(books, customer, text, name, datetime.now(UTC))
        return f"Message {row.id} to {row.customer_id} by {row.channel}."

    typer.echo(in_transaction(work))


async def say_as(books: Books, customer: str, text: str, name: str, at: datetime) -> MessageRow:
    """Push a colleague's words to the customer; raises UnknownColleague, UnknownCustomer or NothingToSay."""
    if not text.strip():
        raise NothingToSay()
    if name not in {colleague.name for colleague in await books.staff.listed()}:
        raise UnknownColleague(name=name)
    row = await tell(books, customer, Reply(text), at, sender="staff", name=name)
    await books.audit.record(name, "said something", row.customer_id, at, message=row.id)
    return row


def in_transaction(work: Callable[[Books], Awaitable[str]]) -> str:
    """Run `work` in one transaction of the store the settings name, and return what it returns."""
    settings = checked_settings()
    settings.home.mkdir(parents=True, exist_ok=True)
    url = settings.store_url
    migrate(url)

    async def run() -> str:
        store = Store(url)
        try:
            async with store.transaction() as books:
                return await work(books)
        finally:
            await store.close()

    return asyncio.run(run())
