"""`report demand`: what customers ask for, option by option; what nobody asks for, and what is missing."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.bar import Bar
from rich.console import Console
from rich.table import Table

from cli.checking import checked_settings
from cli.customers import read
from cli.days import beginning_of
from crm_store import demand as store
from crm_store.books import Books
from crm_store.demand import BETWEEN
from one_to_one.amounts import plain
from one_to_one.demand import PRODUCT, Demand, Sold, Unmet, Untaken, Wished, demanded, never_together, unmet
from one_to_one.demand_picture import picture
from one_to_one.language import Language
from one_to_one.pack import read_pack
from one_to_one.rules import NONE
from one_to_one.shop import ShopPack

SIGN = re.compile("([=≠])")
"""Between the topic and the value of a wish."""

MOST_PAIRS = 20
MOST_WISHES = 30
MOST_PRODUCTS = 15


def demand(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only from this day on, such as 2026-05-03.")
    ] = None,
    svg: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw the demand as a picture.")] = None,
) -> None:
    """Demand per option, combinations never asked for, and unmet wishes."""
    settings = checked_settings()
    pack = read_pack(settings.shop_folder)
    day = None if since is None else beginning_of(since, ZoneInfo(pack.shop.time_zone))

    async def work(books: Books) -> tuple[list[Sold], list[Wished]]:
        return await store.sold(books.session, day), await store.wished(books.session, day)

    sold, wished = read(settings, work)
    found, pairs, wishes = demanded(pack, sold), never_together(pack, sold, MOST_PAIRS), unmet(wished)
    if svg is not None:
        language = Language.ENGLISH if Language.ENGLISH in pack.shop.languages else pack.shop.languages[0]
        svg.write_text(picture(pack, found, language), encoding="utf-8")
    if as_json:
        for line in as_lines(found, pairs, wishes):
            typer.echo(json.dumps(line, ensure_ascii=False))
    else:
        _print(pack, found, pairs, wishes, len(sold))


def as_lines(
    found: Sequence[Demand], pairs: Sequence[Untaken], wishes: Sequence[Unmet]
) -> list[dict[str, object]]:
    """One object per option, pair and wish; `kind` tells which it is. Amounts are text."""
    options = [
        {
            "kind": "option",
            "module": one.module,
            "option": one.option,
            "lines": one.lines,
            "pieces": plain(one.pieces),
            "share": round(one.share, 4),
            "revenue": plain(one.revenue),
            "margin": plain(one.margin),
            "in_pack": one.known,
        }
        for one in found
    ]
    never = [
        {
            "kind": "never_together",
            "one": "=".join(pair.one),
            "other": "=".join(pair.other),
            "expected": round(pair.expected, 2),
        }
        for pair in pairs
    ]
    unmet_wishes = [
        {"kind": "unmet_wish", "what": one.what, "times": one.times, "customers": one.customers}
        for one in wishes
    ]
    return [*options, *never, *unmet_wishes]


def _print(
    pack: ShopPack, found: Sequence[Demand], pairs: Sequence[Untaken], wishes: Sequence[Unmet], lines: int
) -> None:
    console, language = Console(), pack.shop.languages[0]
    table = Table(
        "module", "option", "", "lines", "share", "pieces", "revenue", "margin", title_justify="left"
    )
    table.title = f"What was asked for: {lines} lines, in {pack.shop.currency}"
    most = max((one.lines for one in found), default=0) or 1
    last = ""
    for one in shortened(found):
        name = called(pack, one.module, one.option, language)
        cells = (str(one.lines), f"{one.share:.0%}", plain(one.pieces), plain(one.revenue), plain(one.margin))
        if one.module != last and last:
            table.add_section()
        table.add_row(
            module_called(pack, one.module, language) if one.module != last else "",
            name if one.known else f"{name} (gone)",
            Bar(most, 0, one.lines, width=16),
            *cells,
        )
        last = one.module
    console.print(table)
    if pairs:
        never = Table("one", "other", "expected", title="Never asked for together", title_justify="left")
        for pair in pairs:
            never.add_row(
                called(pack, *pair.one, language), called(pack, *pair.other, language), f"{pair.expected:.1f}"
            )
        console.print(never)
    if wishes:
        vain = Table("wish", "times", "customers", title="Asked for in vain", title_justify="left")
        for wish in wishes[:MOST_WISHES]:
            vain.add_row(wish_called(pack, wish.what, language), str(wish.times), str(wish.customers))
        console.print(vain)


def shortened(found: Sequence[Demand]) -> list[Demand]:
    """Everything but products beyond the most wanted: there can be thousands."""
    products = [one for one in found if one.module == PRODUCT][:MOST_PRODUCTS]
    return [*products, *(one for one in found if one.module != PRODUCT)]


def called(pack: ShopPack, module: str, option: str, language: Language) -> str:
    """What an option is called in the pack; its code when the pack doesn't have it."""
    if module == PRODUCT:
        product = pack.products.get(option)
        return product.name[language] if product else option
    known = pack.modules[module].options.get(option) if module in pack.modules else None
    return known.label[language] if known else ("–" if option == NONE else option)


def wish_called(pack: ShopPack, what: str, language: Language) -> str:
    """A wish as the pack calls its topics and values; what the pack doesn't have, as it was kept."""
    return BETWEEN.join(_part_called(pack, part, language) for part in what.split(BETWEEN))


def _part_called(pack: ShopPack, part: str, language: Language) -> str:
    name, sign, value = SIGN.split(part) if SIGN.search(part) else (part, "", "")
    topic = pack.topics.get(name)
    if topic is None or not sign:
        return part
    known = topic.values.get(value)
    return f"{topic.label[language]} {sign} {known.label[language] if known else value}"


def module_called(pack: ShopPack, module: str, language: Language) -> str:
    """What a module is called in the pack."""
    return pack.modules[module].label[language] if module in pack.modules else module
