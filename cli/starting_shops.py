"""`shop new`: the pack of a new shop, small, commented, and fit for use at once."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from shutil import rmtree
from typing import Annotated

import typer

from one_to_one.errors import DripwiseError
from one_to_one.language import Language
from settings import ROOT

TEMPLATE = ROOT / "data" / "new_shop"
"""The files that every new pack begins with."""

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")


class NoShopName(DripwiseError):
    """`{name}` can't be the name of a shop: use a-z, 0-9, _ and -, a letter first, at most 40."""


class ShopExists(DripwiseError):
    """{folder} is there already, and nothing of it was changed. Choose another name."""


class UnknownTongue(DripwiseError):
    """`{language}` is no language Dripwise talks. Known: {known}."""


class NotInOrder(DripwiseError):
    """The pack can't begin like that: {problem} Give it another way with the options (--help)."""


def new(
    name: Annotated[str, typer.Argument(help="The name of its folder, such as `bakery`.")],
    languages: Annotated[
        str, typer.Option(help="What it speaks, with commas. [zh-Hant,zh-Hans,en]", show_default=False)
    ] = "",
    currency: Annotated[str, typer.Option(help="ISO 4217. [TWD]", show_default=False)] = "",
    time_zone: Annotated[str, typer.Option(help="IANA, such as Asia/Taipei.")] = "Asia/Taipei",
    folder: Annotated[Path | None, typer.Option(help="Where packs live. [data/shops]")] = None,
) -> None:
    """Start the pack of a new shop: commented files that can be used at once."""
    where = (folder or ROOT / "data" / "shops") / name
    tongues = languages or _asked("Languages (zh-Hant, zh-Hans, en)", "zh-Hant,zh-Hans,en")
    start(where, spoken(tongues), (currency or _asked("Currency", "TWD")).upper(), time_zone)
    named = name if folder is None else str(where)
    typer.echo(f"{where}: edit shop.yml, topics.yml and catalogue.yml, in this order (docs/new-shop.md).")
    typer.echo(f"Check it with `./dripwise shop check {named}`, open it with `./dripwise up --shop {named}`.")


def _asked(what: str, otherwise: str) -> str:
    """What somebody at a terminal answers; with nobody there, what is usual."""
    return str(typer.prompt(what, default=otherwise)) if sys.stdin.isatty() else otherwise


def spoken(languages: str) -> list[Language]:
    """The languages named, in their order. Raises UnknownTongue."""
    codes = [code.strip() for code in languages.split(",") if code.strip()]
    for code in codes or [""]:
        if code not in [*Language]:
            raise UnknownTongue(language=code, known=", ".join(Language))
    return list(dict.fromkeys(map(Language, codes)))


def start(folder: Path, languages: Sequence[Language], currency: str, time_zone: str) -> None:
    """Write a pack into a new folder. Raises NoShopName, ShopExists, or NotInOrder, and leaves nothing."""
    from one_to_one.pack import check_pack

    if not _NAME.fullmatch(folder.name):
        raise NoShopName(name=folder.name)
    if folder.exists():
        raise ShopExists(folder=folder)
    fields = {
        "NAME": folder.name.replace("_", " ").replace("-", " ").title(),
        "LANGUAGES": ", ".join(languages),
        "CURRENCY": currency,
        "TIME_ZONE": time_zone,
    }
    tongues = {language.value.split("-")[0] for language in languages}
    for path in sorted(TEMPLATE.rglob("*.yml")):
        if path.parent == TEMPLATE or path.stem in tongues:
            written = folder / path.relative_to(TEMPLATE)
            written.parent.mkdir(parents=True, exist_ok=True)
            written.write_text(filled(path.read_text(encoding="utf-8"), fields, languages), encoding="utf-8")
    problems = check_pack(folder)
    if problems:
        rmtree(folder)
        raise NotInOrder(problem=problems[0].text)


def filled(text: str, fields: dict[str, str], languages: Sequence[Language]) -> str:
    """A file of the template with its places filled, and without the languages the shop doesn't speak."""
    for name, value in fields.items():
        text = text.replace(f"%{name}%", value)
    for language in Language:
        if language not in languages:
            text = re.sub(rf"(?m)^ +{language}: \[.*\]\n", "", text)
            text = re.sub(rf'{language}: "[^"]*"(, )?', "", text)
    return re.sub(r'", \}', '"}', text)
