"""The intents a colleague can choose from: those that typed words can have."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from one_to_one.written import read_yaml

TAPPED = "tap_"
"""Intents of buttons begin so; nobody types them."""


@cache
def typed_intents(domain: Path) -> tuple[str, ...]:
    """The intents of a domain file that typed words can have, in its order; not understood is the last."""
    listed = read_yaml(domain)["intents"]
    names = [next(iter(each)) if isinstance(each, dict) else str(each) for each in listed]
    return tuple(name for name in names if not name.startswith(TAPPED))
