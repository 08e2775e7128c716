"""What the owner sees while something is being done."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from cli.steps import Steps, spoken


def shown(*, terminal: bool) -> tuple[Steps, io.StringIO]:
    screen = io.StringIO()
    return Steps(Console(file=screen, force_terminal=terminal, soft_wrap=True, width=60)), screen


def test_a_pipe_gets_plain_lines() -> None:
    steps, screen = shown(terminal=False)
    with steps.step("Training [the] bot") as detail:
        detail("half done")
    began, half, done = screen.getvalue().splitlines()
    assert (began, half) == ("Training [the] bot …", "  half done")
    assert done.startswith("✓ Training [the] bot (0.")


def test_a_terminal_shows_the_detail_beside_the_step() -> None:
    steps, screen = shown(terminal=True)
    with steps.step("Training") as detail:
        detail("half done")
    assert "Training: half done" in screen.getvalue()


def test_a_step_that_fails_is_not_ticked_off() -> None:
    steps, screen = shown(terminal=False)
    with pytest.raises(ZeroDivisionError), steps.step("Dividing"):
        raise ZeroDivisionError
    assert "✓" not in screen.getvalue()


def test_a_long_line_stays_one_line() -> None:
    steps, screen = shown(terminal=False)
    steps.say("/a/very/long/path" * 20)
    assert screen.getvalue() == "/a/very/long/path" * 20 + "\n"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.04, "0.0 s"), (9.94, "9.9 s"), (12.2, "12 s"), (59.6, "1 min 0 s"), (125, "2 min 5 s")],
)
def test_times_are_said_as_people_do(seconds: float, words: str) -> None:
    assert spoken(seconds) == words
