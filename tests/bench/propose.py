"""How well is proposed."""

from __future__ import annotations

from collections.abc import Iterator

from cli.benching import BenchOptions, Figure
from tests.bench import lastfm


def measure(options: BenchOptions) -> Iterator[Figure]:
    """LastFM: whether what somebody has in mind is found, and how soon."""
    yield from lastfm.figures(options)
