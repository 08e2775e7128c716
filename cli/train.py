"""`train`: train the bot now, whether or not anything changed."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import training
from cli.checking import checked_settings
from cli.steps import Steps

app = typer.Typer()


@app.command()
def train(
    shop: Annotated[str | None, typer.Option(help="A shop pack: its name or its folder.")] = None,
) -> None:
    """Train the bot from the shop pack and the language data."""
    settings = checked_settings(shop=shop)
    steps = Steps()
    with steps.step("Training the bot") as detail:
        model = training.train(settings, detail)
    steps.say(str(model))
