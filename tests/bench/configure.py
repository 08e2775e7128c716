"""The configurator against cars that were sold, feature models and wish lists that clash; its own speed."""

from __future__ import annotations

from collections.abc import Iterator

from cli.benching import BenchOptions, Figure
from tests.bench.configuring import feature_models, renault, wish_lists, workshops


def measure(options: BenchOptions) -> Iterator[Figure]:
    """All four, the quick ones first."""
    yield from feature_models.measure(options)
    yield from wish_lists.measure(options)
    yield from workshops.measure(options)
    yield from renault.measure(options)
