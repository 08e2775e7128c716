"""Telling the owner what is being done and for how long: a spinner on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class Steps:
    """A list of steps growing on the screen."""

    def __init__(self, console: Console | None = None) -> None:
        """Write to `console`; None: standard output, one unbroken line per step where that is no terminal."""
        self._console = console or Console(highlight=False, soft_wrap=True)

    def say(self, sentence: str) -> None:
        """One line, at once."""
        self._console.print(sentence, markup=False)

    @contextmanager
    def step(self, doing: str) -> Iterator[Callable[[str], None]]:
        """Show `doing` while the block runs, then how long it took; the yielded function shows a detail."""
        began = time.monotonic()
        if self._console.is_terminal:
            with self._spinning(doing) as detail:
                yield detail
        else:
            self.say(f"{doing} …")
            yield lambda words: self.say(f"  {words}")
        self.say(f"✓ {doing} ({spoken(time.monotonic() - began)})")

    @contextmanager
    def _spinning(self, doing: str) -> Iterator[Callable[[str], None]]:
        columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
        with Progress(*columns, console=self._console, transient=True) as progress:
            task = progress.add_task(doing, total=None)
            yield lambda words: progress.update(task, description=f"{doing}: {words}")


def spoken(seconds: float) -> str:
    """A duration as people say it: `0.4 s`, `12 s`, `2 min 5 s`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
