"""How well is proposed."""

from __future__ import annotations

from collections.abc import Iterator

from cli.benching import BenchOptions, Figure
from tests.bench import lastfm, propose_shop


def measure(options: BenchOptions) -> Iterator[Figure]:
    """Our own time and quality; then LastFM: whether what somebody has in mind is found, and how soon."""
    yield from propose_shop.figures(options)
    yield from lastfm.figures(options)
