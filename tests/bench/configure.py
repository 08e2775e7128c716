"""The configurator against cars that were sold, feature models and wish lists that clash."""

from __future__ import annotations

from collections.abc import Iterator

from cli.benching import BenchOptions, Figure
from tests.bench.configuring import feature_models, renault, wish_lists


def measure(options: BenchOptions) -> Iterator[Figure]:
    """All three, the quick ones first."""
    yield from feature_models.measure(options)
    yield from wish_lists.measure(options)
    yield from renault.measure(options)
