"""`shop check`: is a shop pack fit for use, and if not, which line of which file is wrong?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli import starting_shops
from cli.checking import checked_settings
from one_to_one.errors import BadPack

if TYPE_CHECKING:
    from one_to_one.pack import Problem
    from one_to_one.shop import ShopPack

app = typer.Typer(no_args_is_help=True, help="Look after shop packs.")
app.command()(starting_shops.new)


@app.callback()
def shop() -> None:
    """Look after shop packs."""


@app.command()
def check(
    path: Annotated[Path | None, typer.Argument(help="A folder or a shop's name. [the shop in use]")] = None,
) -> None:
    """Check a shop pack; every problem with its file and line."""
    from one_to_one.pack import read_pack

    settings = checked_settings(shop=None if path is None else str(path))
    usable_pack(settings.shop_folder)
    _show_summary(read_pack(settings.shop_folder))


def usable_pack(folder: Path) -> None:
    """Print every problem of the pack.

    Raises BadPack when there is one, UnknownShop when there is no pack.
    """
    from one_to_one.pack import check_pack

    problems = check_pack(folder)
    if problems:
        _show_problems(folder, problems)
        raise BadPack(folder=folder, count=len(problems))


def _show_problems(folder: Path, problems: Sequence[Problem]) -> None:
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    for problem in problems:
        place = folder if problem.file == "." else folder / problem.file
        console.print(Text.assemble((f"{place}:{problem.line}:", "bold"), " ", problem.text))


def _show_summary(pack: ShopPack) -> None:
    """What the pack holds, so that something forgotten is noticed."""
    console = Console(highlight=False, soft_wrap=True)
    language = pack.shop.languages[0]
    console.print(Text.assemble((pack.shop.name[language], "bold"), f" · {pack.folder}: no problems."))
    sold_out = sum(product.stock == 0 for product in pack.products.values())
    console.print(
        f"{len(pack.products)} products ({sold_out} sold out) at {_price_range(pack)}; "
        f"modules: {', '.join(pack.modules) or 'none'}; {len(pack.topics)} topics; "
        f"in {', '.join(pack.shop.languages)}."
    )
    console.print(_configurations(pack))
    console.print(_topics(pack))


def _configurations(pack: ShopPack) -> str:
    """How many different things the shop can make, its rules regarded."""
    from one_to_one.configuring.workshop import workshop_of

    workshop = workshop_of(pack)
    counts = [workshop.count(product) for product in pack.products]
    return f"{sum(counts):,} valid configurations, {min(counts):,} to {max(counts):,} of each product."


def _price_range(pack: ShopPack) -> str:
    prices = [product.price for product in pack.products.values()]
    return f"{pack.shop.currency} {min(prices)}-{max(prices)}"


def _topics(pack: ShopPack) -> Table:
    """One line per topic: how many products each of its values has, and how many words say it."""
    table = Table("topic", "kind", "values (products)", "words", box=None, pad_edge=False)
    for topic in pack.topics.values():
        held = {
            code: sum(code in product.attributes.get(topic.name, ()) for product in pack.products.values())
            for code in topic.values
        }
        counted = any(held.values())
        values = ", ".join(f"{code} {count}" if counted else code for code, count in held.items())
        words = sum(len(said) for value in topic.values.values() for said in value.words.values())
        table.add_row(topic.name, topic.kind, values, str(words or ""))
    return table
