"""`shop check`: is a shop pack fit for use, and if not, which line of which file is wrong?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.checking import checked_settings
from one_to_one.errors import BadPack

app = typer.Typer(no_args_is_help=True, help="Look after shop packs.")


@app.callback()
def shop() -> None:
    """Look after shop packs."""


@app.command()
def check(
    path: Annotated[Path | None, typer.Argument(help="A folder or a shop's name. [the shop in use]")] = None,
) -> None:
    """Check a shop pack; every problem with its file and line."""
    settings = checked_settings(shop=None if path is None else str(path))
    usable_pack(settings.shop_folder)
    print(f"{settings.shop_folder}: no problems.")


def usable_pack(folder: Path) -> None:
    """Print every problem of the pack.

    Raises BadPack when there is one, UnknownShop when there is no pack.
    """
    from one_to_one.pack import check_pack

    problems = check_pack(folder)
    for problem in problems:
        typer.echo(f"{problem.file}:{problem.line}: {problem.text}", err=True)
    if problems:
        raise BadPack(folder=folder, count=len(problems))
