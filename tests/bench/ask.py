"""Which questions are asked, and what they bring."""

from __future__ import annotations

from collections.abc import Iterator

from cli.benching import BenchOptions, Figure
from tests.bench import deciding, lastfm, taste


def measure(options: BenchOptions) -> Iterator[Figure]:
    """How long a decision takes; favourites foretold from few answers; how soon what is wanted is found."""
    yield from deciding.figures(options)
    yield from taste.figures(options)
    yield from lastfm.figures(options)
