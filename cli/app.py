"""All commands by name, and the one place where errors become a message and an exit code."""

from __future__ import annotations

import importlib
import sys

import typer
from typer._click.core import Command, Context
from typer.core import TyperGroup

from one_to_one.errors import DripwiseError

COMMANDS = {
    "up": "cli.up",
    "train": "cli.train",
    "shop": "cli.shops",
    "customer": "cli.customers",
    "import": "cli.importing",
    "export": "cli.exporting",
    "order": "cli.orders",
    "staff": "cli.staff",
    "company": "cli.companies",
    "learn": "cli.learning",
    "report": "cli.reporting",
    "bench": "cli.benching",
    "test": "cli.testing",
}
"""Command → the module whose `app` answers it."""


class Commands(TyperGroup):
    """The commands of Dripwise; a module is imported when its command is asked for."""

    def list_commands(self, ctx: Context) -> list[str]:
        """The names in the order of a first day with Dripwise."""
        return list(COMMANDS)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """The command of that name; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        command = typer.main.get_command(importlib.import_module(COMMANDS[cmd_name]).app)
        command.name = cmd_name
        return command


app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def dripwise() -> None:
    """A shop assistant that holds one long conversation with each customer."""


def run(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused or failed, 2 used wrongly."""
    try:
        answer = app(arguments, prog_name="dripwise", standalone_mode=True)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except DripwiseError as error:
        sys.stderr.write(f"dripwise: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return answer if isinstance(answer, int) else 0
