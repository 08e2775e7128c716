"""Which questions are asked, and what they bring."""

from __future__ import annotations

from collections.abc import Iterator

from cli.benching import BenchOptions, Figure
from tests.bench import deciding, lastfm


def measure(options: BenchOptions) -> Iterator[Figure]:
    """How long a decision takes; LastFM: whether what somebody has in mind is found, and how soon."""
    yield from deciding.figures(options)
    yield from lastfm.figures(options)
