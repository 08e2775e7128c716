"""The command line as a whole: every command is there, starts fast and fails with a sentence."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest
import typer

from cli import app as commands
from cli.app import COMMANDS, run
from one_to_one.errors import UnknownCustomer
from settings import ROOT


@pytest.mark.parametrize("module", COMMANDS.values())
def test_every_command_has_its_module(module: str) -> None:
    assert find_spec(module)


def test_the_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    assert [name for name in COMMANDS if name not in shown] == []


def test_the_command_line_alone_loads_neither_store_nor_web() -> None:
    code = "import sys, cli.app; sys.exit(bool({'sqlalchemy', 'httpx', 'litestar'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_an_error_of_ours_is_a_sentence_and_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise UnknownCustomer(customer="cnobody")

    failing = typer.Typer()
    failing.command()(fail)
    monkeypatch.setattr(commands, "app", failing)
    assert run([]) == 1
    found = capsys.readouterr()
    assert found.err.startswith("dripwise: There is no customer cnobody.")
    assert found.out == ""


def test_an_error_that_is_not_ours_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    failing = typer.Typer(pretty_exceptions_enable=False)
    failing.command()(fail)
    monkeypatch.setattr(commands, "app", failing)
    with pytest.raises(ZeroDivisionError):
        run([])
