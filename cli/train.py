"""`train`: train the bot now, whether or not anything changed; or a candidate with what colleagues taught."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import training
from cli.candidate import decide
from cli.checking import checked_settings
from cli.steps import Steps

app = typer.Typer()


@app.command()
def train(
    shop: Annotated[str | None, typer.Option(help="A shop pack: its name or its folder.")] = None,
    candidate: Annotated[
        bool,
        typer.Option(
            "--candidate",
            help="With what colleagues corrected; taken on if no reviewed message gets worse.",
        ),
    ] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="With --candidate: only look, keep the model in use.")
    ] = False,
) -> None:
    """Train the bot from the shop pack and the language data."""
    settings = checked_settings(shop=shop)
    steps = Steps()
    if candidate:
        steps.say(decide(settings, keep, steps.say))
        return
    with steps.step("Training the bot") as detail:
        model = training.train(settings, detail)
    steps.say(str(model))
