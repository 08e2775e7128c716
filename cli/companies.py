"""`company`: companies that buy here, what was agreed with them, and invitations for their people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli.checking import checked_settings
from cli.staff import in_transaction
from one_to_one.errors import DripwiseError

if TYPE_CHECKING:
    from crm_store.books import Books
    from one_to_one.company import Company
    from one_to_one.shop import ShopPack

INVITED_DAYS = 14
"""How long an invitation holds unless told otherwise."""

app = typer.Typer(no_args_is_help=True, help="Companies that buy here, and their people.")


class BadCompany(DripwiseError):
    """{file} can't be used in the shop {shop}: {count} problem(s), listed above. Mend them and add it again.

    If it is for another shop, name that first: `export DRIPWISE_SHOP=…`.
    """


class UnknownCompany(DripwiseError):
    """There is no company {name}. `./dripwise company list` shows them all."""


class UnknownRole(DripwiseError):
    """{company} has no role {role}. Its roles: {known}."""


class NotAMember(DripwiseError):
    """{customer} belongs to no company. `./dripwise company list` shows who does."""


@app.callback()
def company() -> None:
    """Companies that buy here, and their people."""


@app.command()
def add(file: Annotated[Path, typer.Argument(help="What was agreed, as docs/companies.md says.")]) -> None:
    """Add a company, or agree on something new with one. Its id is the name of the file."""
    found, terms = read_checked(file)

    async def work(books: Books) -> str:
        now = datetime.now(UTC)
        await books.companies.put(found.id, terms, now)
        await books.audit.record("cli", "agreed with a company", None, now, company=found.id)
        return (
            f"{found.id}: {', '.join(found.roles)}. Invite its people with `company invite {found.id} ROLE`."
        )

    typer.echo(in_transaction(work))


@app.command()
def invite(
    name: Annotated[str, typer.Argument(metavar="COMPANY")],
    role: Annotated[str, typer.Argument(metavar="ROLE")],
    people: Annotated[int, typer.Option(min=1, max=10_000, help="How many may enter by it.")] = 1,
    days: Annotated[int, typer.Option(min=1, max=365, help="How long it holds.")] = INVITED_DAYS,
) -> None:
    """Print an invitation that its people type into the chat."""
    pack = _pack()

    async def work(books: Books) -> str:
        roles = (await known(books, name, pack)).roles
        if role not in roles:
            raise UnknownRole(company=name, role=role, known=", ".join(roles))
        now = datetime.now(UTC)
        code = await books.companies.invite(name, role, people, now, now + timedelta(days=days))
        await books.audit.record("cli", "invited to a company", None, now, company=name, role=role)
        return f"{code}  for {people} as {role} of {name}, for {days} days"

    typer.echo(in_transaction(work))


@app.command(name="list")
def show() -> None:
    """All companies with their roles and people."""
    pack = _pack()

    async def work(books: Books) -> str:
        lines = [await _line(books, row.id, pack) for row in await books.companies.listed()]
        return "\n".join(lines) or "No company buys here yet; `company add FILE` adds one."

    typer.echo(in_transaction(work))


@app.command()
def remove(customer: Annotated[str, typer.Argument(help="The id of somebody who left.")]) -> None:
    """Somebody doesn't buy for their company any more."""

    async def work(books: Books) -> str:
        now, row = datetime.now(UTC), await books.customers.get(customer)
        if not await books.companies.leave(row.id, now):
            raise NotAMember(customer=customer)
        await books.audit.record("cli", "took somebody out of a company", row.id, now)
        return f"{row.id} buys for themselves from now on."

    typer.echo(in_transaction(work))


def read_checked(file: Path) -> tuple[Company, str]:
    """A company as a file has it, and the file's text. Prints every problem; raises BadCompany."""
    from one_to_one.pack.company_file import read_company_file
    from one_to_one.pack.places import Report

    report = Report()
    found = read_company_file(report, file, _pack())
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    for problem in sorted(report.problems):
        console.print(Text.assemble((f"{file}:{problem.line}:", "bold"), " ", problem.text))
    if report.problems or found is None:
        raise BadCompany(file=file, shop=checked_settings().shop, count=len(report.problems))
    return found, file.read_text(encoding="utf-8-sig")


def _pack() -> ShopPack:
    from one_to_one.pack import read_pack

    return read_pack(checked_settings().shop_folder)


async def known(books: Books, name: str, pack: ShopPack) -> Company:
    """A company that was added. Raises UnknownCompany."""
    from one_to_one.pack.company_file import company_of

    row = await books.companies.get(name)
    found = None if row is None else company_of(row.id, row.terms, pack)
    if found is None:
        raise UnknownCompany(name=name)
    return found


async def _line(books: Books, name: str, pack: ShopPack) -> str:
    found = await known(books, name, pack)
    people = [f"  {one.customer_id}  {one.role}" for one in await books.companies.members(name)]
    waiting = len(await books.companies.waiting(name))
    roles = ", ".join(found.roles)
    return "\n".join([f"{name}: {roles}; {len(people)} people, {waiting} order(s) waiting", *people])
