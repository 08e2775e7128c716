"""`export`: what the shop made, as files for others."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from cli.checking import checked_settings
from cli.corrections import SHARED, Corrections, blocks
from cli.customers import read
from cli.exporting_orders import orders
from crm_store.books import Books
from one_to_one.folding import fold
from one_to_one.pack import read_pack
from one_to_one.shop import ShopPack
from one_to_one.teaching.examples import Line, is_of_trade, unmarked
from one_to_one.teaching.inserting import with_line, without_line
from one_to_one.written import read_yaml
from settings import ROOT

HELD_OUT = ROOT / "tests" / "understanding"
"""Sentences that must never be trained on."""

JOURNEYS = Path("tests") / "journey" / "conversations"

app = typer.Typer(no_args_is_help=True, help="What the shop made, as files for others.")


@app.callback()
def export() -> None:
    """What the shop made, as files for others."""


app.command()(orders)


@app.command()
def training(
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the patch there.")] = None,
    shop: Annotated[str | None, typer.Option(help="A shop pack: its name or its folder.")] = None,
) -> None:
    """What colleagues corrected, as a patch for the repository: `git apply` takes it."""
    settings = checked_settings(shop=shop)
    pack = read_pack(settings.shop_folder)

    async def work(books: Books) -> tuple[list[Line], dict[str, dict[str, Any]]]:
        corrections = await Corrections.read(books, pack)
        return corrections.lines(), await corrections.journeys(books)

    lines, journeys = read(settings, work)
    held_out = {fold(text) for text in _held_out()}
    trained = [line for line in lines if fold(unmarked(line.text)) not in held_out]
    text = patch(Place.of(pack), pack, trained, journeys)
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, encoding="utf-8")
    told = f"{len(trained)} lines of training data, {len(journeys)} conversations"
    if len(trained) < len(lines):
        told += f"; {len(lines) - len(trained)} left out: they are held out in tests/understanding"
    typer.echo(told, err=True)


class Place:
    """Where the files are that a patch changes: the checkout, or the pack's folder when it lies elsewhere."""

    def __init__(self, root: Path, nlu: Path, journeys: Path, shared: Path | None) -> None:
        self.root, self.nlu, self.journeys, self.shared = root, nlu, journeys, shared

    @classmethod
    def of(cls, pack: ShopPack) -> Place:
        """The place for a pack."""
        folder = pack.folder.resolve()
        if folder.is_relative_to(ROOT):
            return cls(ROOT, folder.relative_to(ROOT) / "nlu", JOURNEYS, SHARED.relative_to(ROOT))
        return cls(folder, Path("nlu"), Path("conversations"), None)

    def file(self, line: Line, pack: ShopPack) -> Path:
        """The file a line belongs into: the shop's, or the shared one that has most sentences of its kind."""
        own = self.nlu / f"{line.folder}.yml"
        if self.shared is None or is_of_trade(line, pack):
            return own
        files = sorted((self.root / self.shared / line.folder).glob("*.yml"))
        counts = {path: blocks(path).get(line.name, 0) for path in files}
        best = max(counts, key=lambda path: counts[path], default=None)
        return own if best is None or not counts[best] else best.relative_to(self.root)


def patch(
    place: Place, pack: ShopPack, lines: Sequence[Line], journeys: Mapping[str, Mapping[str, Any]]
) -> str:
    """Everything as one patch; empty when there is nothing new."""
    before: dict[Path, str] = {}
    after: dict[Path, str] = {}

    def content(path: Path) -> str:
        if path not in before:
            file = place.root / path
            before[path] = file.read_text(encoding="utf-8") if file.is_file() else ""
            after[path] = before[path]
        return after[path]

    for line in lines:
        path = place.file(line, pack)
        after[path] = with_line(content(path), line.kind, line.name, line.text)
        if line.kind == "intent":
            for other in _intent_files(place, line.folder):
                after[other] = without_line(content(other), unmarked(line.text), line.name)
    for name, journey in journeys.items():
        path = place.journeys / name
        content(path)
        after[path] = yaml.safe_dump(dict(journey), allow_unicode=True, sort_keys=False, width=1000)
    return "".join(_difference(path, before[path], after[path]) for path in sorted(after))


def _intent_files(place: Place, folder: str) -> list[Path]:
    """Every file in which a sentence could stand with another intent."""
    shared = [] if place.shared is None else sorted((place.root / place.shared / folder).glob("*.yml"))
    files = [path.relative_to(place.root) for path in shared] + [place.nlu / f"{folder}.yml"]
    return [path for path in files if (place.root / path).is_file()]


def _difference(path: Path, before: str, after: str) -> str:
    if before == after:
        return ""
    name = path.as_posix()
    new = "" if before else "new file mode 100644\n"
    source = f"a/{name}" if before else "/dev/null"
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), source, f"b/{name}"
    )
    return f"diff --git a/{name} b/{name}\n{new}" + "".join(_ended(line) for line in lines)


def _ended(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _held_out() -> Iterator[str]:
    """Every text by which the understanding is measured."""
    for path in sorted(HELD_OUT.glob("*.yml")):
        yield from _strings(read_yaml(path))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
